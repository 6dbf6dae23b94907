internal import Recurrent
internal import RecurrentTasks

/// Nine speakers by two vowels, one after the other (Kudo, Toyama and Shimbo 1999): 270 utterances to learn from, 370 to judge by,
/// of 7 to 29 steps.
struct JapaneseVowels: Reproduction {
  static let name = "japanese-vowels"
  static let summary = "nine speakers by their vowels, series of 7 to 29 steps"
  static let data: String? = "the folder Examples/japanese-vowels"
  static let seeds = 5
  static let epochs = 60

  let settings: ReproductionSettings

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "nine speakers by their vowels, \(settings.epochs) epochs")
    let training = try ClassifierReading().read(settings.path("JapaneseVowels_TRAIN.ts"))
    let test = try ClassifierReading().read(settings.path("JapaneseVowels_TEST.ts"))
    let evaluations = try settings.sideBySide(Array(1...settings.seeds)) { seed, threads in
      let evaluation = try ClassificationRuns.evaluation(
        configuration(seed), training, test: test, threads: threads)
      progress("seed \(seed): \(evaluation.verdict)")
      return evaluation
    }
    report.tables.append(
      .init(
        "\(test.count) test utterances", columns: ClassificationRuns.columns,
        rows: [ClassificationRuns.row("bidirectional GRU, largest over the steps", evaluations)]
          + ClassificationRuns.rows(evaluations[0].baselines),
        note: "settings were chosen on parts of the training utterances; every run ends at its last epoch"
      ))
    let accuracy = mean(evaluations.map(\.model.score.accuracy))
    report.checks = [
      .init(
        "270 and 370 utterances of 9 speakers",
        found: "\(training.count) and \(test.count) of \(training.labelNames.count)",
        passed: training.count == 270 && test.count == 370 && training.labelNames.count == 9),
      .init(
        "at least 98.0 % of the test utterances", found: decimals(100 * accuracy, 2) + " %",
        passed: accuracy >= 0.98),
    ]
    return report
  }

  private func configuration(_ seed: Int) -> ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    configuration.validationShare = 0
    configuration.layers = [ClassificationRuns.bidirectional(.gru(.resetAfter), 128)]
    configuration.pooling = .maximum
    configuration.dropout = 0.5
    configuration.training.batchSize = 8
    configuration.training.epochs = settings.epochs
    configuration.training.schedule = .cosine(total: settings.epochs)
    configuration.training.keepsBest = false
    configuration.training.seed = UInt64(seed)
    return configuration
  }
}
