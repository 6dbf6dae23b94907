internal import RecurrentCore

extension SequencePlan {
  /// The sum of the losses of this plan's sequences of one step, shard after shard and in each row after row: an order that the
  /// threads do not change.
  func lossSum(_ sums: UnsafePointer<Double>, _ counts: UnsafePointer<Int>) -> LossSum {
    let (bounds, order) = (shardBounds, order(descending: false))
    var total = LossSum()
    for shard in 0..<shards {
      var own = LossSum()
      for place in bounds[shard]..<bounds[shard + 1] {
        let row = Int(order[place])
        own = own + LossSum(sum: sums[row], count: counts[row])
      }
      total = total + own
    }
    return total
  }
}
