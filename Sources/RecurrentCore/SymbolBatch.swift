/// A batch of sequences of symbols (characters, words, classes), time-major: `[T, B]` numbers below `vocabulary`.
///
/// It stands for the one-hot batch `[T, B, V]` of the same lengths and is used wherever one could be: layers gather rows
/// of their weights in place of multiplying, to the same bits, and V may be large.
public struct SymbolBatch: Sendable, Hashable {
  /// T, steps of the longest sequence.
  public let steps: Int
  /// B, sequences.
  public let batchSize: Int
  /// V: symbols are 0 ..< V.
  public let vocabulary: Int
  /// Steps of each sequence, 0 … T.
  public let lengths: [Int]
  /// `[T, B]`; 0 beyond each sequence's end.
  public let symbols: [Int32]
  /// A number for each sequence, as in ``SequenceBatch/identifiers``.
  public let identifiers: [UInt64]

  /// Takes `symbols` `[T, B]`; what lies beyond a sequence's end does not matter.
  ///
  /// - Parameter lengths: one a sequence, each 0 … T; `nil`: all T.
  public init(
    steps: Int, batchSize: Int, vocabulary: Int, symbols: [Int32], lengths: [Int]? = nil,
    identifiers: [UInt64]? = nil
  ) {
    precondition(
      symbols.count == steps * batchSize,
      "symbol batch [\(steps), \(batchSize)] needs \(steps * batchSize) symbols, found \(symbols.count)")
    let lengths = lengths ?? [Int](repeating: steps, count: batchSize)
    precondition(lengths.count == batchSize, "\(batchSize) sequences, but \(lengths.count) lengths")
    precondition(
      identifiers.map { $0.count == batchSize } ?? true,
      "\(batchSize) sequences, but \(identifiers?.count ?? 0) identifiers")
    var symbols = symbols
    for (b, length) in lengths.enumerated() {
      precondition(length >= 0 && length <= steps, "length \(length) lies outside 0 ... \(steps)")
      for t in 0..<length {
        let symbol = symbols[t * batchSize + b]
        precondition(
          symbol >= 0 && Int(symbol) < vocabulary,
          "step \(t) of sequence \(b): symbol \(symbol) is not one of 0 ..< \(vocabulary)")
      }
      for t in length..<steps { symbols[t * batchSize + b] = 0 }
    }
    self.steps = steps
    self.batchSize = batchSize
    self.vocabulary = vocabulary
    self.lengths = lengths
    self.symbols = symbols
    self.identifiers = identifiers ?? (0..<batchSize).map(UInt64.init)
  }

  /// One step of full sequences, with lengths and identifiers that the caller keeps: nothing is made.
  package init(step symbols: [Int32], vocabulary: Int, lengths: [Int], identifiers: [UInt64]) {
    steps = 1
    batchSize = symbols.count
    self.vocabulary = vocabulary
    self.lengths = lengths
    self.symbols = symbols
    self.identifiers = identifiers
  }

  /// The one-hot vectors that the symbols stand for: `[T, B, V]`.
  public func oneHot<Scalar: TensorScalar>(of scalar: Scalar.Type = Scalar.self) -> SequenceBatch<Scalar> {
    var values = [Scalar](repeating: 0, count: steps * batchSize * vocabulary)
    for (b, length) in lengths.enumerated() {
      for t in 0..<length {
        let row = t * batchSize + b
        values[row * vocabulary + Int(symbols[row])] = 1
      }
    }
    return SequenceBatch(
      steps: steps, batchSize: batchSize, features: vocabulary, values: values, lengths: lengths,
      identifiers: identifiers)
  }

  /// The sequences `range` alone.
  package func sequences(_ range: Range<Int>) -> SymbolBatch {
    let own = Array(lengths[range])
    let steps = own.max() ?? 0
    return SymbolBatch(
      steps: steps, batchSize: range.count, vocabulary: vocabulary,
      symbols: (0..<steps).flatMap { t in range.map { symbols[t * batchSize + $0] } }, lengths: own,
      identifiers: Array(identifiers[range]))
  }
}
