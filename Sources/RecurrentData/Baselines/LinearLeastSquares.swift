/// A linear forecast from the same window that a model sees: for each horizon an intercept and one weight for every
/// feature of every row of the window.
///
/// The weights minimise Σ (prediction − target)² + ridge · N · Σ w², where N is the number of windows and w are the
/// weights of the columns brought to mean 0 and standard deviation 1 (the intercept is free). The normal equations are
/// solved by a Cholesky decomposition on such columns, followed by steps of iterative refinement with residuals computed
/// from the data: they win back the digits that forming the normal equations loses (Björck, Numerical Methods for Least
/// Squares Problems, 1996, on the normal and seminormal equations).
///
/// Columns that depend on others, to about six digits, get weight 0: their digits are lost in the normal equations. Where there are no more windows than weights, the ridge is at least 10⁻⁶, so
/// that of all solutions that fit nearly the smallest is taken. Cost: rows · length · features² + (length · features)³ / 3.
public struct LinearLeastSquares: Codable, Equatable, Sendable {
  /// Columns of the frame that it was fitted on, in order.
  public let featureNames: [String]
  /// The windows that it was fitted on: their length and horizons.
  public let plan: WindowPlan
  /// The strength asked for, per window and for columns of standard deviation 1; 0: plain least squares.
  public let ridge: Double
  /// `[horizon][row of the window · features + feature]`, for the frame's values as they were given.
  public let weights: [[Double]]
  /// One for each horizon.
  public let intercepts: [Double]
  /// Columns left out because they depend on others.
  public let droppedColumns: Int

  /// What tables and charts call it.
  public static let name = "linear least squares"

  /// The most numbers in a window that can be fitted: their products take half a gigabyte, and some minutes of one core.
  public static let mostInputs = 8192

  /// Weights for each horizon, the intercept among them.
  public var weightCount: Int { plan.length * featureNames.count + 1 }

  /// - Parameters:
  ///   - target: the series that is forecast, one value for each row of the frame.
  ///   - windows: those of the training part.
  ///   - ridge: 0 for plain least squares.
  /// - Precondition: the frame and the target have the rows that the windows and their targets need; ridge ≥ 0.
  public init(fitting frame: Frame, target: [Double], _ windows: Windows, ridge: Double = 0) {
    self.init(fitting: frame, target: target, [windows], ridge: ridge)
  }

  /// As above, from several runs of windows of one plan, such as the training rows between blocks of validation rows.
  ///
  /// - Precondition: at least one run.
  public init(fitting frame: Frame, target: [Double], _ runs: [Windows], ridge: Double = 0) {
    precondition(
      target.count == frame.rowCount, "least squares: \(target.count) targets for \(frame.rowCount) rows")
    precondition(ridge >= 0, "least squares: ridge \(ridge)")
    precondition(
      !runs.isEmpty && runs.allSatisfy { $0.plan == runs[0].plan }, "least squares: runs of different plans")
    let last = runs[runs.count - 1]
    let used = runs[0].first..<last.rows(last.count - 1).upperBound
    let normaliser = FrameNormaliser(.standard, fitting: frame, rows: used)
    let problem = WindowProblem(frame: normaliser.normalised(frame), runs: runs, ridge: ridge)

    var (weights, intercepts) = ([[Double]](), [Double]())
    for horizon in runs[0].plan.horizons {
      let targets = runs.flatMap { $0.targets(of: target, horizon: horizon) }
      let mean = targets.reduce(0, +) / Double(targets.count)
      let solution = problem.solve(targets.map { $0 - mean })
      var intercept = mean + solution[solution.count - 1]
      var raw = [Double](repeating: 0, count: solution.count - 1)
      for index in raw.indices {
        let column = normaliser.columns[index % frame.columnCount]
        raw[index] = solution[index] / column.scale
        intercept -= raw[index] * column.shift
      }
      weights.append(raw)
      intercepts.append(intercept)
    }
    self.featureNames = frame.names
    self.plan = runs[0].plan
    self.ridge = ridge
    self.weights = weights
    self.intercepts = intercepts
    droppedColumns = problem.droppedColumns
  }

  /// From weights that were fitted before.
  ///
  /// - Precondition: for each of the plan's horizons an intercept and one weight for every feature of every row.
  public init(
    featureNames: [String], plan: WindowPlan, ridge: Double, weights: [[Double]], intercepts: [Double]
  ) {
    precondition(
      weights.count == plan.horizons.count && intercepts.count == plan.horizons.count
        && weights.allSatisfy { $0.count == plan.length * featureNames.count },
      "least squares: weights of another window")
    (self.featureNames, self.plan, self.ridge) = (featureNames, plan, ridge)
    (self.weights, self.intercepts, droppedColumns) = (weights, intercepts, 0)
  }

  /// Predictions `[horizon][window]`.
  ///
  /// - Precondition: the frame has the columns, and the windows the length, of those it was fitted on.
  public func predictions(_ frame: Frame, _ windows: Windows) -> [[Double]] {
    precondition(
      frame.names == featureNames, "least squares: columns \(frame.names), fitted on \(featureNames)")
    precondition(
      windows.plan.length == plan.length,
      "least squares: window \(windows.plan.length), expected \(plan.length)")
    return plan.horizons.indices.map { horizon in
      windows.indices.map { window in
        let start = windows.rows(window).lowerBound * featureNames.count
        return predict(frame.values[start..<start + weightCount - 1], horizonIndex: horizon)
      }
    }
  }

  /// The forecast from one window, given row by row.
  public func predict(_ window: ArraySlice<Double>, horizonIndex: Int) -> Double {
    precondition(
      window.count == weightCount - 1, "least squares: \(window.count) inputs, expected \(weightCount - 1)")
    return weights[horizonIndex].withUnsafeBufferPointer { weights in
      window.withUnsafeBufferPointer { window in
        var sum = intercepts[horizonIndex]
        for index in weights.indices { sum += weights[index] * window[index] }
        return sum
      }
    }
  }
}

/// The least squares problem of all windows with centred and scaled columns, for any right side.
private struct WindowProblem {
  let frame: Frame
  let runs: [Windows]
  let penalty: Double
  private let factor: Cholesky

  var droppedColumns: Int { factor.droppedCount }

  init(frame: Frame, runs: [Windows], ridge: Double) {
    var matrix = WindowGram(frame, runs[0]).values
    for run in runs.dropFirst() {
      for (index, value) in WindowGram(frame, run).values.enumerated() { matrix[index] += value }
    }
    let size = runs[0].plan.length * frame.columnCount + 1
    let count = runs.reduce(0) { $0 + $1.count }
    // With fewer windows than weights infinitely many solutions fit; this ridge picks nearly the smallest.
    penalty = (count <= size ? max(ridge, Self.leastRidge) : ridge) * Double(count)
    for index in 0..<size - 1 { matrix[index * size + index] += penalty }
    factor = Cholesky(matrix, size: size)
    (self.frame, self.runs) = (frame, runs)
  }

  private static let leastRidge = 1e-6

  /// Three rounds: each gains the digits that the condition number leaves, and the third costs little.
  private static let refinements = 3

  /// Weights of the columns, then the intercept.
  func solve(_ targets: [Double]) -> [Double] {
    var solution = [Double](repeating: 0, count: factor.size)
    for _ in 0...Self.refinements {
      var right = gradient(targets, solution)
      for index in 0..<factor.size - 1 { right[index] -= penalty * solution[index] }
      let correction = factor.solve(right)
      for index in solution.indices { solution[index] += correction[index] }
    }
    return solution
  }

  /// Aᵀ (targets − A · solution), one window at a time.
  private func gradient(_ targets: [Double], _ solution: [Double]) -> [Double] {
    let inputs = factor.size - 1
    var result = [Double](repeating: 0, count: factor.size)
    frame.values.withUnsafeBufferPointer { data in
      solution.withUnsafeBufferPointer { solution in
        result.withUnsafeMutableBufferPointer { result in
          guard let data = data.baseAddress, let solution = solution.baseAddress,
            let result = result.baseAddress
          else { return }
          var example = 0
          for windows in runs {
            for window in windows.indices {
              let row = data + windows.rows(window).lowerBound * frame.columnCount
              let residual =
                targets[example] - solution[inputs] - innerProduct(solution, row, count: inputs)
              addScaled(residual, row, to: result, count: inputs)
              result[inputs] += residual
              example += 1
            }
          }
        }
      }
    }
    return result
  }
}
