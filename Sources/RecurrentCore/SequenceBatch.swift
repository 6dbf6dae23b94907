/// A batch of sequences of different lengths, time-major: one buffer `[T, B, F]` and a length for each sequence.
///
/// T: steps of the longest sequence; B: sequences (batch); F: features. Element (t, b, f) is
/// `values[(t * B + b) * F + f]`. Sequence b has data at t < lengths[b]; what lies beyond is padding, which this type
/// keeps at zero and no layer reads. A length may be 0.
public struct SequenceBatch<Scalar: TensorScalar>: Sendable, Hashable {
  /// T, steps of the longest sequence; there may be more, all padding.
  public let steps: Int
  /// B, sequences.
  public let batchSize: Int
  /// F, features of a step.
  public let features: Int
  /// Of each sequence, 0 … T.
  public let lengths: [Int]
  /// `[T, B, F]`. Whoever writes here keeps the padding at zero (see ``zeroPadding()``).
  public var values: [Scalar]
  /// A number for each sequence, stable across batches and epochs: random masks are keyed by it, so that they do not
  /// depend on a sequence's place in a batch. 0 … B−1 unless given.
  public var identifiers: [UInt64]

  /// Takes `values` `[T, B, F]` and zeroes the padding.
  ///
  /// - Parameters:
  ///   - lengths: one a sequence, each 0 … T; `nil`: all T.
  public init(
    steps: Int, batchSize: Int, features: Int, values: [Scalar], lengths: [Int]? = nil,
    identifiers: [UInt64]? = nil
  ) {
    precondition(
      values.count == steps * batchSize * features,
      "sequence batch [\(steps), \(batchSize), \(features)] needs \(steps * batchSize * features) values, found \(values.count)"
    )
    let lengths = lengths ?? [Int](repeating: steps, count: batchSize)
    precondition(lengths.count == batchSize, "\(batchSize) sequences, but \(lengths.count) lengths")
    for length in lengths {
      precondition(length >= 0 && length <= steps, "length \(length) lies outside 0 ... \(steps)")
    }
    precondition(
      identifiers.map { $0.count == batchSize } ?? true,
      "\(batchSize) sequences, but \(identifiers?.count ?? 0) identifiers")
    self.steps = steps
    self.batchSize = batchSize
    self.features = features
    self.lengths = lengths
    self.values = values
    self.identifiers = identifiers ?? (0..<batchSize).map(UInt64.init)
    zeroPadding()
  }

  /// Rows as sequences of one step: [N, F] as [1, N, F].
  package init(rows: Matrix<Scalar>, identifiers: [UInt64]? = nil) {
    self.init(
      steps: 1, batchSize: rows.rows, features: rows.columns, values: rows.elements, identifiers: identifiers)
  }

  /// One step of full sequences, [B, F] as [1, B, F], with lengths and identifiers that the caller keeps: nothing is made.
  package init(step values: [Scalar], batchSize: Int, features: Int, lengths: [Int], identifiers: [UInt64]) {
    steps = 1
    self.batchSize = batchSize
    self.features = features
    self.lengths = lengths
    self.values = values
    self.identifiers = identifiers
  }

  /// All values zero.
  public init(
    zeros steps: Int, _ batchSize: Int, _ features: Int, lengths: [Int]? = nil, identifiers: [UInt64]? = nil
  ) {
    self.init(
      steps: steps, batchSize: batchSize, features: features,
      values: [Scalar](repeating: 0, count: steps * batchSize * features), lengths: lengths,
      identifiers: identifiers)
  }

  /// From values that stand feature first, `[F, B, T]`, as the source notes' RNN chapter and some NumPy code keep them.
  public init(featureFirst values: [Scalar], features: Int, batchSize: Int, steps: Int, lengths: [Int]? = nil)
  {
    precondition(
      values.count == steps * batchSize * features,
      "[\(features), \(batchSize), \(steps)] needs \(steps * batchSize * features) values, found \(values.count)"
    )
    self.init(zeros: steps, batchSize, features, lengths: lengths)
    for f in 0..<features {
      for b in 0..<batchSize {
        for t in 0..<self.lengths[b] { self[t, b, f] = values[(f * batchSize + b) * steps + t] }
      }
    }
  }

  /// One sequence for each element: `sequences[b][t]` is a feature vector.
  public init(sequences: [[[Scalar]]], features: Int) {
    let steps = sequences.map(\.count).max() ?? 0
    self.init(zeros: steps, sequences.count, features, lengths: sequences.map(\.count))
    for (b, sequence) in sequences.enumerated() {
      for (t, vector) in sequence.enumerated() {
        precondition(
          vector.count == features,
          "sequence \(b), step \(t): \(vector.count) features, expected \(features)")
        for f in 0..<features { values[(t * batchSize + b) * features + f] = vector[f] }
      }
    }
  }

  /// Whether every sequence has T steps, so that there is no padding.
  @inlinable
  public var isFull: Bool {
    for length in lengths where length != steps { return false }
    return true
  }

  /// Element (t, b, f). Indices are checked only as a place in the buffer; padding reads as zero.
  public subscript(step: Int, sequence: Int, feature: Int) -> Scalar {
    get { values[(step * batchSize + sequence) * features + feature] }
    set { values[(step * batchSize + sequence) * features + feature] = newValue }
  }

  /// The values of all sequences at one step, `[B, F]`.
  @inlinable
  public func step(_ t: Int) -> Matrix<Scalar> {
    if steps == 1 && t == 0 { return Matrix(rows: batchSize, columns: features, elements: values) }
    let size = batchSize * features
    return Matrix(rows: batchSize, columns: features, elements: Array(values[t * size..<(t + 1) * size]))
  }

  /// Sets everything beyond a sequence's end to zero.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public mutating func zeroPadding() {
    guard !isFull else { return }
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for t in 0..<steps {
        for b in 0..<batchSize where t >= lengths[b] {
          (base + (t * batchSize + b) * features).update(repeating: 0, count: features)
        }
      }
    }
  }

  /// The same sequences with zeros in the padding, whatever was written there. A full batch is handed back as it is.
  package var withoutPadding: SequenceBatch {
    guard !isFull else { return self }
    var result = self
    result.zeroPadding()
    return result
  }

  /// A batch of the same shape, lengths and identifiers with other contents of `features` a step, zero at first.
  public func blank(features: Int) -> SequenceBatch {
    SequenceBatch(zeros: steps, batchSize, features, lengths: lengths, identifiers: identifiers)
  }

  /// The same sequences with `values` `[T, B, features]` whose padding is zero already.
  @inlinable
  package func replacingValues(features: Int, _ values: [Scalar]) -> SequenceBatch {
    SequenceBatch(sharing: self, features: features, values: values)
  }

  @inlinable
  init(sharing other: SequenceBatch, features: Int, values: [Scalar]) {
    precondition(
      values.count == other.steps * other.batchSize * features,
      "[\(other.steps), \(other.batchSize), \(features)] needs \(other.steps * other.batchSize * features) values, found \(values.count)"
    )
    steps = other.steps
    batchSize = other.batchSize
    self.features = features
    lengths = other.lengths
    identifiers = other.identifiers
    self.values = values
  }
}
