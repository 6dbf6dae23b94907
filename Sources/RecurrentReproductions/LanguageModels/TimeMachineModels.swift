internal import Foundation
internal import Recurrent
internal import RecurrentTasks

/// The character models of D2L's chapters on recurrent networks: The Time Machine's first 10,000 letters, learned by heart. The
/// perplexity printed there is that of the training text, and so is ours.
struct TimeMachineModels: Reproduction {
  static let name = "d2l-lm"
  static let summary = "D2L's character models of The Time Machine, by simple RNN, GRU, LSTM and a deep LSTM"
  static let data: String? = "timemachine.txt"
  static let seeds = 1
  static let epochs = 500

  let settings: ReproductionSettings

  private struct Network {
    let name: String
    let layers: [LayerConfiguration]
    let rate: Double
    /// Perplexity that must be reached, the published one, and published tokens a second on a GPU.
    let bound: Double, published: String, speed: String
  }

  private static let networks = [
    Network(
      name: "RNN", layers: [.recurrent(CellConfiguration(.simple(.tanh), size: 256))], rate: 1, bound: 1.3,
      published: "1.3", speed: "404,413.8"),
    Network(
      name: "GRU", layers: [.recurrent(CellConfiguration(.gru(.resetAfter), size: 256))], rate: 1, bound: 1.1,
      published: "1.0", speed: "109,423.8"),
    Network(
      name: "LSTM", layers: [.recurrent(CellConfiguration(.lstm, size: 256))], rate: 1, bound: 1.1,
      published: "1.1", speed: "234,815.0"),
    Network(
      name: "deep LSTM",
      layers: [
        .recurrent(CellConfiguration(.lstm, size: 256)), .recurrent(CellConfiguration(.lstm, size: 256)),
      ], rate: 2, bound: 1.05, published: "1.0", speed: "186,005.7"),
  ]

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "character models of The Time Machine, at most \(settings.epochs) epochs")
    let corpus = try TimeMachine.corpus(settings.data ?? "")
    report.checks.append(TimeMachine.check(corpus))
    var rows: [[String]] = []
    for network in Self.networks {
      var figures: [Double] = []
      var (seconds, tokens, text) = (0.0, 0, "")
      for seed in 1...settings.seeds {
        var run = try LanguageModelTraining(
          TimeMachine.configuration(network.layers, rate: network.rate, epochs: settings.epochs, seed: seed),
          corpus: corpus, threads: settings.threads)
        let start = ContinuousClock.now
        while try run.next() != nil {}
        seconds += start.duration(to: .now) / .seconds(1)
        tokens += run.trainer.source.count * run.configuration.steps * run.trainer.state.progress.epoch
        figures.append(exp(run.trainer.state.progress.best?.loss ?? .infinity))
        if seed == 1 { text = try TimeMachine.continuation(run.model) }
        progress("\(network.name), seed \(seed): perplexity \(decimals(figures[seed - 1], 3))")
      }
      rows.append([
        network.name, network.published, spread(figures, 3), network.speed,
        decimals(Double(tokens) / seconds, 0), text,
      ])
      report.checks.append(
        .init(
          "\(network.name): perplexity of the training text at most \(network.bound)",
          found: spread(figures, 3), passed: mean(figures) <= network.bound))
    }
    report.tables.append(
      .init(
        "Perplexity of the training text",
        columns: [
          "network", "published", "ours", "tokens/s, published GPU", "tokens/s here",
          "ours after 'time traveller', most probable letters",
        ], rows: rows,
        note:
          "published: d2l-zh, PyTorch, concise versions; the best of all epochs, as the loss before each update"
      ))
    return report
  }
}

/// What the experiments on The Time Machine share.
enum TimeMachine {
  static func corpus(_ path: String) throws -> TokenCorpus {
    try TokenCorpus(contentsOf: path, tokenizer: Tokenizer(.characters, folding: .letters))
  }

  static func check(_ corpus: TokenCorpus) -> ReproductionReport.Check {
    .init(
      "170,580 letters, 28 symbols", found: "\(corpus.count), \(corpus.vocabulary.count)",
      passed: corpus.count == 170_580 && corpus.vocabulary.count == 28)
  }

  /// Batch 32, 35 steps, plain gradient descent, clipping 1, the first 10,000 letters, nothing held out.
  static func configuration(
    _ layers: [LayerConfiguration], rate: Double, epochs: Int, seed: Int
  ) -> LanguageModelConfiguration {
    var configuration = LanguageModelConfiguration()
    configuration.tokenizer = Tokenizer(.characters, folding: .letters)
    configuration.tokenLimit = 10_000
    configuration.validationShare = 0
    configuration.testShare = 0
    configuration.layers = layers
    configuration.steps = 35
    configuration.training = TrainerOptions(
      epochs: epochs, batchSize: 32, optimizer: .sgd(), learningRate: rate, clipping: .norm(1),
      seed: UInt64(seed), shuffles: false, carriesState: true)
    return configuration
  }

  /// 50 letters after "time traveller", the most probable ones.
  static func continuation(_ model: LanguageModel, allowsLeak: Bool = false) throws -> String {
    var generator = try TextGenerator(
      model, prompt: "time traveller", rule: SamplingRule(temperature: 0), allowsLeak: allowsLeak)
    return (0..<50).compactMap { _ in generator.next() }.joined()
  }
}
