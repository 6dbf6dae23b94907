internal import Foundation
internal import Recurrent
internal import RecurrentTasks

/// D2L's wrong use of a bidirectional network: as a language model it sees the token that it is asked for. The perplexity is a
/// leak, what it writes is babble, and without the future it knows less than a forward model.
struct TimeMachineMisuse: Reproduction {
  static let name = "d2l-bilstm-misuse"
  static let summary =
    "D2L's bidirectional language model, whose perplexity is a leak, beside a forward control"
  static let data: String? = "timemachine.txt"
  static let seeds = 1
  static let epochs = 500

  let settings: ReproductionSettings

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "a bidirectional language model, at most \(settings.epochs) epochs")
    let corpus = try TimeMachine.corpus(settings.data ?? "")
    let lstm = CellConfiguration(.lstm, size: 256)
    let both = LayerConfiguration.bidirectional(forward: lstm, reverse: lstm)
    let trained = try settings.sideBySide(
      [("bidirectional", [both, both]), ("forward", [.recurrent(lstm), .recurrent(lstm)])]
    ) { network, threads in
      try self.trained(network.1, corpus, threads: threads, progress, network.0)
    }
    let (leak, control) = (trained[0], trained[1])
    let text = corpus.part(0..<10_000)
    let masked = exp(leak.model.scoreWithoutFuture(text.part(0..<2000), threads: settings.threads).mean)
    let babble = try TimeMachine.continuation(leak.model, allowsLeak: true)
    let written = try TimeMachine.continuation(control.model)
    report.tables.append(
      .init(
        "Perplexity of the training text",
        columns: [
          "network", "parameters, PyTorch's count", "perplexity", "without the future",
          "after 'time traveller'",
        ],
        rows: [
          [
            "bidirectional (LEAK)", "\(Self.parametersOfPyTorch(leak.network.layout))",
            decimals(leak.perplexity, 3), decimals(masked, 1), babble,
          ],
          [
            "forward control", "\(Self.parametersOfPyTorch(control.network.layout))",
            decimals(control.perplexity, 3), "the same", written,
          ],
        ],
        note:
          "published: 1.1, and 'time travellerererererer…'; without the future: on the first 2,000 letters"))
    let label = leak.model.evaluate(text.part(0..<200), baselines: nil).verdict
    report.checks = [
      .init(
        "2,177,052 parameters with two biases a gate, as PyTorch has them",
        found: "\(Self.parametersOfPyTorch(leak.network.layout))",
        passed: Self.parametersOfPyTorch(leak.network.layout) == 2_177_052),
      .init(
        "the leak's perplexity at most 1.1", found: decimals(leak.perplexity, 3),
        passed: leak.perplexity <= 1.1),
      .init("its evaluation is labelled a leak", found: label, passed: label.hasPrefix("LEAK")),
      .init("without the future above 2", found: decimals(masked, 2), passed: masked > 2),
      .init(
        "what the control writes stands in the text, the babble does not",
        found:
          "longest copied run: \(Self.longestRun(of: written, in: text)) against \(Self.longestRun(of: babble, in: text))",
        // Words of four or five letters stand in any text; twice as much cannot be chance.
        passed: Self.longestRun(of: written, in: text) > 2 * Self.longestRun(of: babble, in: text)),
      try tenLayers(corpus),
    ]
    return report
  }

  private func trained(
    _ layers: [LayerConfiguration], _ corpus: TokenCorpus, threads: Int, _ progress: (String) -> Void,
    _ name: String
  ) throws -> (model: LanguageModel, network: SequenceModel<Float>, perplexity: Double) {
    var run = try LanguageModelTraining(
      TimeMachine.configuration(layers, rate: 1, epochs: settings.epochs, seed: 1), corpus: corpus,
      threads: threads)
    while let event = try run.next() {
      guard case .epoch(let record) = event, record.epoch % 50 == 0 else { continue }
      progress("\(name), epoch \(record.epoch): perplexity \(decimals(exp(record.trainingLoss), 3))")
    }
    let perplexity = exp(run.trainer.state.progress.best?.loss ?? .infinity)
    progress("\(name): perplexity \(decimals(perplexity, 3))")
    return (run.model, run.network, perplexity)
  }

  /// The exercise's ten bidirectional layers: built, and a step made.
  private func tenLayers(_ corpus: TokenCorpus) throws -> ReproductionReport.Check {
    let lstm = CellConfiguration(.lstm, size: 256)
    let layers = [LayerConfiguration](repeating: .bidirectional(forward: lstm, reverse: lstm), count: 10)
    var run = try LanguageModelTraining(
      TimeMachine.configuration(layers, rate: 1, epochs: 1, seed: 1), corpus: corpus,
      threads: settings.threads)
    let before = run.trainer.state.parameters
    _ = try run.next()
    let count = Self.parametersOfPyTorch(run.network.layout)
    return .init(
      "ten bidirectional layers, 14,792,732 parameters, train a step", found: "\(count)",
      passed: count == 14_792_732 && run.trainer.state.parameters != before)
  }

  /// PyTorch has two biases where one is needed.
  private static func parametersOfPyTorch(_ layout: ParameterLayout) -> Int {
    layout.count
      + layout.slots.filter { $0.isVector && $0.name.hasPrefix("recurrent") }.reduce(0) { $0 + $1.count }
  }

  /// The longest stretch of letters that stands in the text word for word.
  private static func longestRun(of written: String, in text: TokenCorpus) -> Int {
    let whole = text.vocabulary.decode(text.ids(in: 0..<text.count)).joined()
    let letters = Array(written)
    var longest = 0
    for start in letters.indices {
      while start + longest < letters.count,
        whole.contains(String(letters[start...(start + longest)]))
      {
        longest += 1
      }
    }
    return longest
  }
}
