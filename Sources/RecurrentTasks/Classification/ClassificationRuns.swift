internal import Recurrent

/// What the published experiments on classifiers share.
enum ClassificationRuns {
  /// Trains to the end and judges the best epoch on the test examples.
  static func evaluation(
    _ configuration: ClassifierConfiguration, _ data: ClassifierData, test: ClassifierData? = nil,
    threads: Int
  ) throws -> ClassifierEvaluation {
    var run = try ClassifierTraining(configuration, data: data, test: test, threads: threads)
    while try run.next() != nil {}
    return try run.evaluate(threads: threads)
  }

  /// Trains to the end and judges, on the test examples, the epoch that classified most of the validation examples rightly: its
  /// loss may be far from the lowest, which a few examples that the network is sure of decide.
  static func mostAccurate(
    _ configuration: ClassifierConfiguration, _ data: ClassifierData, threads: Int,
    _ progress: (String) -> Void
  ) throws -> ClassifierEvaluation {
    var run = try ClassifierTraining(configuration, data: data, threads: threads)
    var best: (accuracy: Double, model: Classifier) = (-1, run.latest)
    while let event = try run.next() {
      guard case .epoch(let record) = event, let validation = run.validationData else { continue }
      let model = run.latest
      let score = try model.evaluate(validation, part: .validation, threads: threads).model.score
      if score.accuracy > best.accuracy { best = (score.accuracy, model) }
      progress(
        "epoch \(record.epoch): training loss \(decimals(record.trainingLoss, 3)), validation \(decimals(record.validationLoss ?? .nan, 3)), \(percent(score.accuracy)), macro-F1 \(decimals(score.macroF1, 3))"
      )
    }
    return try best.model.evaluate(
      run.heldOutData ?? run.trainingData, part: .heldOut,
      baselines: ClassifierBaselines(fitting: run.trainingData), threads: threads)
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

  static func recurrent(_ kind: CellConfiguration.Kind, _ size: Int) -> LayerConfiguration {
    .bidirectional(forward: CellConfiguration(kind, size: size), reverse: CellConfiguration(kind, size: size))
  }
}
