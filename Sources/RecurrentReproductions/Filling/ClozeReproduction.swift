internal import Foundation
internal import Recurrent
internal import RecurrentTasks

/// What both sides of a gap say that one side does not: characters of Chinese children's tales, filled by networks of one size that
/// read both sides, the text before, or the text behind; and the three lines by which lecture notes introduce bidirectional networks,
/// whose gap means something else in each.
struct ClozeReproduction: Reproduction {
  static let name = "cloze"
  static let summary =
    "gaps in Chinese children's tales, filled from both sides and from one, and the three lines about hunger"
  static let data: String? = "the folder of the unpacked cft.zip"
  static let seeds = 1
  static let epochs = 12

  let settings: ReproductionSettings

  static let lines = ["我___。", "我___饿了。", "我___饿了，我可以吃半头猪。"]
  private static let size = 128

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "gaps in children's tales, at most \(settings.epochs) epochs")
    let tales = try ClozeTales(folder: settings.data ?? "")
    // The last sentences choose the epoch.
    let text = TextSentences(tales.training + tales.validation, source: settings.data ?? "")
    let share = Double(tales.validation.count) / Double(text.sentences.count)
    @Sendable func training(
      _ directions: FillDirections, seed: Int, like both: FillTraining?, threads: Int
    ) throws -> FillTraining {
      var configuration = configuration(directions, share: share, seed: seed)
      if let both {
        try fit(
          &configuration, tokens: both.vocabulary.count, parameters: both.network.layout.count)
      }
      return try FillTraining(
        configuration, text: text, heldOut: TextSentences(tales.heldOut), threads: threads)
    }
    let both = try training(.both, seed: 1, like: nil, threads: 1)
    let runs = try settings.sideBySide(bySeed: FillDirections.allCases) { directions, seed, threads in
      var run = try training(
        directions, seed: seed, like: directions == .both ? nil : both, threads: threads)
      while try run.next() != nil {}
      let evaluation = try run.evaluate(threads: threads)
      progress(
        "\(directions.rawValue), seed \(seed): \(decimals(100 * evaluation.model.accuracy, 2)) % right")
      return (evaluation: evaluation, model: run.model, parameters: run.network.layout.count)
    }
    let named = Dictionary(uniqueKeysWithValues: zip(FillDirections.allCases, runs))
    let figures = named.mapValues { $0.map(\.evaluation.model) }
    let parameters = named.mapValues { $0[0].parameters }
    guard let first = named[.both]?[0] else { return report }
    report.tables.append(table(figures, parameters, first.evaluation.baselines, tales))
    report.checks += checks(figures, parameters)
    try report.add(Self.lines, by: first.model)
    return report
  }

  private func configuration(
    _ directions: FillDirections, share: Double, seed: Int
  ) -> FillConfiguration {
    var configuration = FillConfiguration()
    configuration.validationShare = share
    configuration.testShare = 0
    let cell = CellConfiguration(.lstm, size: Self.size)
    configuration.forwardLayers = directions == .reverse ? [] : [.recurrent(cell)]
    configuration.reverseLayers = directions == .forward ? [] : [.recurrent(cell, direction: .reverse)]
    configuration.training = TrainerOptions(
      epochs: settings.epochs, batchSize: 32, optimizer: .adamW(), learningRate: 3e-3,
      schedule: .cosine(total: settings.epochs), clipping: .norm(1), seed: UInt64(seed))
    return configuration
  }

  /// Makes the one direction as large as gives the nearest number of parameters.
  private func fit(_ configuration: inout FillConfiguration, tokens: Int, parameters: Int) throws {
    var best: (distance: Int, configuration: FillConfiguration)?
    for size in Self.size...3 * Self.size {
      var candidate = configuration
      let cell = CellConfiguration(.lstm, size: size)
      if !candidate.forwardLayers.isEmpty { candidate.forwardLayers = [.recurrent(cell)] }
      if !candidate.reverseLayers.isEmpty {
        candidate.reverseLayers = [.recurrent(cell, direction: .reverse)]
      }
      let count = try FillNetwork.make(candidate, vocabulary: tokens).layout.count
      let distance = abs(count - parameters)
      if best.map({ distance < $0.distance }) ?? true { best = (distance, candidate) }
    }
    if let best { configuration = best.configuration }
  }

  private func table(
    _ figures: [FillDirections: [FillFigures]], _ parameters: [FillDirections: Int],
    _ baselines: [FillFigures], _ tales: ClozeTales
  ) -> ReproductionReport.Table {
    func row(_ name: String, _ parameters: String, _ runs: [FillFigures]) -> [String] {
      [
        name, parameters, spread(runs.map { 100 * $0.accuracy }, 2),
        spread(runs.map { 100 * $0.accuracyOfFive }, 2), spread(runs.map(\.perplexity), 1),
      ]
    }
    let names: [FillDirections: String] = [
      .both: "both sides", .forward: "the text before", .reverse: "the text behind",
    ]
    return .init(
      "Characters of held-out tales",
      columns: ["given", "parameters", "right, %", "among five, %", "pseudo-perplexity"],
      rows: FillDirections.allCases.map {
        row(names[$0] ?? "", "\(parameters[$0] ?? 0)", figures[$0] ?? [])
      } + baselines.map { row($0.name, "", [$0]) },
      note:
        "\(tales.tales) tales, \(tales.heldOutTales) of them held out: \(baselines.first?.tokens ?? 0) characters in \(tales.heldOut.count) sentences, none of which stands in another part; \(tales.training.count) to learn from, \(tales.validation.count) that choose the epoch"
    )
  }

  private func checks(
    _ figures: [FillDirections: [FillFigures]], _ parameters: [FillDirections: Int]
  ) -> [ReproductionReport.Check] {
    func share(_ directions: FillDirections, _ value: (FillFigures) -> Double) -> Double {
      mean((figures[directions] ?? []).map { 100 * value($0) })
    }
    var checks: [ReproductionReport.Check] = []
    for (name, value) in [
      ("right", { (figures: FillFigures) in figures.accuracy }), ("among five", { $0.accuracyOfFive }),
    ] {
      let (both, forward, reverse) = (
        share(.both, value), share(.forward, value), share(.reverse, value)
      )
      checks.append(
        .init(
          "\(name): both sides above either side",
          found: "\(decimals(both, 2)) % against \(decimals(forward, 2)) and \(decimals(reverse, 2)) %",
          passed: both > forward && both > reverse))
    }
    let counts = FillDirections.allCases.map { parameters[$0] ?? 0 }
    let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
    checks.append(
      .init(
        "parameters within one in a hundred of each other", found: "\(least) to \(most)",
        passed: Double(most - least) < 0.01 * Double(most)))
    return checks
  }
}

extension ReproductionReport {
  /// The three lines: what may stand in the gap of each, and how far the distributions are from each other.
  fileprivate mutating func add(_ lines: [String], by model: FillModel) throws {
    let filler = TextFiller(model)
    let width = model.vocabulary.count
    let gaps = try lines.map { try filler.fill($0, top: width)[0] }
    tables.append(
      .init(
        "我___: the same gap in three lines",
        columns: ["line", "most probable characters", "entropy, nats"],
        rows: zip(lines, gaps).map { line, gap in
          [
            line,
            gap.fillings.prefix(5).map { "\($0.token) \(decimals($0.probability, 3))" }.joined(
              separator: ", "), decimals(gap.entropy, 3),
          ]
        }, note: "no published figures; by the network that reads both sides"))
    for (first, second) in [(0, 1), (1, 2), (0, 2)] {
      let distance = Self.totalVariation(gaps[first], gaps[second])
      checks.append(
        .init(
          "lines \(first + 1) and \(second + 1) give different distributions",
          found: "total variation \(decimals(distance, 3))", passed: distance > 0.05))
    }
  }

  /// ½ Σ |p − q|.
  private static func totalVariation(_ first: FilledGap, _ second: FilledGap) -> Double {
    let other = Dictionary(
      second.fillings.map { ($0.token, $0.probability) }, uniquingKeysWith: { own, _ in own })
    return first.fillings.reduce(0) { $0 + abs($1.probability - (other[$1.token] ?? 0)) } / 2
  }
}
