internal import Recurrent
internal import RecurrentTasks

/// The echo of ai-edu's chapter 19.1: of two numbers in a row, the second answer is the first number, and the first answer 0.
struct EchoSignal: Reproduction {
  static let name = "ai-edu-19.1"
  static let summary = "an echo: at the second step, the number of the first"
  static let data: String? = nil
  static let seeds = 5
  static let epochs = 300

  let settings: ReproductionSettings

  /// Windows of two numbers, evenly drawn from 0 to 1.
  private static func examples(_ count: Int, seed: UInt64) -> DrawnExamples {
    var examples = DrawnExamples(steps: 2, features: 1, positions: .all)
    let draws = CounterGenerator(seed: seed, purpose: .sampling)
    for index in 0..<count {
      let numbers = (0..<2).map { Float(draws.uniform(at: UInt64(2 * index + $0))) }
      examples.append(numbers, values: [0, numbers[0]])
    }
    return examples
  }

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "an echo of one step, 200 training and 50 test windows")
    var rows: [[String]] = []
    for (name, kind) in [
      ("simple RNN", CellConfiguration.Kind.simple(.tanh)), ("GRU", .gru(.resetAfter)), ("LSTM", .lstm),
    ] {
      var errors: [[Double]] = [[], []]
      var explained: [Double] = []
      for seed in 1...settings.seeds {
        // Every seed also draws its own windows: the published ones cannot be had.
        let (training, test) = (
          Self.examples(200, seed: UInt64(2 * seed)), Self.examples(50, seed: UInt64(2 * seed + 1))
        )
        var network = try DrawnNetwork(
          [.recurrent(CellConfiguration(kind, size: 4))], inputs: 1, outputs: 1, loss: .meanSquaredError,
          positions: .all, seed: UInt64(seed))
        try network.train(
          on: training,
          TrainerOptions(
            epochs: settings.epochs, batchSize: 10, learningRate: 1e-2,
            schedule: .cosine(total: settings.epochs), seed: UInt64(seed)), threads: settings.threads)
        let (outputs, targets) = network.outputs(test)
        guard case .values(let wanted) = targets else { continue }
        for step in 0..<2 {
          let own = (step * test.count..<(step + 1) * test.count)
          errors[step].append(
            mean(own.map { Double((outputs[$0, 0] - wanted[$0, 0]) * (outputs[$0, 0] - wanted[$0, 0])) }))
        }
        let metrics = RegressionMetrics(
          predictions: (test.count..<2 * test.count).map { Double(outputs[$0, 0]) },
          targets: (test.count..<2 * test.count).map { Double(wanted[$0, 0]) })
        explained.append(metrics.rSquared ?? .nan)
        progress("\(name), seed \(seed): R² \(decimals(explained[seed - 1], 5))")
      }
      rows.append([name] + errors.map { scientific(mean($0)) } + [spread(explained, 5)])
      report.checks.append(
        .init(
          "\(name): the second step's R² on test windows is at least 0.99", found: spread(explained, 5),
          passed: mean(explained) >= 0.99))
    }
    report.tables.append(
      .init(
        "Errors on 50 test windows, cells of 4 units",
        columns: ["cell", "mean squared error, step 1", "mean squared error, step 2", "R², step 2"],
        rows: rows,
        note: "the mean of the numbers as an answer has R² 0 and a mean squared error of 1/12"))
    return report
  }
}
