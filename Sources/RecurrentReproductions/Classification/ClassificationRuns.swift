internal import Recurrent
internal import RecurrentTasks

/// What the published experiments on classifiers share.
enum ClassificationRuns {
  /// Trains to the end and judges the chosen epoch on the test examples.
  static func evaluation(
    _ configuration: ClassifierConfiguration, _ data: ClassifierData, test: ClassifierData? = nil,
    threads: Int, _ progress: (String) -> Void = { _ in }
  ) throws -> ClassifierEvaluation {
    var run = try ClassifierTraining(configuration, data: data, test: test, threads: threads)
    while let event = try run.next() {
      guard case .epoch(let record) = event else { continue }
      let share = record.judgement.map { ", \(percent(1 - $0)) right" } ?? ""
      progress(
        "epoch \(record.epoch): training \(decimals(record.trainingLoss, 3)), validation \(decimals(record.validationLoss ?? .nan, 3))\(share)"
      )
    }
    return try run.evaluate(threads: threads)
  }

  /// A row of a table: the network's figures over several runs.
  static func row(_ name: String, _ evaluations: [ClassifierEvaluation]) -> [String] {
    [
      name, spread(evaluations.map { 100 * $0.model.score.accuracy }, 1),
      spread(evaluations.map(\.model.score.macroF1), 3),
      spread(evaluations.map { 100 * $0.calibrationError }, 1),
    ]
  }

  /// Rows of the baselines, which have no seed.
  static func rows(_ lines: [ClassifierEvaluation.Line]) -> [[String]] {
    lines.map {
      [$0.name, decimals(100 * $0.score.accuracy, 1), decimals($0.score.macroF1, 3), "–"]
    }
  }

  static let columns = ["classifier", "accuracy, %", "macro-F1", "calibration error, %"]

  static func bidirectional(_ kind: CellConfiguration.Kind, _ size: Int) -> LayerConfiguration {
    .bidirectional(forward: CellConfiguration(kind, size: size), reverse: CellConfiguration(kind, size: size))
  }
}
