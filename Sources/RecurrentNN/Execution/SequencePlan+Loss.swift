internal import RecurrentCore

extension SequencePlan {
  /// The sum of the losses of this plan's sequences of one step, shard after shard and in each row after row: an order that the
  /// threads do not change.
  ///
  /// - Parameter before: of one shard, the sum of what came before, with which its own goes on.
  func lossSum(
    _ sums: UnsafePointer<Double>, _ counts: UnsafePointer<Int>, from before: LossSum = LossSum()
  ) -> LossSum {
    let (bounds, order) = (shardBounds, order(descending: false))
    precondition(shards < 2 || before == LossSum(), "sums of several shards cannot go on as one")
    var total = shards == 0 ? before : LossSum()
    for shard in 0..<shards {
      var own = before
      for place in bounds[shard]..<bounds[shard + 1] {
        let row = Int(order[place])
        own = own + LossSum(sum: sums[row], count: counts[row])
      }
      total = total + own
    }
    return total
  }
}
