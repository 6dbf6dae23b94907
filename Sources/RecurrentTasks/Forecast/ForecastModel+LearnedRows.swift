internal import Recurrent

extension ForecastModel {
  /// How many of a series' first windows the model was fitted on; `nil` where the series does not begin with the rows of
  /// its training.
  ///
  /// A least squares fit with an intercept leaves residuals that add up to zero, at every horizon, on exactly the windows
  /// that it was fitted on. The model carries such a fit, its baseline; so the series is known by its residuals, and no
  /// copy of the training data need be kept. On other data the sums wander by about √n residuals and are as small as is
  /// asked for here, for rounding alone, less than once in a hundred such series of 100,000 rows at one horizon, and
  /// practically never at two.
  ///
  /// Cost: one forecast of the baseline for each window.
  public func learnedWindows(in data: ForecastData) -> Int? {
    let plan = preparation.plan
    guard let windows = try? plan.windows(in: 0..<data.frame.rowCount, named: nil) else { return nil }
    let predicted = regression.predictions(data.frame, windows)
    var sums = [Double](repeating: 0, count: plan.horizons.count)
    var sizes = sums
    var (count, found) = (0, Int?.none)
    for window in data.examples(windows) {
      for (index, horizon) in plan.horizons.enumerated() {
        let residual = data.target[windows.targetRow(window, horizon: horizon)] - predicted[index][window]
        sums[index] += residual
        sizes[index] += abs(residual)
      }
      count += 1
      if count >= 2, zip(sums, sizes).allSatisfy({ abs($0) <= Self.roundingShare * $1 }) { found = count }
    }
    return found
  }

  /// What rounding leaves of the sum: residuals are differences of numbers a thousand times their size, each right to
  /// 10⁻¹⁶ of it.
  private static let roundingShare = 1e-10
}
