internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// Names of emerging entities in messages (WNUT-17), by a conditional random field over a bidirectional LSTM that also reads the
/// words' characters, without any outside data; and by one that reads forward only.
struct WNUTEntities: Reproduction {
  static let name = "wnut17-ner"
  static let summary =
    "emerging entities of WNUT-17, bidirectional beside forward, and the shared task's systems"
  static let data: String? =
    "the folder with wnut17train.conll, emerging.dev.conll and emerging.test.annotated, also compressed"
  static let seeds = 3
  static let epochs = 16

  let settings: ReproductionSettings

  /// F1 that must be reached, in percent.
  private static let bound = 20.0
  private static let units = 100

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "emerging entities of WNUT-17, \(settings.epochs) epochs, nothing from outside")
    let files = try ["wnut17train.conll", "emerging.dev.conll", "emerging.test.annotated"].map {
      try ColumnFile(contentsOf: settings.path($0))
    }
    let entities = try files.map { file in
      try EntityColumn(file, column: 2).sentences.reduce(0) { $0 + Entity.entities(in: $1).count }
    }
    report.checks.append(
      .init(
        "3,394 sentences with 1,975 entities to learn from, 1,079 entities held out",
        found: "\(files[0].sentenceCount), \(entities[0]), \(entities[2])",
        passed: (files[0].sentenceCount, entities[0], entities[2]) == (3394, 1975, 1079)))
    let both = configuration(Self.bidirectional(Self.units))
    let forward = try configuration(Self.forward(like: both, file: files[0]))
    let networks = [("bidirectional", both), ("forward", forward)]
    let found = try settings.sideBySide(bySeed: networks) { network, seed, threads in
      var configuration = network.1
      configuration.training.seed = UInt64(seed)
      return try TaggingData.run(
        configuration, files, threads: threads, progress, "\(network.0), seed \(seed)", learnsAgain: true)
    }
    func figures(_ runs: [TaggingData.Run], _ figure: (EntityScore.Counts) -> Double) -> [Double] {
      runs.map { 100 * figure($0.evaluation.entities?.overall ?? .init()) }
    }
    func row(_ name: String, _ runs: [TaggingData.Run]) -> [String] {
      [name, "\(runs[0].parameters)"]
        + [figures(runs, \.precision), figures(runs, \.recall), figures(runs, \.f1)].map { spread($0, 2) }
    }
    let usual = found[0][0].evaluation.entitiesByUse?.overall ?? .init()
    report.tables.append(
      .init(
        "Entities of the test sentences, right where type and all words are, in percent",
        columns: ["system", "parameters", "precision", "recall", "F1"],
        rows: [
          ["UH-RiTUAL, best of the shared task", "", "57.54", "32.90", "41.86"],
          ["FLYTXT", "", "", "", "38.35"],
          ["Drexel, last of the shared task", "", "", "", "26.30"],
          row("bidirectional LSTM and field", found[0]), row("forward LSTM and field", found[1]),
          ["most frequent tag of the word", ""]
            + [usual.precision, usual.recall, usual.f1].map { decimals(100 * $0, 2) },
        ],
        note:
          "shared task: most systems have vectors of words or lists of names from elsewhere; ours see the task's own training and dev sentences alone: learning from the first, the second choose how many epochs, and so many are learned anew from both"
      ))
    report.tables.append(TaggingData.confusions(found[0][0].evaluation))
    let (own, other) = (figures(found[0], \.f1), figures(found[1], \.f1))
    report.checks.append(
      .init(
        "bidirectional: F1 above \(decimals(Self.bound, 0)) %", found: spread(own, 2),
        passed: mean(own) > Self.bound))
    report.checks.append(
      .init(
        "bidirectional above forward, with parameters within 1 %",
        found:
          "\(spread(own, 2)) against \(spread(other, 2)), \(found[0][0].parameters) and \(found[1][0].parameters) parameters",
        passed: mean(own) > mean(other)
          && abs(found[0][0].parameters - found[1][0].parameters) * 100 <= found[0][0].parameters))
    return report
  }

  private func configuration(_ layers: [LayerConfiguration]) -> TaggerConfiguration {
    var configuration = TaggerConfiguration()
    configuration.layers = layers
    configuration.dropout = 0.3
    configuration.training.epochs = settings.epochs
    configuration.training.schedule = .cosine(total: settings.epochs)
    return configuration
  }

  private static func bidirectional(_ units: Int) -> [LayerConfiguration] {
    let cell = CellConfiguration(.lstm, size: units)
    return [.bidirectional(forward: cell, reverse: cell)]
  }

  /// A forward layer of the size whose network's parameters are nearest in number.
  private static func forward(
    like other: TaggerConfiguration, file: ColumnFile
  ) throws -> [LayerConfiguration] {
    func count(_ layers: [LayerConfiguration]) throws -> Int {
      var configuration = try other.resolved(for: file)
      configuration.layers = layers
      // The words' vectors are as many in both.
      return try TaggerNetwork<Float>(configuration, words: 1, characters: 1, tags: 13).layout.count
    }
    let wanted = try count(other.layers)
    let sizes = try (units...2 * units).map { size in
      let layers: [LayerConfiguration] = [.recurrent(CellConfiguration(.lstm, size: size))]
      return (layers, abs(try count(layers) - wanted))
    }
    return sizes.min { $0.1 < $1.1 }?.0 ?? other.layers
  }
}
