package import Recurrent

/// Examples as a network reads them, each of one step at least.
package enum ClassifierSequences: Sendable {
  /// Numbers of tokens.
  case symbols([[Int32]], vocabulary: Int)
  /// `[T, features]` of each, row-major.
  case vectors([[Float]], features: Int)

  package var count: Int {
    switch self {
    case .symbols(let symbols, _): symbols.count
    case .vectors(let vectors, _): vectors.count
    }
  }

  /// Steps of an example.
  func steps(_ index: Int) -> Int {
    switch self {
    case .symbols(let symbols, _): symbols[index].count
    case .vectors(let vectors, let features): vectors[index].count / features
    }
  }

  /// Some of them as a batch, padded to the longest; their numbers are their identifiers, so dropout follows the example.
  ///
  /// - Parameters:
  ///   - targets: of all examples.
  ///   - positions: where a sequence has outputs, each compared with its target.
  func batch(
    _ indices: [Int], targets: [Int], positions: SequencePositions = .last
  ) -> SequenceModel<Float>.Batch {
    let (lengths, size) = (indices.map(steps), indices.count)
    let steps = lengths.max() ?? 0
    // Outputs come by step and then by sequence.
    let classes = positions.rows(lengths: lengths, steps: steps).map { targets[indices[$0 % size]] }
    switch input(indices) {
    case .symbols(let symbols): return .init(symbols: symbols, targets: .classes(classes))
    case .values(let values): return .init(input: values, targets: .classes(classes))
    }
  }

  /// Some of them, padded to the longest.
  package func input(_ indices: [Int]) -> SequenceInput<Float> {
    let (lengths, size) = (indices.map(steps), indices.count)
    let steps = lengths.max() ?? 0
    let identifiers = indices.map(UInt64.init)
    switch self {
    case .symbols(let symbols, let vocabulary):
      var batch = [Int32](repeating: 0, count: steps * size)
      for (b, index) in indices.enumerated() {
        for (t, symbol) in symbols[index].enumerated() { batch[t * size + b] = symbol }
      }
      return .symbols(
        SymbolBatch(
          steps: steps, batchSize: size, vocabulary: vocabulary, symbols: batch, lengths: lengths,
          identifiers: identifiers))
    case .vectors(let vectors, let features):
      var batch = [Float](repeating: 0, count: steps * size * features)
      for (b, index) in indices.enumerated() {
        for (place, value) in vectors[index].enumerated() {
          let (t, feature) = place.quotientAndRemainder(dividingBy: features)
          batch[(t * size + b) * features + feature] = value
        }
      }
      return .values(
        SequenceBatch(
          steps: steps, batchSize: size, features: features, values: batch, lengths: lengths,
          identifiers: identifiers))
    }
  }
}

/// Examples and their classes, as a trainer takes them.
package struct ClassifierSource: BatchSource {
  let sequences: ClassifierSequences
  let targets: [Int]
  let positions: SequencePositions

  /// - Parameters:
  ///   - targets: the class of each.
  ///   - positions: where a sequence has outputs, each compared with its class.
  package init(
    sequences: ClassifierSequences, targets: [Int], positions: SequencePositions = .last
  ) {
    (self.sequences, self.targets, self.positions) = (sequences, targets, positions)
  }

  package var count: Int { sequences.count }

  package func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    sequences.batch(indices, targets: targets, positions: positions)
  }
}
