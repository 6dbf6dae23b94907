internal import Recurrent
public import RecurrentReports

/// The page `report.html` of a tagger: figures beside the baseline, entities, confusions, the curve.
public struct TaggerReport {
  let training: TaggerTraining
  let evaluation: TaggerEvaluation

  /// Of a run and its figures.
  public init(_ training: TaggerTraining, _ evaluation: TaggerEvaluation) {
    (self.training, self.evaluation) = (training, evaluation)
  }

  /// The page, which stands alone.
  public func page() -> HTMLReport {
    let progress = training.trainer.state.progress
    let figures: [HTMLReport.Block] = [.paragraph(evaluation.verdict), .table(evaluation.table())]
    let vocabulary = training.vocabulary
    return HTMLReport(
      title: "Tagger", subtitle: training.trainingText.source,
      sections: [
        .init("Figures", figures + (evaluation.entityTable().map { [.table($0)] } ?? [])),
        .init(
          "What was confused",
          evaluation.confusionTable().map { [.table($0)] } ?? [.paragraph("No tag was wrong.")]),
        .init("Training", [.figure(lossChart)]),
        .init(
          "How it was made",
          [
            .paragraph(
              "\(training.trainingText.words.count) sentences of training, \(training.validationText?.words.count ?? 0) that choose the epoch, \(training.heldOutText?.words.count ?? 0) held out; \(vocabulary.words.count) words with vectors, \(vocabulary.characters.count) characters, \(vocabulary.tags.count) tags; \(training.network.layout.count) parameters; \(progress.update) updates in \(progress.epoch) epochs."
            ),
            .configuration("Configuration", configuration),
          ]),
      ])
  }

  private var lossChart: LineChart {
    let curve = training.trainer.state.progress.curve
    let best = training.trainer.state.progress.best
    return LineChart(
      title: "Loss by epoch", x: .init("epoch"), y: .init("nats a word"),
      series: [.init("training", y: curve.map(\.trainingLoss))]
        + (training.validationText == nil
          ? [] : [.init("validation", y: curve.map { $0.validationLoss ?? .nan })]),
      markers: best.map { [.init(.vertical, at: Double($0.epoch), label: "best")] } ?? [])
  }

  private var configuration: JSONValue {
    let bytes = RunFolder.encode(training.configuration)
    return (try? JSONValue(parsing: bytes, name: "configuration")) ?? .null
  }
}
