internal import RecurrentCore

/// How outputs of layers that stand side by side (the two directions of a bidirectional layer) become one.
public enum Merge: String, Codable, CaseIterable, Sendable {
  /// [a | b]: sizes add, and may differ.
  case concatenate
  /// a + b: sizes must be equal, here and below.
  case sum
  /// (a + b) / 2, of n branches 1/n of the sum.
  case mean
  /// a ⊙ b.
  case product
  /// Not merged: the outputs are kept side by side for whoever reads both. A stack does not put a layer upon it.
  case none

  func outputSize(_ sizes: [Int]) -> Int {
    switch self {
    case .concatenate, .none: return sizes.reduce(0, +)
    case .sum, .mean, .product:
      precondition(
        Set(sizes).count == 1, "merge '\(rawValue)' needs branches of one size, found \(sizes)")
      return sizes[0]
    }
  }

  func merged<Scalar>(_ outputs: [SequenceBatch<Scalar>]) -> SequenceBatch<Scalar> {
    var result = outputs[0]
    for other in outputs.dropFirst() {
      switch self {
      case .concatenate, .none: result = result.joiningFeatures(other)
      case .sum, .mean: result.add(other)
      case .product: result.multiply(by: other)
      }
    }
    if self == .mean { result.scale(by: 1 / Scalar(outputs.count)) }
    return result
  }

  /// ∂L/∂(each branch's output), given ∂L/∂(merged output).
  func gradients<Scalar>(
    _ gradient: SequenceBatch<Scalar>, outputs: [SequenceBatch<Scalar>]
  ) -> [SequenceBatch<Scalar>] {
    switch self {
    case .concatenate, .none:
      var first = 0
      return outputs.map { output in
        defer { first += output.features }
        return gradient.features(first..<first + output.features)
      }
    case .sum: return outputs.map { _ in gradient }
    case .mean:
      var share = gradient
      share.scale(by: 1 / Scalar(outputs.count))
      return outputs.map { _ in share }
    case .product:
      return outputs.indices.map { branch in
        var result = gradient
        for (index, other) in outputs.enumerated() where index != branch { result.multiply(by: other) }
        return result
      }
    }
  }
}

extension SequenceBatch {
  func adding(_ other: SequenceBatch) -> SequenceBatch {
    var sum = self
    sum.add(other)
    return sum
  }

  mutating func multiply(by other: SequenceBatch) {
    values.withUnsafeMutableBufferPointer { target in
      other.values.withUnsafeBufferPointer { source in
        guard let target = target.baseAddress, let source = source.baseAddress else { return }
        Scalar._hadamard(other.values.count, target, source, target)
      }
    }
  }

  mutating func scale(by factor: Scalar) {
    let count = values.count
    values.withUnsafeMutableBufferPointer { target in
      guard let target = target.baseAddress else { return }
      Scalar._scale(count, factor, target)
    }
  }
}
