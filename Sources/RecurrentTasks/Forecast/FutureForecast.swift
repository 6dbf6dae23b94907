internal import Foundation
public import Recurrent
internal import RecurrentReports

/// What comes after the last row of a file.
public struct FutureForecast: Sendable, Equatable {
  /// One horizon's forecast.
  public struct Step: Sendable, Equatable {
    /// Rows after the last known value.
    public let horizon: Int
    /// When, or the row's number where the file has no times.
    public let time: String
    /// With the digits that single precision holds, in which networks compute.
    public let value: Double
  }

  /// The column that is forecast.
  public let target: String
  /// When the last known value was measured.
  public let origin: String
  /// One for each horizon, ascending.
  public let steps: [Step]
  /// Rows after the origin, whose target is not known.
  public let rowsAfter: Int

  /// RFC 4180: horizon, time, forecast.
  public var csv: String {
    CSVWriter.row(["horizon", "time", target])
      + steps.map { CSVWriter.row(["\($0.horizon)", $0.time, "\($0.value)"]) }.joined()
  }
}

extension ForecastModel {
  /// Forecasts from the last row whose target is known. Rows after it may give what is known ahead.
  ///
  /// - Throws: `DataError` where the series is shorter than a window, its target is missing throughout, or a column that
  ///   is known ahead ends too early, or where a forecast is not finite.
  public func forecastFuture(_ data: ForecastData) throws(DataError) -> FutureForecast {
    let last = try forecastOrigin(of: data)
    let plan = preparation.plan
    let made = predictions(data, endingAt: [last])
    if let index = made.firstIndex(where: { !$0[0].isFinite }) {
      throw notFinite(lineName, data, row: last + plan.horizons[index])
    }
    let steps = plan.horizons.enumerated().map { index, horizon in
      FutureForecast.Step(
        horizon: horizon, time: data.axis.label(at: last + horizon),
        value: withoutNoise(made[index][0], scale: preparation.outputs[index].scale))
    }
    return FutureForecast(
      target: configuration.target, origin: data.axis.label(at: last), steps: steps,
      rowsAfter: data.frame.rowCount - last - 1)
  }

  /// The last row whose target is known, from which a forecast starts.
  ///
  /// - Throws: as ``forecastFuture(_:)``.
  func forecastOrigin(of data: ForecastData) throws(DataError) -> Int {
    guard let last = data.isTargetMissing.lastIndex(of: false) else {
      throw .column(.targetWithoutValues(column: configuration.target), at: DataError.Place(data.source))
    }
    let plan = preparation.plan
    guard last + 1 >= plan.length else {
      throw .setup(.seriesTooShort(part: nil, rows: last + 1, window: plan.length, horizon: 0))
    }
    let future = data.frame.rowCount - last - 1
    guard preparation.aheadColumns.isEmpty || future >= plan.longestHorizon else {
      throw .setup(.futureTooShort(rows: future, horizon: plan.longestHorizon))
    }
    for known in data.isKnownAheadMissing {
      if let row = (last + 1..<last + 1 + plan.longestHorizon).first(where: { known.isMissing[$0] }) {
        throw .column(
          .missing(column: known.column, count: 1),
          at: DataError.Place("\(data.source), \(data.axis.label(at: row))"))
      }
    }
    return last
  }
}

/// The decimal with the fewest digits that is the same number in single precision, in which the network computes: further
/// digits would say nothing. Where single precision is coarse beside the changes that are forecast, as for a series that
/// lies far from zero, the digits go down to a ten-thousandth of their usual size.
///
/// - Parameter scale: of the network's output, in the target's unit.
package func withoutNoise(_ value: Double, scale: Double) -> Double {
  let single = Float(value)
  let finest = abs(scale) * 1e-4
  if single.isFinite, Double(single.ulp) <= finest, let short = Double("\(single)") { return short }
  if value.magnitude < 1e15 {
    var (decimals, unit) = (0, 1.0)
    while unit > finest && decimals < 300 { (decimals, unit) = (decimals + 1, unit / 10) }
    return Double(NumberFormat.fixed(decimals).text(value)) ?? value
  }
  // Also beyond single precision: its digits at least, and all that a number has at most.
  let digits = log10(value.magnitude).rounded(.down) - log10(finest).rounded(.down)
  return Double(NumberFormat.scientific(Int(min(max(digits, 7), 16))).text(value)) ?? value
}
