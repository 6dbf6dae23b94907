public import Recurrent

/// The vectors of one sentence's T tokens: static ones, which depend on the token alone, and hidden states, which depend on what
/// stands around it.
public struct SentenceVectors: Sendable, Equatable {
  /// One recurrent level: the hidden states of its directions.
  public struct Level: Sendable, Equatable {
    /// H→ `[T, h_f]`: at each token, what was read up to it; `nil`: no such direction.
    public let forward: Matrix<Float>?
    /// H← `[T, h_r]`: at each token, what was read from the end down to it; `nil`: no such direction.
    public let reverse: Matrix<Float>?

    /// [H→ ; H←] `[T, h_f + h_r]`.
    public var states: Matrix<Float> {
      let parts = [forward, reverse].compactMap(\.self)
      let rows = parts[0].rows
      return Matrix(
        rows: rows, columns: parts.reduce(0) { $0 + $1.columns },
        elements: (0..<rows).flatMap { row in parts.flatMap { $0.row(row) } })
    }

    /// [H→_T ; H←_1]: what each direction ends with, h_f + h_r numbers.
    public var summary: [Float] {
      (forward.map { $0.row($0.rows - 1) } ?? []) + (reverse.map { $0.row(0) } ?? [])
    }
  }

  /// The tokens, as they were cut.
  public let tokens: [String]
  /// Their numbers in the model's vocabulary.
  public let ids: [Int32]
  /// `[T, d]`: each token's row of the embedding; of a model that reads one-hot vectors, its column of every input weight of the
  /// first layer, one below the other.
  public let staticVectors: Matrix<Float>
  /// From below; one at least.
  public let levels: [Level]
}

/// The cosine of the angle between two vectors, uᵀv / (‖u‖ ‖v‖), in double precision; 0 where one of them is zero.
///
/// - Precondition: of one size.
public func cosine(_ first: [Float], _ second: [Float]) -> Double {
  precondition(first.count == second.count, "cosine: vectors of \(first.count) and \(second.count) numbers")
  func product(_ u: [Float], _ v: [Float]) -> Double {
    zip(u, v).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
  let size = (product(first, first) * product(second, second)).squareRoot()
  return size > 0 ? product(first, second) / size : 0
}
