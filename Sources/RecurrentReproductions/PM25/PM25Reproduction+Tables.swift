internal import Recurrent
internal import RecurrentReports
internal import Synchronization
internal import RecurrentTasks

/// How many are done, counted from several threads.
final class Counter: Sendable {
  private let value = Atomic(0)
  func increment() -> Int { value.add(1, ordering: .relaxed).newValue }
}

extension PM25Reproduction {
  static func dataTable(_ data: PM25Data) -> ReproductionReport.Table {
    .init(
      "Data", columns: ["what", "count"],
      rows: [
        ["hourly rows", "\(data.frame.rowCount)"], ["rows without pm2.5", "\(data.missing)"],
        ["training windows", "\(data.training.count)"], ["test windows", "\(data.test.count)"],
      ], note: "features, in order: " + PM25Data.names.joined(separator: ", "))
  }

  static func parameterTable(_ network: PM25Network) -> ReproductionReport.Table {
    let layout = network.model().layout
    let rows = layout.slots.map { [$0.name, "[\($0.rows), \($0.columns)]", "\($0.count)"] }
    return .init(
      "Parameters of the \(network.rawValue) network", columns: ["slot", "shape", "count"],
      rows: rows + [["total", "", "\(layout.count)"]],
      note: network == .single ? "44 of them without biases; the deep network has none" : nil)
  }

  static func scoreTable(
    _ network: PM25Network, _ runs: [PM25Run], _ baselines: [(name: String, scores: [BlockScore])]
  ) -> ReproductionReport.Table {
    func row(_ name: String, _ text: (Int) -> String) -> [String] {
      [name] + PM25Data.blocks.indices.map(text)
    }
    func ours(_ value: @escaping (BlockScore) -> Double) -> (Int) -> [Double] {
      { block in runs.map { value($0.scores[block]) } }
    }
    let r2 = ours { $0.rSquared }
    let loss = ours { $0.loss }
    let six = NumberFormat.fixed(6)
    var rows = [
      row("published loss") { six.text(network.published[$0].loss) },
      row("our median loss") { six.text(median(loss($0))) },
      row("our lowest … highest loss") {
        "\(six.text(loss($0).min() ?? .nan)) … \(six.text(loss($0).max() ?? .nan))"
      },
      row("published R²") { six.text(network.published[$0].rSquared) },
      row("our median R²") { six.text(median(r2($0))) },
      row("our lowest … highest R²") {
        "\(number(r2($0).min() ?? .nan)) … \(number(r2($0).max() ?? .nan))"
      },
      row("our quartiles of R²") { "\(number(quantile(r2($0), 0.25))) / \(number(quantile(r2($0), 0.75)))" },
    ]
    for baseline in baselines {
      rows.append(row("\(baseline.name): loss") { six.text(baseline.scores[$0].loss) })
      rows.append(row("\(baseline.name): R²") { six.text(baseline.scores[$0].rSquared) })
    }
    return .init(
      network == .deep ? "Table 19-10: two hidden layers of 2" : "Table 19-11: one hidden layer of 4",
      columns: ["\(runs.count) seeds"] + PM25Data.blocks.map { "\($0) h" }, rows: rows,
      note: "loss is ½·MSE on values scaled to 0 … 1; the published accuracy is R²")
  }

  static func checks(_ network: PM25Network, _ runs: [PM25Run]) -> [ReproductionReport.Check] {
    PM25Data.blocks.indices.flatMap { block -> [ReproductionReport.Check] in
      let own = runs.map { $0.scores[block].rSquared }
      let (low, high) = (own.min() ?? .nan, own.max() ?? .nan)
      let published = network.published[block].rSquared
      let expected = network.independentMedians[block]
      let hours = PM25Data.blocks[block]
      return [
        .init(
          "\(network.rawValue), \(hours) h: the published R² \(number(published)) lies within our range",
          found: "\(number(low)) … \(number(high))", passed: low <= published && published <= high),
        .init(
          "\(network.rawValue), \(hours) h: our median R² is within 0.01 of \(number(expected)), an independent run's",
          found: number(median(own)), passed: abs(median(own) - expected) <= 0.01),
      ]
    }
  }

  /// "The deep network is better with fewer parameters": the claim, seed by seed.
  static func comparison(_ runs: [PM25Network: [PM25Run]]) -> ReproductionReport.Table {
    let pairs = zip(runs[.single] ?? [], runs[.deep] ?? []).map { ($0.scores, $1.scores) }
    let rows = PM25Data.blocks.indices.map { block -> [String] in
      let differences = pairs.map { $1[block].rSquared - $0[block].rSquared }
      let wins = differences.count { $0 > 0 }
      return [
        "\(PM25Data.blocks[block]) h", "\(wins) of \(pairs.count)", number(median(differences)),
        NumberFormat.significant(2).text(signTest(wins: wins, of: pairs.count)),
      ]
    }
    return .init(
      "Is the deep network better? R² of deep − single, paired by seed",
      columns: ["", "deep is better", "median difference", "p, two-sided sign test"], rows: rows)
  }

  /// The chance of a count at least as uneven as this one between two equals.
  package static func signTest(wins: Int, of count: Int) -> Double {
    let extreme = max(wins, count - wins)
    var term = 1.0
    var sums = (all: 0.0, tail: 0.0)
    for k in 0...max(count, 0) {
      if k > 0 { term *= Double(count - k + 1) / Double(k) }
      sums.all += term
      if k >= extreme { sums.tail += term }
    }
    return min(1, 2 * sums.tail / sums.all)
  }

  /// Figure 19-21: loss and accuracy (R² on the validation windows) by epoch, of the seed whose loss is the median.
  static func curves(_ network: PM25Network, _ runs: [PM25Run]) -> [(String, String)] {
    let ordered = runs.sorted { $0.scores[3].loss < $1.scores[3].loss }
    guard !ordered.isEmpty else { return [] }
    let run = ordered[ordered.count / 2]
    let validation = run.curve.map { $0.validationLoss ?? .nan }
    let loss = LineChart(
      title: "\(network.rawValue) network: loss by epoch, the median seed", x: .init("epoch"),
      y: .init("½·MSE, scaled", scale: .logarithmic),
      series: [.init("training", y: run.curve.map(\.trainingLoss)), .init("validation", y: validation)])
    let accuracy = LineChart(
      title: "\(network.rawValue) network: accuracy by epoch, the median seed", x: .init("epoch"),
      y: .init("R² on validation windows"),
      series: [.init("validation", y: validation.map { 1 - 2 * $0 / run.validationVariance })])
    return [
      ("\(network.rawValue)-loss.svg", loss.svg()), ("\(network.rawValue)-accuracy.svg", accuracy.svg()),
    ]
  }

  /// The fits of table 19-10: 100 hours of forecasts and truth for each block length.
  static func fits(_ run: PM25Run, _ data: PM25Data) throws(DataError) -> [(String, String)] {
    let predict = PM25Run.predictor(PM25Network.deep.model(), run.parameters)
    let scale = Normaliser(.minMax, fitting: data.frame.column(0))
    let truth = data.test.targets(of: data.frame.column(0), horizon: 1)
    return try PM25Data.blocks.map { hours throws(DataError) in
      let made = try BlockRecursion.predictions(
        data.normalised, data.test, targetColumn: 0, length: hours, predict: predict)
      let chart = LineChart(
        title: "Deep network, blocks of \(hours) h: the first 100 test hours", x: .init("hour"),
        y: .init("PM2.5", unit: "µg/m³"),
        series: [
          .init("measured", y: Array(truth.prefix(100)), isReference: true),
          .init("forecast", y: made.prefix(100).map(scale.restored)),
        ])
      return ("deep-fit-\(hours)h.svg", chart.svg())
    }
  }
}
