internal import Recurrent
public import RecurrentReports

/// The page `report.html` of a fill model: figures beside counting, the curve, gaps of held-out sentences.
public struct FillModelReport {
  let training: FillTraining
  let evaluation: FillEvaluation

  /// Of a run and its figures.
  public init(_ training: FillTraining, _ evaluation: FillEvaluation) {
    (self.training, self.evaluation) = (training, evaluation)
  }

  /// The page, which stands alone.
  public func page() -> HTMLReport {
    let progress = training.trainer.state.progress
    return HTMLReport(
      title: "Filling gaps", subtitle: training.source,
      sections: [
        .init("Figures", [.paragraph(evaluation.verdict), .table(evaluation.table())]),
        .init("Training", [.figure(lossChart)]),
        .init("Gaps", [.table(gaps)]),
        .init(
          "How it was made",
          [
            .paragraph(
              "\(training.training.count) sentences of training, \(training.validation.count) that choose the epoch, \(training.heldOut.count) held out; a vocabulary of \(training.vocabulary.count); \(training.network.layout.count) parameters; \(progress.update) updates in \(progress.epoch) epochs."
            ),
            .configuration("Configuration", configuration),
          ]),
      ])
  }

  private var lossChart: LineChart {
    let curve = training.trainer.state.progress.curve
    let best = training.trainer.state.progress.best
    return LineChart(
      title: "Loss by epoch", x: .init("epoch"), y: .init("nats a token"),
      series: [.init("training", y: curve.map(\.trainingLoss))]
        + (training.validation.isEmpty
          ? [] : [.init("validation", y: curve.map { $0.validationLoss ?? .nan })]),
      markers: best.map { [.init(.vertical, at: Double($0.epoch), label: "best")] } ?? [])
  }

  /// The middle token of the first held-out sentences.
  private var gaps: ReportTable {
    let (model, marker) = (training.model, training.configuration.marker)
    let filler = TextFiller(model)
    let tokenizer = training.configuration.tokenizer
    var table = ReportTable([
      .text("text"), .text("stood there"), .text("fillings"), .number("entropy, nats"),
    ])
    for tokens in training.heldOutText.prefix(10) {
      var gapped = tokens
      let middle = tokens.count / 2
      gapped[middle] = marker
      let text = tokenizer.text(of: gapped)
      guard let gap = try? filler.fill(text, top: 3, marker: marker).first else { continue }
      let fillings = gap.fillings.map { "\($0.token) \(NumberFormat.fixed(2).text($0.probability))" }
      table.append([
        text, tokens[middle], fillings.joined(separator: ", "), NumberFormat.fixed(2).text(gap.entropy),
      ])
    }
    return table
  }

  private var configuration: JSONValue {
    let bytes = RunFolder.encode(training.configuration)
    return (try? JSONValue(parsing: bytes, name: "configuration")) ?? .null
  }
}
