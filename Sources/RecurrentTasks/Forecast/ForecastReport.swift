internal import Foundation
internal import Recurrent
public import RecurrentReports

/// The page `report.html` of a forecaster: figures beside the baselines, curves, a stretch of days, errors, residuals.
public struct ForecastReport {
  let training: ForecastTraining
  let evaluation: ForecastEvaluation
  let lastRows: [Int]
  /// `[horizon][example]`.
  let predictions: [[Double]]

  /// Of a run, and what ``ForecastModel/evaluate(_:_:threads:)`` made of its held-out windows.
  public init(
    _ training: ForecastTraining,
    _ scored: (evaluation: ForecastEvaluation, lastRows: [Int], predictions: [[Double]])
  ) {
    self.training = training
    (evaluation, lastRows, predictions) = scored
  }

  private var data: ForecastData { training.data }

  /// The page, which stands alone: charts are drawn in it, and nothing is fetched.
  public func page() -> HTMLReport {
    let horizons = evaluation.horizons
    return HTMLReport(
      title: "Forecast of \(evaluation.target)",
      subtitle: "\(data.source), \(evaluation.examples) held-out windows",
      sections: [
        .init(
          "Figures",
          [
            .paragraph(evaluation.verdict), .table(evaluation.table()),
          ] + evaluation.leftOut.map { .paragraph($0.description) } + [
            .paragraph(
              "R² is 1 − MSE / variance of the held-out values. Every forecast is scored on the same windows, whose targets lie between \(evaluation.firstTarget) and \(evaluation.lastTarget); nothing was fitted on them."
            )
          ]),
        .init("Training", [.paragraph(bestEpoch), .figure(lossChart)]),
        .init(
          "Forecast and truth",
          [.figure(stretchChart(horizon: 0))]
            + (horizons.count > 1 ? [.figure(stretchChart(horizon: horizons.count - 1))] : [])),
        .init(
          "Errors",
          [.figure(errorChart)] + horizons.indices.map { .figure(residualHistogram($0)) }
            + [.figure(scatter(horizons.count - 1))]),
        .init(
          "How it was made",
          [
            .paragraph(training.split.describe(data.axis)),
            .paragraph(data.preparation.plan.describe(step: data.axis.step)), .paragraph(inputs),
          ] + (unmeasured + data.fills.map { $0.describe() } + data.notices).map { .paragraph($0) } + [
            .configuration("Configuration", configurationValue)
          ]),
      ])
  }

  /// Which columns of the file the network sees, and which it does not.
  private var inputs: String {
    let encoder = data.preparation.encoder
    let names = encoder.features.map(\.feature.column) + encoder.calendar.flatMap(\.columnNames)
    return (["inputs: " + names.joined(separator: ", ")] + training.leftOut).joined(separator: "; ")
  }

  /// Why fewer windows are scored than are held out.
  private var unmeasured: [String] {
    let missing = training.split.test.count - evaluation.examples
    return missing == 0
      ? []
      : ["\(missing) of the held-out windows are not scored: a value that they ask for was not measured"]
  }

  private var bestEpoch: String {
    guard let best = training.trainer.state.progress.best else { return "" }
    return
      "The epoch with the lowest validation loss, \(best.epoch) of \(training.trainer.state.progress.epoch), was kept. Where the validation loss rises again while the training loss falls, the network has begun to learn the training rows by heart."
  }

  private var lossChart: LineChart {
    let curve = training.trainer.state.progress.curve
    let best = training.trainer.state.progress.best
    return LineChart(
      title: "Loss by epoch", x: .init("epoch"),
      y: .init("½ squared error, normalised (log scale)", scale: .logarithmic),
      series: [
        .init("training", y: curve.map(\.trainingLoss)),
        .init("validation", y: curve.map { $0.validationLoss ?? .nan }),
      ],
      markers: best.map { [.init(.vertical, at: Double($0.epoch), label: "best")] } ?? [])
  }

  /// The first week of the held-out windows, or as much as there is.
  private func stretchChart(horizon index: Int) -> LineChart {
    let season = Season.usual(for: data.axis.step)?.rows ?? 24
    let count = min(lastRows.count, 7 * season)
    let horizon = evaluation.horizons[index]
    let rows = (0..<count).map { lastRows[$0] + horizon }
    let times = rows.map { row in
      data.axis.stamp(at: row).map { Double($0.milliseconds) / 1000 } ?? Double(row)
    }
    return LineChart(
      title:
        "\(evaluation.target), forecast \(evaluation.leads[index]) ahead: the first \(count) of \(lastRows.count) held-out windows",
      x: timeAxis,
      y: .init(evaluation.target),
      series: [
        .init("measured", x: times, y: rows.map { data.target[$0] }, isReference: true),
        .init("forecast", x: times, y: Array(predictions[index].prefix(count))),
      ])
  }

  /// The file's own clock: rows are counted where it has none, and no year is named that is not in it.
  private var timeAxis: Chart.Axis {
    if data.axis.start == nil { return .init("row") }
    return data.axis.hasYear
      ? .init("time", scale: .time) : .init("month and day", scale: .yearlessTime)
  }

  private var errorChart: BarChart {
    BarChart(
      title: "Root mean squared error by lead time", categoryLabel: "lead time",
      categories: evaluation.leads, y: .init("RMSE of \(evaluation.target)"),
      series: ([evaluation.model] + evaluation.baselines).map { line in
        .init(line.name, line.metrics.map(\.rootMeanSquaredError))
      })
  }

  private func truths(_ index: Int) -> [Double] {
    lastRows.map { data.target[$0 + evaluation.horizons[index]] }
  }

  private func residualHistogram(_ index: Int) -> Histogram {
    Histogram(
      title: "Residuals \(evaluation.leads[index]) ahead", x: .init("forecast − measured"),
      values: zip(predictions[index], truths(index)).map { $0 - $1 },
      markers: [.init(.vertical, at: 0, label: "0")])
  }

  private func scatter(_ index: Int) -> ScatterChart {
    ScatterChart(
      title: "Forecast against truth, \(evaluation.leads[index]) ahead", x: .init("measured"),
      y: .init("forecast"),
      series: [.init("held-out windows", x: truths(index), y: predictions[index])], hasDiagonal: true)
  }

  private var configurationValue: JSONValue {
    let bytes = RunFolder.encode(training.configuration)
    return (try? JSONValue(parsing: bytes, name: "configuration")) ?? .null
  }
}
