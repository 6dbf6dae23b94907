/// How far predictions are from the targets.
public struct RegressionMetrics: Codable, Equatable, Sendable {
  /// Pairs of a prediction and a target.
  public let count: Int
  /// Mean of (prediction − target)².
  public let meanSquaredError: Double
  /// Mean of |prediction − target|, in the target's unit.
  public let meanAbsoluteError: Double
  /// R² = 1 − MSE / variance of the targets (population variance, over the same examples): 1 is perfect, 0 is what
  /// their mean would reach. Nil where the targets do not vary, or by so little that the squares are 0.
  public let rSquared: Double?

  /// Whether every figure is a number.
  public var areFinite: Bool {
    meanSquaredError.isFinite && meanAbsoluteError.isFinite && rSquared?.isFinite ?? true
  }

  /// √MSE, in the target's unit.
  public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }

  /// - Precondition: as many predictions as targets, at least one.
  public init(predictions: [Double], targets: [Double]) {
    precondition(
      !targets.isEmpty && predictions.count == targets.count,
      "metrics: \(predictions.count) predictions for \(targets.count) targets")
    let number = Double(targets.count)
    var (squares, absolutes, sum) = (0.0, 0.0, 0.0)
    for (prediction, target) in zip(predictions, targets) {
      let error = prediction - target
      squares += error * error
      absolutes += abs(error)
      sum += target
    }
    let mean = sum / number
    let variance = targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / number
    let isConstant = targets.allSatisfy { $0 == targets[0] }
    count = targets.count
    meanSquaredError = squares / number
    meanAbsoluteError = absolutes / number
    rSquared = isConstant || variance == 0 ? nil : 1 - meanSquaredError / variance
  }
}
