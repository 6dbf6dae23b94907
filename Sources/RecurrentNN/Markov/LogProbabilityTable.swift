internal import Foundation
internal import RecurrentCore
internal import RecurrentHMM

/// A slot of logits as what they stand for: L(r, c) = θ(r, c) − log Σ exp θ(r, ·), rows of log-probabilities.
///
/// In double precision, whatever the scalar. A logit of −∞ is a probability of exactly 0: no product sees it and its
/// gradient is 0, so training leaves it where it is.
struct LogProbabilityTable {
  let slot: ParameterSlot
  /// L `[R, C]`.
  let logarithms: [Double]

  init<Scalar: TensorScalar>(_ slot: ParameterSlot, _ values: [Scalar]) {
    let columns = slot.columns
    var logarithms = values[slot.range].map { Double($0) }
    for first in stride(from: 0, to: logarithms.count, by: columns) {
      let total = LogSumExp.sum(columns) { logarithms[first + $0] }
      for column in first..<first + columns { logarithms[column] -= total }
    }
    self.slot = slot
    self.logarithms = logarithms
  }

  var rows: Int { slot.rows }
  var columns: Int { slot.columns }

  /// y(c) = log Σᵣ exp(v(r) + L(r, c)), `[C]`: where weights v go. R C exponentials.
  func product(_ v: [Double]) -> [Double] {
    (0..<columns).map { c in LogSumExp.sum(rows) { v[$0] + logarithms[$0 * columns + c] } }
  }

  /// y(r) = log Σ꜀ exp(L(r, c) + v(c)), `[R]`: where weights v can have come from.
  func transposedProduct(_ v: [Double]) -> [Double] {
    (0..<rows).map { r in LogSumExp.sum(columns) { logarithms[r * columns + $0] + v[$0] } }
  }

  /// The adjoint of ``product(_:)``. With w(r, c) = exp(v(r) + L(r, c) − y(c)):
  ///
  ///     dL(r, c) = dy(c) w(r, c)     dv(r) = Σ꜀ dL(r, c)     dθ(r, c) += dL(r, c) − exp L(r, c) dv(r)
  func backpropagate<Scalar: TensorScalar>(
    product y: [Double], of v: [Double], _ dy: [Double], into gradients: inout ParameterStore<Scalar>
  ) -> [Double] {
    var dv = [Double](repeating: 0, count: rows)
    var row = [Double](repeating: 0, count: columns)
    for r in 0..<rows {
      for c in 0..<columns {
        row[c] = y[c] == -.infinity ? 0 : dy[c] * exp(v[r] + logarithms[r * columns + c] - y[c])
        dv[r] += row[c]
      }
      add(row, dv[r], row: r, into: &gradients)
    }
    return dv
  }

  /// The adjoint of ``transposedProduct(_:)``. With w(r, c) = exp(L(r, c) + v(c) − y(r)):
  ///
  ///     dL(r, c) = dy(r) w(r, c)     dv(c) = Σᵣ dL(r, c)     dθ(r, c) += dL(r, c) − exp L(r, c) Σ dL(r, ·)
  func backpropagate<Scalar: TensorScalar>(
    transposedProduct y: [Double], of v: [Double], _ dy: [Double],
    into gradients: inout ParameterStore<Scalar>
  ) -> [Double] {
    var dv = [Double](repeating: 0, count: columns)
    var row = [Double](repeating: 0, count: columns)
    for r in 0..<rows where y[r] > -.infinity || y[r].isNaN {
      var sum = 0.0
      for c in 0..<columns {
        row[c] = dy[r] * exp(logarithms[r * columns + c] + v[c] - y[r])
        dv[c] += row[c]
        sum += row[c]
      }
      add(row, sum, row: r, into: &gradients)
    }
    return dv
  }

  /// Adds the gradient of a row's logits, dθ += dL − exp L Σ dL, one term an element.
  func add<Scalar: TensorScalar>(
    _ logarithmGradient: [Double], _ sum: Double, row: Int, into gradients: inout ParameterStore<Scalar>
  ) {
    for c in 0..<columns {
      let place = row * columns + c
      gradients.values[slot.offset + place] += Scalar(logarithmGradient[c] - exp(logarithms[place]) * sum)
    }
  }
}

extension Matrix {
  /// One row in double precision.
  func doubleRow(_ row: Int) -> [Double] {
    elements[row * columns..<(row + 1) * columns].map { Double($0) }
  }

  /// Replaces one row.
  mutating func setDoubleRow(_ row: Int, _ values: [Double]) {
    for (column, value) in values.enumerated() { elements[row * columns + column] = Scalar(value) }
  }
}
