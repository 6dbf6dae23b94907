internal import RecurrentCore

extension SequenceModel {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func shards(of batch: Batch) -> [Batch] {
    let size = batch.input.batchSize
    guard size > shardSize else { return [batch] }
    let positions = batch.positions ?? positions
    let rows = positions.rows(lengths: batch.input.lengths, steps: batch.input.steps)
    return shardRanges(batchSize: size).map { range in
      let wanted = rows.indices.filter { range.contains(rows[$0] % size) }
      return Batch(
        input: batch.input.sequences(range), targets: batch.targets.gatheringRows(wanted),
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
    }
  }
}
