internal import RecurrentCore

/// Rows with mean 0 and variance 1, N(z) = (z − μ) / √(σ² + ε), and what their adjoint needs.
///
/// Each row by itself, so batching changes nothing; its sums are made in double.
struct NormalisedRows<Scalar: TensorScalar>: Sendable {
  /// N(z) `[B, N]`.
  let values: Matrix<Scalar>
  /// 1 / √(σ² + ε) of each row.
  private let scales: [Double]

  /// ε, which keeps a row of equal numbers finite.
  static var epsilon: Double { 1e-5 }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  init(_ rows: Matrix<Scalar>) {
    var values = rows
    var scales: [Double] = []
    scales.reserveCapacity(rows.rows)
    let count = Double(rows.columns)
    for row in 0..<rows.rows {
      let range = row * rows.columns..<(row + 1) * rows.columns
      let mean = rows.elements[range].reduce(0.0) { $0 + Double($1) } / count
      let variance =
        rows.elements[range].reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
      let scale = 1 / (variance + Self.epsilon).squareRoot()
      for index in range { values.elements[index] = Scalar((Double(rows.elements[index]) - mean) * scale) }
      scales.append(scale)
    }
    (self.values, self.scales) = (values, scales)
  }

  /// γ ⊙ N(z) + b.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func scaled(
    by gain: ParameterSlot, plus bias: ParameterSlot?, _ parameters: PackedParameters<Scalar>
  ) -> Matrix<Scalar> {
    var result = values
    parameters.withPointers { pointers in
      let gain = pointers.vector(gain)
      let bias = bias.map(pointers.vector)
      for row in 0..<result.rows {
        for column in 0..<result.columns {
          result.elements[row * result.columns + column] =
            gain[column] * values.elements[row * result.columns + column] + (bias?[column] ?? 0)
        }
      }
    }
    return result
  }

  /// ∂L/∂z from ∂L/∂(γ ⊙ N(z)): with dy = γ ⊙ gradient, (dy − mean(dy) − N(z) · mean(dy ⊙ N(z))) / √(σ² + ε).
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backpropagating(
    _ gradient: Matrix<Scalar>, gain: ParameterSlot, _ parameters: PackedParameters<Scalar>
  ) -> Matrix<Scalar> {
    var result = gradient
    let columns = gradient.columns
    parameters.withPointers { pointers in
      let gain = pointers.vector(gain)
      for row in 0..<gradient.rows {
        let first = row * columns
        var (sum, product) = (0.0, 0.0)
        for column in 0..<columns {
          let own = Double(gain[column]) * Double(gradient.elements[first + column])
          sum += own
          product += own * Double(values.elements[first + column])
        }
        (sum, product) = (sum / Double(columns), product / Double(columns))
        for column in 0..<columns {
          let own = Double(gain[column]) * Double(gradient.elements[first + column])
          result.elements[first + column] = Scalar(
            (own - sum - Double(values.elements[first + column]) * product) * scales[row])
        }
      }
    }
    return result
  }
}
