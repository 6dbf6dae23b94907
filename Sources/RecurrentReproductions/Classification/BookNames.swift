internal import Recurrent
internal import RecurrentTasks

/// Names of ten languages, from microsoft/ai-edu 19.5: 29 one-hot inputs, 16 hidden units of tanh, 10 softmax outputs at the last
/// step, no biases. The accuracy that is published is that on the training data; a held-out tenth stands beside it.
struct BookNames: Reproduction {
  static let name = "ai-edu-19.5"
  static let summary = "ai-edu's names of ten languages, by a simple RNN of 880 parameters"
  static let data: String? = "ch19.name_language.txt"
  static let seeds = 3
  static let epochs = 100

  let settings: ReproductionSettings

  /// The letters, then the space, the comma and the apostrophe: only letters occur.
  private static let symbols = Array("abcdefghijklmnopqrstuvwxyz ,'").map(String.init)

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "names of ten languages, \(settings.epochs) epochs")
    var reading = ClassifierReading()
    (reading.textColumn, reading.labelColumn) = (1, 2)
    let data = try reading.read(settings.data ?? "")
    report.checks.append(
      .init(
        "4,400 names of 10 languages", found: "\(data.count) of \(data.labelNames.count)",
        passed: data.count == 4400 && data.labelNames.count == 10))
    try addBook(data, to: &report, progress)
    try addHeldOut(data, to: &report, progress)
    return report
  }

  // MARK: The book's network on its training data

  private func network(_ layout: inout ParameterLayout) -> SequenceModel<Float> {
    let cell = SimpleRNNCell<Float>(
      inputSize: Self.symbols.count, hiddenSize: 16, activation: .tanh, bias: false, named: "recurrent",
      in: &layout)
    let head = Linear<Float>(inputSize: 16, outputSize: 10, bias: false, named: "output", in: &layout)
    return SequenceModel(
      body: RecurrentLayer(cell), positions: .last, head: head, loss: .softmaxCrossEntropy(), layout: layout)
  }

  private func addBook(
    _ data: ClassifierData, to report: inout ReproductionReport, _ progress: (String) -> Void
  ) throws {
    guard case .texts(let texts) = data.examples else { return }
    let vocabulary = try Vocabulary(tokens: Self.symbols, source: data.source)
    let tokenizer = Tokenizer(.characters)
    let sequences = ClassifierSequences.symbols(
      try texts.texts.map { try vocabulary.encode(tokenizer.tokens(of: $0), source: data.source) },
      vocabulary: vocabulary.count)
    let source = ClassifierSource(sequences: sequences, targets: data.labels)
    var layout = ParameterLayout()
    let network = network(&layout)
    let recipes: [(name: String, options: TrainerOptions)] = [
      ("the book's descent, rate 0.02, batches of 8", TrainerOptions(optimizer: .sgd(), learningRate: 0.02)),
      (
        "Adam, rate 0.005 falling along a cosine, batches of 8",
        TrainerOptions(
          optimizer: .adam(), learningRate: 0.005, schedule: .cosine(total: settings.epochs),
          clipping: .norm(1))
      ),
    ]
    var (rows, best): ([[String]], Double) = ([], 0)
    for recipe in recipes {
      var shares: [Double] = []
      for seed in 1...settings.seeds {
        var options = recipe.options
        (options.epochs, options.batchSize, options.seed) = (settings.epochs, 8, UInt64(seed))
        var trainer = try Trainer(model: network, source: source, options: options, threads: settings.threads)
        while try trainer.next() != nil {}
        let runner = InferenceModel(network, parameters: trainer.state.selectedParameters).runner(
          threads: settings.threads)
        let logits = ClassifierLogits(sequences, group: 64) { input in
          var outputs: [Float] = []
          if case .symbols(let symbols) = input { runner.run(symbols, into: &outputs) }
          return outputs
        }
        let right = zip(logits.values, data.labels).count { $0.firstIndex(of: $0.max() ?? 0) == $1 }
        shares.append(100 * Double(right) / Double(data.count))
        progress("\(recipe.name), seed \(seed): \(decimals(shares[seed - 1], 1)) %")
      }
      rows.append([recipe.name, "\(layout.count)", spread(shares, 1)])
      best = max(best, mean(shares))
    }
    rows.append(["published, the epoch of the best loss", "880", "74.0"])
    rows.append(["published, the last epoch", "880", "67.9"])
    report.tables.append(
      .init(
        "Accuracy on the training data, as the book gives it",
        columns: ["training", "parameters", "accuracy, %"], rows: rows,
        note: "batches are of any names here, and of names of one length in the book"))
    report.checks += [
      .init("880 parameters", found: "\(layout.count)", passed: layout.count == 880),
      .init(
        "at least 74.0 % of the training data", found: "\(decimals(best, 1)) %", passed: best >= 74),
    ]
  }

  // MARK: A held-out tenth

  private func addHeldOut(
    _ data: ClassifierData, to report: inout ReproductionReport, _ progress: (String) -> Void
  ) throws {
    var evaluations: [ClassifierEvaluation] = []
    for seed in 1...settings.seeds {
      var configuration = ClassifierConfiguration()
      configuration.training.seed = UInt64(seed)
      evaluations.append(
        try ClassificationRuns.evaluation(configuration, data, threads: settings.threads))
      progress("held-out tenth, seed \(seed): \(evaluations[seed - 1].verdict)")
    }
    let lines = evaluations[0].baselines
    report.tables.append(
      .init(
        "\(evaluations[0].model.score.count) held-out names", columns: ClassificationRuns.columns,
        rows: [ClassificationRuns.row("bidirectional LSTM, the command's defaults", evaluations)]
          + ClassificationRuns.rows(lines)))
    let accuracy = mean(evaluations.map(\.model.score.accuracy))
    report.checks.append(
      .init(
        "on held-out names, above the most frequent class", found: decimals(100 * accuracy, 1) + " %",
        passed: accuracy > lines[0].score.accuracy))
  }
}
