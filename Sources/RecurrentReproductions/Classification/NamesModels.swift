internal import Recurrent
internal import RecurrentTasks

/// Surnames of 18 languages, as in PyTorch's tutorial "Classifying names with a character-level RNN", which publishes a curve and
/// a confusion matrix only: so our figures stand beside naive Bayes on runs of characters, on a fifth of the names that no other
/// part has. Every run deals the names anew, since some languages have so few different ones (Arabic 108 of 2,000)
/// that what a deal holds out decides more than a network's seed does.
struct NamesModels: Reproduction {
  static let name = "names-18"
  static let summary = "the language of surnames from 18 countries, by their letters"
  static let data: String? = "the folder with a file of names for each language"
  static let seeds = 5
  static let epochs = 15

  let settings: ReproductionSettings

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "surnames of 18 languages, \(settings.epochs) epochs")
    let data = try ClassifierReading().read(settings.data ?? "")
    guard data.labelNames.count == 18 else {
      throw ReproductionDataError(
        "\(settings.data ?? ""): found \(data.labelNames.count) classes, expected a file of names for each of 18 languages; give --data the folder 'names' of PyTorch's tutorial"
      )
    }
    let evaluations = try settings.sideBySide(Array(1...settings.seeds)) { seed, threads in
      let evaluation = try ClassificationRuns.evaluation(configuration(seed), data, threads: threads) {
        progress("seed \(seed), \($0)")
      }
      progress("seed \(seed): \(evaluation.verdict)")
      return evaluation
    }
    /// The scores of each run: of the network, then of each baseline.
    let names = ["network"] + evaluations[0].baselines.map(\.name)
    let scores = names.indices.map { place in
      evaluations.map { place == 0 ? $0.model.score : $0.baselines[place - 1].score }
    }
    report.tables.append(
      .init(
        "\(evaluations[0].model.score.count) held-out names of \(data.count), dealt anew for each run",
        columns: ["classifier", "accuracy, %", "macro-F1"],
        rows: zip(names, scores).map { name, own in
          [name, spread(own.map { 100 * $0.accuracy }, 1), spread(own.map(\.macroF1), 3)]
        }, note: "no name stands in two parts; a tenth of all names chose the epoch"))
    report.tables.append(
      .init(
        "F1 of each language, means", columns: ["language"] + names,
        rows: data.labelNames.indices.map { index in
          [data.labelNames[index]]
            + scores.map { own in decimals(mean(own.map { $0.byClass[index].f1 ?? 0 }), 3) }
        }))
    let (accuracy, macroF1) = (mean(scores[0].map(\.accuracy)), mean(scores[0].map(\.macroF1)))
    let best = (
      accuracy: scores.dropFirst().map { mean($0.map(\.accuracy)) }.max() ?? 1,
      macroF1: scores.dropFirst().map { mean($0.map(\.macroF1)) }.max() ?? 1
    )
    report.checks = [
      .init(
        "18 languages, 20,050 names", found: "\(data.labelNames.count), \(data.count)",
        passed: data.labelNames.count == 18 && data.count == 20_050),
      .init(
        "the network is right more often than every baseline",
        found: "\(decimals(accuracy, 4)) against \(decimals(best.accuracy, 4))",
        passed: accuracy > best.accuracy),
      .init(
        "its macro-F1 is above that of every baseline",
        found: "\(decimals(macroF1, 4)) against \(decimals(best.macroF1, 4))",
        passed: macroF1 > best.macroF1),
    ]
    return report
  }

  private func configuration(_ seed: Int) -> ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    configuration.testShare = 0.2
    configuration.splitSeed = UInt64(seed)
    // The lowest loss comes epochs before: a few names that the network is sure of decide it.
    configuration.choice = .figure
    // A name's first letter is the only large one, so folding loses nothing but a second form of each letter.
    configuration.tokenizer = Tokenizer(.characters, folding: .lowercase)
    configuration.wordDropout = 0.1
    configuration.layers = [ClassificationRuns.bidirectional(.gru(.resetAfter), 256)]
    configuration.pooling = .maximum
    configuration.training.batchSize = 32
    configuration.training.epochs = settings.epochs
    configuration.training.schedule = .cosine(total: settings.epochs)
    configuration.training.seed = UInt64(seed)
    return configuration
  }
}
