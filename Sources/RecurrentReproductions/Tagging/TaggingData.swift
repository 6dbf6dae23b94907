internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// What the experiments with taggers share.
enum TaggingData {
  /// One training run.
  struct Run {
    let evaluation: TaggerEvaluation
    let parameters: Int
    /// Words a second, of all epochs, the dev sentences tagged after each.
    let speed: Int
  }

  /// Trains on the first file, chooses the epoch whose tagger has the best figure on the second, and scores it on the third. The
  /// figure is F1 of entities, or the share of right words where tags are of none.
  ///
  /// - Parameter learnsAgain: whether the tagger that is judged learns anew from the first two files together, for as many epochs
  ///   as were chosen.
  static func run(
    _ configuration: TaggerConfiguration, _ files: [ColumnFile], threads: Int,
    _ progress: (String) -> Void, _ name: String, learnsAgain: Bool = false
  ) throws -> Run {
    var configuration = configuration
    configuration.choice = .figure
    var training = try TaggerTraining(
      configuration, file: files[0], validation: files[1], test: files[2], threads: threads)
    let start = ContinuousClock.now
    while let event = try training.next() {
      guard case .epoch(let record) = event else { continue }
      progress(
        "\(name), epoch \(record.epoch): loss \(decimals(record.trainingLoss, 4)), dev \(decimals(record.validationLoss ?? .nan, 4)) and \(decimals(100 * (1 - record.decidingLoss), 2)) %"
      )
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    var tagger = training.model
    if learnsAgain, let best = training.trainer.state.progress.best {
      tagger = try self.tagger(configuration, files, epochs: best.epoch, threads: threads)
    }
    let words = training.trainingText.wordCount * training.trainer.state.progress.epoch
    let evaluation = try tagger.evaluate(files[2], threads: threads)
    let speed = Int(Double(words) / seconds)
    progress(
      "\(name): \(decimals(100 * figure(evaluation), 2)) % of the test, \(decimals(seconds, 0)) s, \(speed) words/s"
    )
    return Run(evaluation: evaluation, parameters: training.network.layout.count, speed: speed)
  }

  /// After so many epochs on the first two files.
  private static func tagger(
    _ configuration: TaggerConfiguration, _ files: [ColumnFile], epochs: Int, threads: Int
  ) throws -> Tagger {
    let joined = try ColumnFile(
      files[0].bytes + Array("\n\n".utf8) + files[1].bytes,
      source: "\(files[0].source) and \(files[1].source)")
    var configuration = configuration
    configuration.validationShare = 0
    configuration.training.keepsBest = false
    var training = try TaggerTraining(
      configuration, file: joined, test: files[2], threads: threads)
    while training.trainer.state.progress.epoch < epochs, try training.next() != nil {}
    return training.model
  }

  private static func figure(_ evaluation: TaggerEvaluation) -> Double {
    evaluation.entities?.overall.f1 ?? evaluation.all.accuracy
  }

  static func confusions(_ evaluation: TaggerEvaluation) -> ReproductionReport.Table {
    .init(
      "Tags confused most often", columns: ["tag", "given", "times"],
      rows: evaluation.confusions.map { [$0.tag, $0.given, "\($0.count)"] })
  }
}
