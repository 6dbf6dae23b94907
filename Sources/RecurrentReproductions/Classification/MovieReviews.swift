internal import Recurrent
internal import RecurrentTasks

/// Sentences of film reviews, positive or negative (Pang and Lee, ACL 2005), by ten-fold cross-validation, without vectors from
/// elsewhere.
struct MovieReviews: Reproduction {
  static let name = "rt-polarity"
  static let summary = "the sentiment of 10,662 sentences about films, by ten-fold cross-validation"
  static let data: String? = "the folder with rt-polarity.pos and rt-polarity.neg, also compressed"
  static let seeds = 1
  static let epochs = 8

  let settings: ReproductionSettings

  private static let folds = 10

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "sentiment of sentences about films, \(settings.epochs) epochs")
    let folder = settings.data ?? ""
    let texts = try LabelledTexts(
      files: [
        ("negative", settings.path("rt-polarity.neg")), ("positive", settings.path("rt-polarity.pos")),
      ],
      isLineByLine: true, encoding: .latin1)
    let data = ClassifierData(.texts(texts), source: folder)
    let byFold = try (1...settings.seeds).map { seed in
      let split = try StratifiedSplit(
        folds: Self.folds, labels: texts.labels, groups: texts.distinctTexts, seed: UInt64(seed))
      return try settings.sideBySide(Array(0..<Self.folds)) { fold, threads in
        let evaluation = try ClassificationRuns.evaluation(
          configuration(seed), data.selecting(split.others(than: fold)),
          test: data.selecting(split.parts[fold]), threads: threads)
        progress("seed \(seed), fold \(fold + 1): \(evaluation.verdict)")
        return evaluation
      }
    }
    func row(_ name: String, _ accuracy: (ClassifierEvaluation) -> Double) -> [String] {
      let runs = byFold.map { 100 * mean($0.map(accuracy)) }
      let folds = byFold.joined().map { 100 * accuracy($0) }
      return [
        name, spread(runs, 1), "\(decimals(folds.min() ?? 0, 1)) to \(decimals(folds.max() ?? 0, 1))",
      ]
    }
    let accuracies = byFold.joined().map(\.model.score.accuracy)
    report.tables.append(
      .init(
        "Accuracy over ten folds, %", columns: ["classifier", "mean", "folds"],
        rows: [row("bidirectional LSTM, largest over the steps") { $0.model.score.accuracy }]
          + byFold[0][0].baselines.indices.map { index in
            row(byFold[0][0].baselines[index].name) { $0.baselines[index].score.accuracy }
          } + [
            ["published: CNN, vectors from this data alone (Kim 2014)", "76.1", ""],
            ["published: CNN, vectors of word2vec (Kim 2014)", "81.5", ""],
          ],
        note: "a tenth of the other nine folds chose the epoch"))
    report.checks = [
      .init(
        "5,331 sentences of either class",
        found: "\(texts.labels.count { $0 == 0 }) and \(texts.labels.count { $0 == 1 })",
        passed: texts.labels.count { $0 == 0 } == 5331 && texts.labels.count == 10_662),
      .init(
        "at least 75 % over ten folds", found: decimals(100 * mean(accuracies), 2) + " %",
        passed: mean(accuracies) >= 0.75),
    ]
    return report
  }

  private func configuration(_ seed: Int) -> ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    configuration.tokenizer = Tokenizer(.words)
    configuration.vocabulary.minimumCount = 2
    configuration.embeddingSize = 100
    configuration.wordDropout = 0.3
    configuration.layers = [ClassificationRuns.bidirectional(.lstm, 64)]
    configuration.pooling = .maximum
    configuration.dropout = 0.5
    configuration.training.batchSize = 32
    configuration.training.epochs = settings.epochs
    configuration.training.schedule = .cosine(total: settings.epochs)
    configuration.training.seed = UInt64(seed)
    return configuration
  }
}
