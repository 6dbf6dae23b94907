#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif
internal import RecurrentCore

/// Rows of outputs, where they stand, and what they are compared with.
struct LossRows<Scalar: TensorScalar> {
  /// `[N, width]`.
  let outputs: UnsafePointer<Scalar>
  let width: Int
  let targets: LossTargets<Scalar>
  /// For each row the row of `targets` that is its own; `nil`: the same one.
  var targetRows: UnsafePointer<Int32>?
  /// ∂sum/∂outputs `[N, width]`, written.
  let gradient: UnsafeMutablePointer<Scalar>
  /// The loss of each row, written.
  let sums: UnsafeMutablePointer<Double>
  /// What each row counts for, written.
  let counts: UnsafeMutablePointer<Int>

  @inline(__always)
  func targetRow(_ row: Int) -> Int { targetRows.map { Int($0[row]) } ?? row }
}

/// The losses, row by row, so that threads can share the rows and sums keep one order.
extension Loss {
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func evaluate<Scalar: TensorScalar>(_ rows: Range<Int>, _ work: LossRows<Scalar>) {
    if rows.isEmpty { return }
    switch (self, work.targets) {
    case (.halfSquaredError, .values(let values)): squaredError(rows, work, values, half: true)
    case (.meanSquaredError, .values(let values)): squaredError(rows, work, values, half: false)
    case (.binaryCrossEntropy, .values(let values)): logisticLoss(rows, work, values)
    case (.softmaxCrossEntropy(let ignoreIndex, let smoothing, let weights), .classes(let classes)):
      precondition(
        smoothing >= 0 && smoothing < 1, "label smoothing must be in 0 ..< 1, found \(smoothing)")
      precondition(
        weights.map { $0.count == work.width && $0.allSatisfy { $0.isFinite && $0 >= 0 } } ?? true,
        "class weights must be \(work.width) numbers from 0, found \(weights ?? [])")
      softmaxLoss(
        rows, work, classes, ignoreIndex: ignoreIndex, smoothing: smoothing, weights: weights)
    case (.softmaxCrossEntropy, .values):
      preconditionFailure("softmax cross-entropy needs one class a row, found values")
    case (_, .labels):
      preconditionFailure("a loss of rows needs values or classes as targets, found labels of sequences")
    case (_, .classes):
      preconditionFailure("this loss needs values as targets, found classes")
    }
  }

  /// What `targets` must be for `rows` rows of `width` outputs.
  func require<Scalar>(_ targets: LossTargets<Scalar>, rows: Int, width: Int) {
    switch targets {
    case .values(let values):
      precondition(
        values.rows == rows && values.columns == width,
        "outputs [\(rows), \(width)], targets [\(values.rows), \(values.columns)]")
    case .classes(let classes):
      precondition(classes.count == rows, "\(rows) rows of logits, but \(classes.count) classes")
    case .labels:
      preconditionFailure("a loss of rows needs values or classes as targets, found labels of sequences")
    }
  }

  @inline(__always)
  private func squaredError<Scalar: TensorScalar>(
    _ rows: Range<Int>, _ work: LossRows<Scalar>, _ targets: Matrix<Scalar>, half: Bool
  ) {
    let factor: Scalar = half ? 1 : 2
    let width = work.width
    targets.elements.withUnsafeBufferPointer { targets in
      for row in rows {
        let first = work.targetRow(row) * width
        var sum = 0.0
        for column in 0..<width {
          let difference = work.outputs[row * width + column] - targets[first + column]
          sum += Double(difference) * Double(difference)
          work.gradient[row * width + column] = factor * difference
        }
        work.sums[row] = half ? sum / 2 : sum
        work.counts[row] = half ? 1 : width
      }
    }
  }

  @inline(__always)
  private func logisticLoss<Scalar: TensorScalar>(
    _ rows: Range<Int>, _ work: LossRows<Scalar>, _ targets: Matrix<Scalar>
  ) {
    let width = work.width
    let start = rows.lowerBound * width
    Scalar._activation(
      Activation.sigmoid.kernelCode, rows.count * width, work.outputs + start, work.gradient + start)
    targets.elements.withUnsafeBufferPointer { targets in
      for row in rows {
        let first = work.targetRow(row) * width
        var sum = 0.0
        for column in 0..<width {
          let z = Double(work.outputs[row * width + column])
          let y = Double(targets[first + column])
          sum += max(z, 0) - z * y + log1p(exp(-abs(z)))
          work.gradient[row * width + column] -= targets[first + column]
        }
        work.sums[row] = sum
        work.counts[row] = width
      }
    }
  }

  @inline(__always)
  private func softmaxLoss<Scalar: TensorScalar>(
    _ rows: Range<Int>, _ work: LossRows<Scalar>, _ classes: [Int], ignoreIndex: Int?, smoothing: Double,
    weights: [Double]?
  ) {
    let width = work.width
    let spread = Scalar(smoothing / Double(width))
    let hit = Scalar(1 - smoothing)
    for row in rows {
      let target = classes[work.targetRow(row)]
      let gradient = work.gradient + row * width
      if target == ignoreIndex {
        gradient.update(repeating: 0, count: width)
        work.sums[row] = 0
        work.counts[row] = 0
        continue
      }
      precondition(
        target >= 0 && target < width, "row \(row): class \(target) is not one of 0 ..< \(width)")
      Scalar._logSoftmax(rows: 1, columns: width, work.outputs + row * width, gradient)
      work.counts[row] = 1
      if let weights {
        work.sums[row] = weightedRow(gradient, target: target, smoothing: smoothing, weights: weights)
        continue
      }
      var sum = -(1 - smoothing) * Double(gradient[target])
      if smoothing > 0 {
        var all = 0.0
        for column in 0..<width { all += Double(gradient[column]) }
        sum -= smoothing / Double(width) * all
      }
      // p − q, with q the smoothed target.
      Scalar._exp(width, gradient, gradient)
      if smoothing > 0 {
        for column in 0..<width { gradient[column] -= spread }
      }
      gradient[target] -= hit
      work.sums[row] = sum
    }
  }

  /// Of one row, whose `gradient` holds log p: −Σₖ wₖ qₖ log pₖ, and pⱼ Σₖ wₖ qₖ − wⱼ qⱼ in the place of log pⱼ.
  private func weightedRow<Scalar: TensorScalar>(
    _ gradient: UnsafeMutablePointer<Scalar>, target: Int, smoothing: Double, weights: [Double]
  ) -> Double {
    let width = weights.count
    func wanted(_ column: Int) -> Double {
      weights[column] * (smoothing / Double(width) + (column == target ? 1 - smoothing : 0))
    }
    var (sum, total) = (0.0, 0.0)
    // A class of no weight adds nothing, also where its log p is −∞.
    for column in 0..<width where wanted(column) > 0 {
      sum -= wanted(column) * Double(gradient[column])
      total += wanted(column)
    }
    Scalar._exp(width, gradient, gradient)
    for column in 0..<width { gradient[column] = Scalar(total) * gradient[column] - Scalar(wanted(column)) }
    return sum
  }
}
