#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif
internal import RecurrentCore

extension Loss {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func squaredError<Scalar: TensorScalar>(
    _ outputs: Matrix<Scalar>, _ targets: Matrix<Scalar>, half: Bool
  ) -> (LossSum, Matrix<Scalar>) {
    requireSameShape(outputs, targets)
    var gradient = outputs
    var sum = 0.0
    let factor: Scalar = half ? 1 : 2
    for index in outputs.elements.indices {
      let difference = outputs.elements[index] - targets.elements[index]
      sum += Double(difference) * Double(difference)
      gradient.elements[index] = factor * difference
    }
    let value = LossSum(sum: half ? sum / 2 : sum, count: half ? outputs.rows : outputs.elements.count)
    return (value, gradient)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func logisticLoss<Scalar: TensorScalar>(
    _ logits: Matrix<Scalar>, _ targets: Matrix<Scalar>
  ) -> (LossSum, Matrix<Scalar>) {
    requireSameShape(logits, targets)
    var gradient = logits.applying(.sigmoid)
    var sum = 0.0
    for index in logits.elements.indices {
      let z = Double(logits.elements[index])
      let y = Double(targets.elements[index])
      sum += max(z, 0) - z * y + log1p(exp(-abs(z)))
      gradient.elements[index] -= targets.elements[index]
    }
    return (LossSum(sum: sum, count: logits.elements.count), gradient)
  }

  private func requireSameShape<Scalar>(_ outputs: Matrix<Scalar>, _ targets: Matrix<Scalar>) {
    precondition(
      outputs.rows == targets.rows && outputs.columns == targets.columns,
      "outputs [\(outputs.rows), \(outputs.columns)], targets [\(targets.rows), \(targets.columns)]")
  }
}
