internal import RecurrentCore

extension Loss {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func softmaxLoss<Scalar: TensorScalar>(
    _ logits: Matrix<Scalar>, _ classes: [Int], ignoreIndex: Int?, smoothing: Double
  ) -> (LossSum, Matrix<Scalar>) {
    let width = logits.columns
    precondition(
      classes.count == logits.rows, "\(logits.rows) rows of logits, but \(classes.count) classes")
    precondition(smoothing >= 0 && smoothing < 1, "label smoothing must be in 0 ..< 1, found \(smoothing)")
    let logProbabilities = logSoftmax(logits)
    // p - q, with q the smoothed target.
    var gradient = exponential(logProbabilities)
    let spread = Scalar(smoothing / Double(width))
    let hit = Scalar(1 - smoothing)
    var value = LossSum()
    for (row, target) in classes.enumerated() {
      let first = row * width
      if target == ignoreIndex {
        for column in 0..<width { gradient.elements[first + column] = 0 }
        continue
      }
      precondition(
        target >= 0 && target < width, "row \(row): class \(target) is not one of 0 ..< \(width)")
      var rowSum = -(1 - smoothing) * Double(logProbabilities.elements[first + target])
      if smoothing > 0 {
        var all = 0.0
        for column in 0..<width {
          all += Double(logProbabilities.elements[first + column])
          gradient.elements[first + column] -= spread
        }
        rowSum -= smoothing / Double(width) * all
      }
      gradient.elements[first + target] -= hit
      value = value + LossSum(sum: rowSum, count: 1)
    }
    return (value, gradient)
  }

  private func logSoftmax<Scalar: TensorScalar>(_ logits: Matrix<Scalar>) -> Matrix<Scalar> {
    var result = logits
    withBase(&result.elements) {
      Scalar._logSoftmax(rows: logits.rows, columns: logits.columns, $0, $0)
    }
    return result
  }

  private func exponential<Scalar: TensorScalar>(_ x: Matrix<Scalar>) -> Matrix<Scalar> {
    var result = x
    withBase(&result.elements) { Scalar._exp(x.elements.count, $0, $0) }
    return result
  }
}
