internal import Recurrent
internal import RecurrentReports
internal import RecurrentTasks

/// The published PM2.5 experiment (ai-edu, chapter 19.6), its tables 19-10 and 19-11 and figure 19-21, over several
/// seeds; then the task's own forecaster, under the same protocol and without its leaks.
package struct PM25Reproduction: Reproduction {
  package static let name = "ai-edu-19.6"
  package static let summary =
    "PM2.5 in Beijing by simple networks of 49 and 26 parameters, the published tables beside ours and beside the baselines, then the task's own forecaster under the same protocol and without its two leaks"
  package static let data: String? = "PRSA_data_2010.1.1-2014.12.31.csv"
  package static let options: Set<ReproductionOption> = [
    .seeds, .epochs, .forecasterSeeds, .threads, .figures,
  ]
  package static let seeds = 20
  /// As in the protocol.
  package static let epochs = 100

  let settings: ReproductionSettings

  package init(settings: ReproductionSettings) { self.settings = settings }

  private var seeds: Int { settings.seeds }
  private var forecasterEpochs: Int { ForecastConfiguration(target: "").training.epochs }

  package func report(
    _ progress: @escaping @Sendable (String) -> Void
  ) throws -> ReproductionReport {
    let (data, baselines) = try taskErrors(DataError.self) { () throws(DataError) in
      let data = try PM25Data(path: settings.data ?? "")
      return (data, try data.baselines())
    }
    var report = ReproductionReport(
      name: Self.name,
      title: "deep RNN on Beijing's PM2.5: \(seeds) seeds, \(settings.epochs) epochs")
    report.tables.append(Self.dataTable(data))
    var runs: [PM25Network: [PM25Run]] = [:]
    for network in PM25Network.allCases {
      report.tables.append(Self.parameterTable(network))
      runs[network] = try train(network, data) { [seeds] in
        progress("\(network.rawValue) network: \($0) of \(seeds) runs")
      }
    }
    for network in PM25Network.allCases {
      let own = runs[network] ?? []
      report.tables.append(Self.scoreTable(network, own, baselines))
      report.checks += Self.checks(network, own)
      for (name, figure) in Self.curves(network, own) { report.figures[name] = figure }
    }
    report.tables.append(Self.comparison(runs))
    if let best = runs[.deep]?.max(by: { $0.scores[3].rSquared < $1.scores[3].rSquared }) {
      let fits = try taskErrors(DataError.self) { () throws(DataError) in
        try Self.fits(best, data)
      }
      for (name, figure) in fits { report.figures[name] = figure }
    }
    try addForecaster(to: &report, data, baselines)
    return report
  }

  /// Seeds are independent of one another, so they are trained side by side.
  private func train(
    _ network: PM25Network, _ data: PM25Data, _ progress: @escaping @Sendable (Int) -> Void
  ) throws(TaskError) -> [PM25Run] {
    let done = Counter()
    let made = parallelMap(seeds, threads: settings.threads) { index in
      let run = Swift.Result { () throws(TaskError) in
        try PM25Run.train(network, data, seed: UInt64(index + 1), epochs: settings.epochs)
      }
      progress(done.increment())
      return run
    }
    return try made.map { run throws(TaskError) in try run.get() }
  }

  private func addForecaster(
    to report: inout ReproductionReport, _ data: PM25Data,
    _ baselines: [(name: String, scores: [BlockScore])]
  ) throws(TaskError) {
    let runs = try (1...settings.forecasterSeeds).map { seed throws(TaskError) in
      try PM25Forecaster(
        data, horizons: [1], seed: UInt64(seed), epochs: forecasterEpochs, threads: settings.threads
      ).protocolScores()
    }
    let regression = baselines.last?.scores ?? []
    let medians = PM25Data.blocks.indices.map { block in Self.median(runs.map { $0[block].rSquared }) }
    report.tables.append(
      .init(
        "The task's default forecaster under the same protocol, \(settings.forecasterSeeds) seeds: R²",
        columns: ["forecast"] + PM25Data.blocks.map { "\($0) h" },
        rows: [["default forecaster, median"] + medians.map(number)]
          + baselines.map { [$0.name] + $0.scores.map { number($0.rSquared) } },
        note: "the protocol's two leaks remain: true weather of the hours to come, scaling over the test rows"
      ))
    for (block, hours) in PM25Data.blocks.enumerated() where block < regression.count {
      report.checks.append(
        .init(
          "the default forecaster is above linear least squares at \(hours) h",
          found: "\(number(medians[block])) against \(number(regression[block].rSquared))",
          passed: medians[block] > regression[block].rSquared))
    }
    let direct = try PM25Forecaster(
      data, horizons: Array(1...8), seed: 1, epochs: forecasterEpochs, threads: settings.threads)
    let scored = try taskErrors(DataError.self) { () throws(DataError) in
      try direct.model.evaluate(direct.series, direct.training.split.test, threads: settings.threads)
    }
    let chosen = [0, 1, 3, 7]
    report.tables.append(
      .init(
        "Without the two leaks: R² at single lead times, forecast from what was known",
        columns: ["forecast"] + chosen.map { "\($0 + 1) h ahead" },
        rows: ([scored.evaluation.model] + scored.evaluation.baselines).map { line in
          [line.name] + chosen.map { number(line.metrics[$0].rSquared ?? .nan) }
        },
        note: "not comparable with the figures above, which average lead times 1 to k and see future weather")
    )
    let regressionLine = scored.evaluation.baselines.last
    for lead in chosen {
      let own = scored.evaluation.model.metrics[lead].rSquared ?? .nan
      let linear = regressionLine?.metrics[lead].rSquared ?? .nan
      report.checks.append(
        .init(
          "without leaks, the default forecaster is above linear least squares \(lead + 1) h ahead",
          found: "\(number(own)) against \(number(linear))", passed: own > linear))
    }
  }

  static func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

  /// With linear interpolation between order statistics.
  package static func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    guard let last = sorted.indices.last else { return .nan }
    let place = share * Double(last)
    let below = Int(place)
    let above = min(below + 1, last)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}
