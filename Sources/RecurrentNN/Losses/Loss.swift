public import RecurrentCore

/// A loss of rows of outputs against their targets: always a sum and a count, never a mean, so that batches, shards
/// and epochs add up; whoever reports divides once.
public enum Loss: Sendable, Hashable, Codable {
  /// Σ ½ (a − y)², counted by rows: with one output, the source notes' ½ (a − y)².
  case halfSquaredError
  /// Σ (a − y)², counted by elements: the mean is PyTorch's `MSELoss`.
  case meanSquaredError
  /// Σ −[y log σ(z) + (1 − y) log(1 − σ(z))] from logits z, counted by elements; finite for any z, as
  /// max(z, 0) − z y + log(1 + e^−|z|). Targets in [0, 1].
  case binaryCrossEntropy
  /// Σ −Σₖ wₖ qₖ log softmax(z)ₖ from logits z, counted by rows; q = (1 − ε) [k = class] + ε / K with ε = `labelSmoothing`,
  /// and w = `classWeights`, by default 1. Rows whose class is `ignoreIndex` count for nothing. The sum is PyTorch's
  /// `CrossEntropyLoss(weight:, reduction: "sum")`, whose mean divides by the weights of the rows' classes, where the count here
  /// is of rows: ``balancedWeights(counts:exponent:)`` makes both alike over the examples that were counted.
  case softmaxCrossEntropy(
    ignoreIndex: Int? = nil, labelSmoothing: Double = 0, classWeights: [Double]? = nil)

  /// wₖ ∝ nₖ^−β, such that the weights of all examples have a mean of 1: Σ nₖ wₖ = Σ nₖ.
  ///
  /// - Parameters:
  ///   - counts: nₖ, the examples of each class; a class of none has the weight 0.
  ///   - exponent: β; 0: every example counts alike; 1: every class does.
  public static func balancedWeights(counts: [Int], exponent: Double) -> [Double] {
    // By functions of this package: a platform's own would give other bits of the trained weights elsewhere.
    var raw = counts.map { $0 > 0 ? -exponent * PortableMath.log(Double($0)) : 0 }
    raw.withUnsafeMutableBufferPointer { values in
      if let base = values.baseAddress { Double._exp(values.count, base, base) }
    }
    let weights = zip(counts, raw).map { $0 > 0 ? $1 : 0 }
    let sum = zip(counts, weights).reduce(0) { $0 + Double($1.0) * $1.1 }
    return weights.map { sum > 0 ? $0 * Double(counts.reduce(0, +)) / sum : 0 }
  }

  /// - Parameters:
  ///   - outputs: `[N, Q]`: values, or logits.
  ///   - targets: values `[N, Q]`, or one class a row for the softmax.
  /// - Returns: sum, count, and ∂sum/∂outputs `[N, Q]`.
  public func evaluate<Scalar>(
    _ outputs: Matrix<Scalar>, targets: LossTargets<Scalar>
  ) -> (value: LossSum, gradient: Matrix<Scalar>) {
    let (rows, width) = (outputs.rows, outputs.columns)
    require(targets, rows: rows, width: width)
    var gradient = outputs
    var value = LossSum()
    withUnsafeTemporaryAllocation(of: Double.self, capacity: max(rows, 1)) { sums in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: max(rows, 1)) { counts in
        gradient.elements.withUnsafeMutableBufferPointer { target in
          outputs.elements.withUnsafeBufferPointer { source in
            guard let target = target.baseAddress, let source = source.baseAddress,
              let sums = sums.baseAddress, let counts = counts.baseAddress
            else { return }
            evaluate(
              0..<rows,
              LossRows(
                outputs: source, width: width, targets: targets, targetRows: nil, gradient: target,
                sums: sums,
                counts: counts))
            for row in 0..<rows { value = value + LossSum(sum: sums[row], count: counts[row]) }
          }
        }
      }
    }
    return (value, gradient)
  }
}

/// What outputs are compared with.
public enum LossTargets<Scalar: TensorScalar>: Sendable, Hashable {
  /// `[N, Q]`.
  case values(Matrix<Scalar>)
  /// One class a row.
  case classes([Int])
  /// One list of labels a sequence, for a loss of whole sequences: see ``SequenceObjective``.
  case labels([[Int]])
}

/// A loss before division. `count` says what it is a sum over.
public struct LossSum: Sendable, Hashable, Codable {
  /// The loss of everything counted, in double.
  public var sum: Double
  /// Rows or elements, as the loss says; those that are ignored do not count.
  public var count: Int

  /// A part of a loss; by default, of nothing.
  public init(sum: Double = 0, count: Int = 0) {
    self.sum = sum
    self.count = count
  }

  /// sum / count; NaN where nothing was counted.
  public var mean: Double { sum / Double(count) }

  /// Both parts together: sums and counts add.
  public static func + (left: LossSum, right: LossSum) -> LossSum {
    LossSum(sum: left.sum + right.sum, count: left.count + right.count)
  }
}
