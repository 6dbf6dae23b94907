internal import Recurrent
public import RecurrentReports

extension ForecastEvaluation {
  /// A line for each horizon and forecast: R², MAE and RMSE, the model's first.
  public func table(unit: String? = nil) -> ReportTable {
    let of = unit.map { " (\($0))" } ?? ""
    var table = ReportTable([
      .text("horizon"), .text("forecast"), .number("R²"), .number("MAE\(of)"), .number("RMSE\(of)"),
    ])
    for index in horizons.indices {
      for line in [model] + baselines {
        let metrics = line.metrics[index]
        table.append(
          [
            line == model ? leads[index] : "", line.name,
            metrics.rSquared.map { NumberFormat.fixed(4).text($0) } ?? "–",
            NumberFormat.significant(4).text(metrics.meanAbsoluteError),
            NumberFormat.significant(4).text(metrics.rootMeanSquaredError),
          ], emphasized: isBest(line, index))
      }
    }
    return table
  }

  private func isBest(_ line: Line, _ horizon: Int) -> Bool {
    let all = ([model] + baselines).compactMap { $0.metrics[horizon].rSquared }
    return line.metrics[horizon].rSquared != nil && line.metrics[horizon].rSquared == all.max()
  }

  /// "better than every baseline at every horizon", or where it is not.
  public var verdict: String {
    let worse = horizons.indices.filter { horizon in
      guard let own = model.metrics[horizon].rSquared, let best = bestBaseline(horizon) else { return true }
      return own <= (best.metrics[horizon].rSquared ?? -.infinity)
    }
    if worse.isEmpty { return "The network's R² is above every baseline's at every horizon." }
    let places = worse.map { horizon in
      "\(leads[horizon]) (\(bestBaseline(horizon)?.name ?? "no baseline") is better)"
    }
    return "The network is NOT above every baseline: " + places.joined(separator: ", ") + "."
  }

  /// The same numbers for programs.
  public var json: JSONValue {
    func line(_ line: Line) -> JSONValue {
      [
        "name": .string(line.name),
        "horizons": .array(
          zip(horizons, line.metrics).map { horizon, metrics in
            [
              "horizon": .integer(horizon), "r2": metrics.rSquared.map { .number($0) } ?? .null,
              "mae": .number(metrics.meanAbsoluteError), "rmse": .number(metrics.rootMeanSquaredError),
              "examples": .integer(metrics.count),
            ]
          }),
      ]
    }
    return [
      "target": .string(target), "examples": .integer(examples), "first_target": .string(firstTarget),
      "last_target": .string(lastTarget), "model": line(model), "baselines": .array(baselines.map(line)),
      "left_out": .array(leftOut.map { ["name": .string($0.name), "reason": .string($0.reason)] }),
      "beats_every_baseline": .boolean(beatsEveryBaseline),
    ]
  }
}
