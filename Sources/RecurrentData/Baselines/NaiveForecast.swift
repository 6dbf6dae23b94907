/// Forecasts that need no training, to hold a model against.
public enum NaiveForecast: Equatable, Sendable {
  /// The value at the window's last row, for every horizon.
  case repeatLast
  /// The value one season before the target row; for horizons beyond a season, as many seasons before as are needed to
  /// reach a row that is known at the window's end.
  case seasonal(Season)

  /// `repeat the last value`, `same hour yesterday`.
  public var name: String {
    switch self {
    case .repeatLast: "repeat the last value"
    case .seasonal(let season): season.name
    }
  }

  /// The row whose value is the forecast.
  public func sourceRow(lastRow: Int, horizon: Int) -> Int {
    switch self {
    case .repeatLast: lastRow
    case .seasonal(let season):
      lastRow + horizon - (horizon + season.rows - 1) / season.rows * season.rows
    }
  }

  /// Whether every window has the rows that the forecast looks at: a season may reach before the series' first row.
  public func isPossible(_ windows: Windows) -> Bool {
    windows.plan.horizons.allSatisfy { sourceRow(lastRow: windows.lastRow(0), horizon: $0) >= 0 }
  }

  /// Predictions `[horizon][window]`.
  ///
  /// - Precondition: `isPossible(windows)`.
  public func predictions(of series: [Double], _ windows: Windows) -> [[Double]] {
    precondition(isPossible(windows), "naive forecast \(name): looks before the first row")
    return windows.plan.horizons.map { horizon in
      windows.indices.map { series[sourceRow(lastRow: windows.lastRow($0), horizon: horizon)] }
    }
  }
}
