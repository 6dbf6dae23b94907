internal import Foundation
internal import Recurrent
public import RecurrentReports

/// The page `report.html` of a language model: figures beside the baselines, the curve, a sample.
public struct LanguageModelReport {
  let training: LanguageModelTraining
  let evaluation: LanguageModelEvaluation

  /// Of a run and its figures.
  public init(_ training: LanguageModelTraining, _ evaluation: LanguageModelEvaluation) {
    (self.training, self.evaluation) = (training, evaluation)
  }

  /// The page, which stands alone.
  public func page() -> HTMLReport {
    let progress = training.trainer.state.progress
    return HTMLReport(
      title: "Language model", subtitle: training.trainingText.source,
      sections: [
        .init(
          "Figures",
          [
            evaluation.isLeak ? .note(evaluation.verdict) : .paragraph(evaluation.verdict),
            .table(evaluation.table()),
          ]),
        .init("Training", [.figure(lossChart)]),
        .init("Samples", samples),
        .init(
          "How it was made",
          [
            .paragraph(
              "\(training.trainingText.count) tokens of training, \(training.validationText?.count ?? 0) that choose the epoch, \(training.heldOutText?.count ?? 0) held out; a vocabulary of \(training.trainingText.vocabulary.count); \(training.network.layout.count) parameters; \(progress.update) updates in \(progress.epoch) epochs."
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
        + (training.validationText == nil
          ? [] : [.init("validation", y: curve.map { $0.validationLoss ?? .nan })]),
      markers: best.map { [.init(.vertical, at: Double($0.epoch), label: "best")] } ?? [])
  }

  /// Texts that begin with the training text's first tokens.
  private var samples: [HTMLReport.Block] {
    let model = training.model
    let tokenizer = model.configuration.tokenizer
    let count = min(training.trainingText.count, 12)
    let prompt = tokenizer.text(of: model.vocabulary.decode(training.trainingText.ids(in: 0..<count)))
    return [0.5, 0.8, 1].compactMap { temperature in
      guard
        var generator = try? TextGenerator(
          model, prompt: prompt, rule: SamplingRule(temperature: temperature), allowsLeak: true)
      else { return nil }
      let tokens = (0..<200).compactMap { _ in generator.next() }
      return .preformatted("temperature \(temperature): \(prompt)|\(tokenizer.text(of: tokens))")
    }
  }

  private var configuration: JSONValue {
    let bytes = RunFolder.encode(training.configuration)
    return (try? JSONValue(parsing: bytes, name: "configuration")) ?? .null
  }
}
