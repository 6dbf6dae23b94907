internal import Recurrent
internal import RecurrentTasks

/// Surnames of 18 languages, as in PyTorch's tutorial "Classifying names with a character-level RNN", which publishes a curve and
/// a confusion matrix only: so our figures stand beside naive Bayes on runs of characters, on a fifth of the names that no other
/// part has.
struct NamesModels: Reproduction {
  static let name = "names-18"
  static let summary = "the language of surnames from 18 countries, by their letters"
  static let data: String? = "the folder with a file of names for each language"
  static let seeds = 3
  static let epochs = 15

  let settings: ReproductionSettings

  init(_ settings: ReproductionSettings) { self.settings = settings }

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
    let lines = evaluations[0].baselines
    report.tables.append(
      .init(
        "\(evaluations[0].model.score.count) held-out names of \(data.count)",
        columns: ClassificationRuns.columns,
        rows: [ClassificationRuns.row("network", evaluations)] + ClassificationRuns.rows(lines),
        note: "no name stands in two parts; a tenth of all names chose the epoch"))
    let figures = evaluations[0].model.score.byClass.enumerated().map { index, own in
      [
        own.name, "\(own.support)",
        spread(evaluations.map { $0.model.score.byClass[index].f1 ?? 0 }, 3),
      ] + lines.map { decimals($0.score.byClass[index].f1 ?? 0, 3) }
    }
    report.tables.append(
      .init(
        "F1 of each language", columns: ["language", "names", "network"] + lines.map(\.name), rows: figures))
    let best = (
      accuracy: lines.map(\.score.accuracy).max() ?? 1, macroF1: lines.map(\.score.macroF1).max() ?? 1
    )
    let accuracy = mean(evaluations.map(\.model.score.accuracy))
    let macroF1 = mean(evaluations.map(\.model.score.macroF1))
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
    // The lowest loss comes epochs before: a few names that the network is sure of decide it.
    configuration.choice = .figure
    configuration.wordDropout = 0.1
    configuration.layers = [ClassificationRuns.recurrent(.gru(.resetAfter), 256)]
    configuration.pooling = .maximum
    configuration.classBalance = 0.5
    configuration.labelSmoothing = 0.1
    configuration.training.averaging = ParameterAveraging(decay: 0.998)
    configuration.training.batchSize = 32
    configuration.training.epochs = settings.epochs
    configuration.training.schedule = .cosine(total: settings.epochs)
    configuration.training.seed = UInt64(seed)
    return configuration
  }
}
