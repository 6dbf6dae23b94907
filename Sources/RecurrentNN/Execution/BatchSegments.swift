internal import RecurrentCore

/// A batch cut in time: pieces of so many neighbouring steps of all its sequences, the last one shorter.
struct BatchSegments<Scalar: TensorScalar> {
  typealias Batch = SequenceModel<Scalar>.Batch

  private let batch: Batch
  private let positions: SequencePositions
  private let steps: Int
  private let first: Int
  /// Where the targets of each segment begin, and where the last one's end.
  private var firstTarget: [Int] = [0]

  /// - Precondition: the targets are rows.
  init(_ batch: Batch, positions: SequencePositions, _ passage: Passage) {
    self.batch = batch
    self.positions = positions
    steps = max(1, passage.segment ?? batch.source.steps)
    first = passage.firstStep
    for index in 0..<count {
      let own = ownPositions(of: index).rows(lengths: lengths(of: index), steps: range(of: index).count)
      firstTarget.append(firstTarget[index] + own.count)
    }
  }

  /// At least one, of a batch without a step.
  var count: Int { max(1, (batch.source.steps + steps - 1) / steps) }

  /// Which step of its sequences a segment's first one is.
  func firstStep(of index: Int) -> Int { first + index * steps }

  /// A segment, begun in a state; its targets are neighbours, since they come by step.
  func part(_ index: Int, from state: LayerState<Scalar>?) -> Batch {
    if count == 1 {
      return Batch(
        source: batch.source, targets: batch.targets, initialState: state, positions: batch.positions)
    }
    return Batch(
      source: batch.source.steps(range(of: index), lengths: lengths(of: index)),
      targets: batch.targets.rows(firstTarget[index]..<firstTarget[index + 1]), initialState: state,
      positions: ownPositions(of: index))
  }

  private func range(of index: Int) -> Range<Int> {
    index * steps..<min((index + 1) * steps, batch.source.steps)
  }

  private func lengths(of index: Int) -> [Int] {
    let range = range(of: index)
    return batch.source.lengths.map { min(max($0 - range.lowerBound, 0), range.count) }
  }

  /// Positions of the whole where they are in this segment.
  private func ownPositions(of index: Int) -> SequencePositions {
    if positions == .all || count == 1 { return positions }
    let range = range(of: index)
    return .mask(
      batch.source.lengths.enumerated().map { b, length in
        range.map { positions.contains(step: $0, sequence: b, length: length) }
      })
  }
}

extension SequenceInput {
  /// Neighbouring steps of all sequences.
  fileprivate func steps(_ range: Range<Int>, lengths: [Int]) -> SequenceInput {
    switch self {
    case .values(let batch):
      let row = batch.batchSize * batch.features
      return .values(
        SequenceBatch(
          steps: range.count, batchSize: batch.batchSize, features: batch.features,
          values: Array(batch.values[range.lowerBound * row..<range.upperBound * row]), lengths: lengths,
          identifiers: batch.identifiers))
    case .symbols(let batch):
      let row = batch.batchSize
      return .symbols(
        SymbolBatch(
          steps: range.count, batchSize: batch.batchSize, vocabulary: batch.vocabulary,
          symbols: Array(batch.symbols[range.lowerBound * row..<range.upperBound * row]), lengths: lengths,
          identifiers: batch.identifiers))
    }
  }
}

extension LossTargets {
  /// Neighbouring rows.
  fileprivate func rows(_ range: Range<Int>) -> LossTargets {
    switch self {
    case .values(let matrix):
      let width = matrix.columns
      return .values(
        Matrix(
          rows: range.count, columns: width,
          elements: Array(matrix.elements[range.lowerBound * width..<range.upperBound * width])))
    case .classes(let classes): return .classes(Array(classes[range]))
    case .labels: preconditionFailure("labels of sequences have no rows")
    }
  }
}
