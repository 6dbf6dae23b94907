public import Recurrent

/// A forecaster's figures beside those of forecasts that need no network, horizon by horizon, on the same examples.
public struct ForecastEvaluation: Codable, Equatable, Sendable {
  /// One forecast's figures at each horizon.
  public struct Line: Codable, Equatable, Sendable {
    /// What the forecast is called in tables.
    public let name: String
    /// One for each horizon.
    public let metrics: [RegressionMetrics]
  }

  /// A baseline that is not in the table, since some window lacks the row that it repeats: every line of a table is scored
  /// on the same windows.
  public struct LeftOut: Codable, Equatable, Sendable, CustomStringConvertible {
    /// What the forecast is called.
    public let name: String
    /// Which row is missing, in words.
    public let reason: String

    /// One line.
    public var description: String { "'\(name)' is not in the table: \(reason)" }
  }

  /// The column that is forecast.
  public let target: String
  /// Rows from the last known value to the one forecast.
  public let horizons: [Int]
  /// The same as times, for instance "8 h".
  public let leads: [String]
  /// How many windows were scored.
  public let examples: Int
  /// The time, or the row, of the first value that was scored.
  public let firstTarget: String
  /// The same of the last one.
  public let lastTarget: String
  /// The network's own figures.
  public let model: Line
  /// Repeat the last value; the same hour yesterday, where there is such a cycle; linear least squares.
  public let baselines: [Line]
  /// Those that the windows do not allow.
  public let leftOut: [LeftOut]

  /// The baseline with the largest R² at a horizon.
  public func bestBaseline(_ horizon: Int) -> Line? {
    baselines.max {
      ($0.metrics[horizon].rSquared ?? -.infinity) < ($1.metrics[horizon].rSquared ?? -.infinity)
    }
  }

  /// Whether the model's R² is above every baseline's at every horizon.
  public var beatsEveryBaseline: Bool {
    horizons.indices.allSatisfy { horizon in
      guard let own = model.metrics[horizon].rSquared else { return false }
      return baselines.allSatisfy { ($0.metrics[horizon].rSquared ?? -.infinity) < own }
    }
  }
}

extension ForecastModel {
  /// Scores the model and its baselines on the windows of `windows` whose targets were measured.
  ///
  /// - Returns: the figures, and the model's predictions `[horizon][example]` with the rows they start from.
  /// - Throws: `DataError` where the target is missing in every window, and where a forecast or a figure is not finite.
  public func evaluate(
    _ data: ForecastData, _ windows: Windows, threads: Int = 1
  ) throws(DataError) -> (evaluation: ForecastEvaluation, lastRows: [Int], predictions: [[Double]]) {
    let chosen = data.examples(windows)
    guard let first = chosen.first, let last = chosen.last else {
      throw .column(.targetWithoutValues(column: configuration.target), at: DataError.Place(data.source))
    }
    let lastRows = chosen.map { windows.lastRow($0) }
    let horizons = preparation.plan.horizons
    let truths = horizons.map { horizon in lastRows.map { data.target[$0 + horizon] } }
    func line(_ name: String, _ predictions: [[Double]]) throws(DataError) -> ForecastEvaluation.Line {
      let metrics = zip(predictions, truths).map { RegressionMetrics(predictions: $0, targets: $1) }
      if let index = metrics.firstIndex(where: { !$0.areFinite }) {
        let worst = Self.worst(predictions[index], truths[index])
        throw notFinite(name, data, row: lastRows[worst] + horizons[index])
      }
      return ForecastEvaluation.Line(name: name, metrics: metrics)
    }
    var naive: [NaiveForecast] = [.repeatLast]
    if let season = Season.usual(for: data.axis.step) { naive.append(.seasonal(season)) }
    var baselines: [ForecastEvaluation.Line] = []
    for forecast in naive where forecast.isPossible(windows) {
      baselines.append(
        try line(
          forecast.name,
          horizons.map { horizon in
            lastRows.map { data.target[forecast.sourceRow(lastRow: $0, horizon: horizon)] }
          }))
    }
    let regressions = regression.predictions(data.frame, windows)
    baselines.append(try line(LinearLeastSquares.name, regressions.map { all in chosen.map { all[$0] } }))
    let own = predictions(data, endingAt: lastRows, threads: threads)
    let evaluation = ForecastEvaluation(
      target: configuration.target, horizons: horizons,
      leads: horizons.map { data.axis.step == .rows ? "\($0)" : data.axis.step.duration($0) },
      examples: chosen.count,
      firstTarget: data.axis.label(at: windows.lastRow(first) + horizons[0]),
      lastTarget: data.axis.label(at: windows.lastRow(last) + preparation.plan.longestHorizon),
      model: try line(lineName, own),
      baselines: baselines, leftOut: naive.compactMap { leftOut($0, data, windows) })
    return (evaluation, lastRows, own)
  }

  /// `nil`: every window has the rows that the forecast looks at.
  private func leftOut(
    _ forecast: NaiveForecast, _ data: ForecastData, _ windows: Windows
  ) -> ForecastEvaluation.LeftOut? {
    let last = windows.lastRow(0)
    let sources = windows.plan.horizons.map { ($0, forecast.sourceRow(lastRow: last, horizon: $0)) }
    guard let (horizon, source) = sources.first(where: { $1 < 0 }) else { return nil }
    let distance = data.axis.step.duration(last + horizon - source)
    return ForecastEvaluation.LeftOut(
      name: forecast.name,
      reason:
        "the first value asked for, of \(data.axis.label(at: last + horizon)), has no row \(distance) before it in the file"
    )
  }

  /// Of the errors the first that is not a number, otherwise the largest.
  private static func worst(_ predictions: [Double], _ truths: [Double]) -> Int {
    let errors = zip(predictions, truths).map { abs($0 - $1) }
    return errors.firstIndex { !$0.isFinite } ?? errors.indices.max { errors[$0] < errors[$1] } ?? 0
  }

  /// The error for a forecast that is no number.
  ///
  /// - Parameter row: the one that is forecast.
  func notFinite(_ forecast: String, _ data: ForecastData, row: Int) -> DataError {
    .column(
      .forecastNotFinite(column: configuration.target, forecast: forecast),
      at: DataError.Place("\(data.source), \(data.axis.label(at: row))"))
  }

  /// What the model is called among the forecasts.
  var lineName: String { configuration.ridge == nil ? "recurrent network" : "network + linear path" }
}
