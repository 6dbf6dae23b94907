internal import Foundation
internal import Recurrent
internal import RecurrentData

/// What the experiments with taggers share.
enum TaggingData {
  /// A file of a folder, packed or not.
  static func file(_ name: String, in folder: String) throws(DataError) -> ColumnFile {
    let plain = "\(folder)/\(name)"
    let packed = plain + ".gz"
    let path = FileManager.default.fileExists(atPath: plain) ? plain : packed
    return try ColumnFile(contentsOf: path)
  }

  /// One training run.
  struct Run {
    let evaluation: TaggerEvaluation
    let parameters: Int
    /// Words a second, of all epochs.
    let speed: Int
    /// By which `O` was lowered.
    let shift: Double
  }

  /// Trains on the first file, chooses the epoch whose tagger has the best figure on the second, and scores it on the third. The
  /// figure is F1 of entities, or the share of right words where tags are of none.
  ///
  /// - Parameters:
  ///   - shifts: amounts by which `O` may be lowered; the second file chooses among them too.
  ///   - learnsAgain: whether the tagger that is judged learns anew from the first two files together, for so many epochs and with
  ///     the shift that were chosen.
  static func run(
    _ configuration: TaggerConfiguration, _ files: [ColumnFile], _ settings: ReproductionSettings,
    _ progress: (String) -> Void, _ name: String,
    shifts: [Double] = [0], learnsAgain: Bool = false
  ) throws -> Run {
    var training = try TaggerTraining(
      configuration, file: files[0], validation: files[1], test: files[2], threads: settings.threads)
    var best: (figure: Double, epoch: Int, shift: Double, tagger: Tagger) = (-1, 0, 0, training.latest)
    var (start, seconds) = (ContinuousClock.now, 0.0)
    while let event = try training.next() {
      guard case .epoch(let record) = event else { continue }
      seconds += start.duration(to: .now) / .seconds(1)
      let figures = try shifts.map { shift in
        let tagger = training.latest.loweringOutside(by: shift)
        let figure = figure(try tagger.evaluate(files[1], threads: settings.threads))
        if figure > best.figure { best = (figure, record.epoch, shift, tagger) }
        return decimals(100 * figure, 2)
      }
      progress(
        "\(name), epoch \(record.epoch): loss \(decimals(record.trainingLoss, 4)), dev \(decimals(record.validationLoss ?? .nan, 4)) and \(figures.joined(separator: ", ")) %"
      )
      start = .now
    }
    if learnsAgain {
      best.tagger = try tagger(configuration, files, epochs: best.epoch, settings).loweringOutside(
        by: best.shift)
    }
    let words = training.trainingText.wordCount * training.trainer.state.progress.epoch
    let evaluation = try best.tagger.evaluate(files[2], threads: settings.threads)
    let speed = Int(Double(words) / seconds)
    progress(
      "\(name): \(decimals(100 * figure(evaluation), 2)) % of the test, \(decimals(seconds, 0)) s, \(speed) words/s"
    )
    return Run(
      evaluation: evaluation, parameters: training.network.layout.count, speed: speed, shift: best.shift)
  }

  /// After so many epochs on the first two files.
  private static func tagger(
    _ configuration: TaggerConfiguration, _ files: [ColumnFile], epochs: Int, _ settings: ReproductionSettings
  ) throws -> Tagger {
    let joined = try ColumnFile(
      files[0].bytes + Array("\n\n".utf8) + files[1].bytes,
      source: "\(files[0].source) and \(files[1].source)")
    var configuration = configuration
    configuration.validationShare = 0
    configuration.training.keepsBest = false
    var training = try TaggerTraining(
      configuration, file: joined, test: files[2], threads: settings.threads)
    while training.trainer.state.progress.epoch < epochs, try training.next() != nil {}
    return training.latest
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
