internal import RecurrentCore

extension SequenceModel {
  /// The batch in shards of ``shardSize`` neighbouring sequences, with their part of targets, states and positions. Cost:
  /// one copy of the input; none where the batch is one shard.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func shards(of batch: Batch) -> [Batch] {
    let size = batch.source.batchSize
    guard size > shardSize else { return [batch] }
    let positions = batch.positions ?? positions
    let rows = positions.rows(lengths: batch.source.lengths, steps: batch.source.steps)
    let ranges = shardRanges(batchSize: size)
    var wanted = [[Int]](repeating: [], count: ranges.count)
    for shard in wanted.indices { wanted[shard].reserveCapacity(rows.count / (ranges.count - 1)) }
    for (index, row) in rows.enumerated() { wanted[row % size / shardSize].append(index) }
    return zip(ranges, wanted).map { range, wanted in
      Batch(
        source: batch.source.sequences(range), targets: batch.targets.part(rows: wanted, sequences: range),
        initialState: batch.initialState?.gatheringRows(Array(range)),
        positions: positions.sequences(range))
    }
  }
}

extension LossTargets {
  func gatheringRows(_ rows: [Int]) -> LossTargets {
    switch self {
    case .values(let matrix): .values(matrix.gatheringRows(rows))
    case .classes(let classes): .classes(rows.map { classes[$0] })
    case .labels: preconditionFailure("labels of sequences have no rows")
    }
  }

  /// The targets of some sequences of a batch, which have these rows.
  func part(rows: [Int], sequences: Range<Int>) -> LossTargets {
    if case .labels(let labels) = self { return .labels(Array(labels[sequences])) }
    return gatheringRows(rows)
  }
}
