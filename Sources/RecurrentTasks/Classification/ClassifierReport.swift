internal import Recurrent
public import RecurrentReports

/// The page `report.html` of a classifier: figures beside the baselines, classes, mistakes, calibration, the curve.
public struct ClassifierReport {
  let training: ClassifierTraining
  let evaluation: ClassifierEvaluation

  /// Of a run and its figures.
  public init(_ training: ClassifierTraining, _ evaluation: ClassifierEvaluation) {
    (self.training, self.evaluation) = (training, evaluation)
  }

  /// The page, which stands alone.
  public func page() -> HTMLReport {
    let progress = training.trainer.state.progress
    return HTMLReport(
      title: "Classifier", subtitle: training.trainingData.source,
      sections: [
        .init("Figures", [.paragraph(evaluation.verdict), .table(evaluation.table())] + warnings),
        .init("Classes", [.table(evaluation.classTable())] + confusion),
        .init(
          "Calibration",
          [
            .paragraph(
              "Where the network says p, it should be right in p of all cases. The expected calibration error is \(ClassifierEvaluation.percent(evaluation.calibrationError))."
            ), .table(calibrationTable),
          ]),
        .init("Training", [.figure(lossChart)]),
        .init(
          "How it was made",
          [
            .paragraph(
              "\(training.trainingData.count) \(evaluation.noun) of training, \(training.validationData?.count ?? 0) that choose the epoch, \(training.heldOutData?.count ?? 0) held out; \(training.labels.count) classes; \(training.network.layout.count) parameters; \(progress.update) updates in \(progress.epoch) epochs."
            ),
            .configuration("Configuration", configuration),
          ]),
      ])
  }

  private var warnings: [HTMLReport.Block] {
    switch evaluation.part {
    case .heldOut, .file: []
    case .validation:
      [
        .note(
          "These examples chose the epoch, so the figures flatter a little; hold some out with --test-share.")
      ]
    case .training:
      [.note("The network has learned from these examples, so the figures say nothing about others.")]
    }
  }

  /// A wide matrix helps nobody.
  private var confusion: [HTMLReport.Block] {
    evaluation.model.score.classes.count <= 40 ? [.table(evaluation.confusionTable())] : []
  }

  private var calibrationTable: ReportTable {
    var table = ReportTable([.number("examples"), .number("mean probability"), .number("right")])
    for range in evaluation.calibration {
      table.append([
        "\(range.count)", ClassifierEvaluation.percent(range.confidence),
        ClassifierEvaluation.percent(range.accuracy),
      ])
    }
    return table
  }

  private var lossChart: LineChart {
    let progress = training.trainer.state.progress
    let curve = progress.curve
    return LineChart(
      title: "Loss by epoch", x: .init("epoch"), y: .init("nats an example"),
      series: [.init("training", y: curve.map(\.trainingLoss))]
        + (training.validationData == nil
          ? [] : [.init("validation", y: curve.map { $0.validationLoss ?? .nan })]),
      markers: progress.best.map { [.init(.vertical, at: Double($0.epoch), label: "best")] } ?? [])
  }

  private var configuration: JSONValue {
    let bytes = RunFolder.encode(training.configuration)
    return (try? JSONValue(parsing: bytes, name: "configuration")) ?? .null
  }
}
