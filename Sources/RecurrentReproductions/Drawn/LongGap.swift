internal import Foundation
internal import Recurrent
internal import RecurrentReports
internal import RecurrentTasks

/// The first token decides what is asked for behind a gap of others. A simple network's gradient has vanished before it comes to
/// the first token; gates that are open at first carry it there.
struct LongGap: Reproduction {
  static let name = "long-gap"
  static let summary =
    "the first token decides what is asked for 10 to 500 tokens later, by simple RNN, GRU and LSTM, and their gradients through time"
  static let data: String? = nil
  static let seeds = 3
  /// More than the gated cells need; a simple network that is given 12 finds a gap of 100 by one seed in three.
  static let epochs = 6

  let settings: ReproductionSettings

  private static let gaps = [10, 50, 100, 500]
  /// The gap that gradients are followed over.
  private static let followed = 100
  private static let size = 32
  /// Two tokens decide, eight fill the gap.
  private static let noise = 8

  enum Cell: String, CaseIterable {
    case simple = "simple RNN"
    case gru = "GRU"
    case lstm = "LSTM"

    var kind: CellConfiguration.Kind {
      switch self {
      case .simple: .simple(.tanh)
      case .gru: .gru(.resetAfter)
      case .lstm: .lstm
      }
    }
  }

  private static func examples(_ count: Int, gap: Int, seed: UInt64) -> DrawnExamples {
    var examples = DrawnExamples(steps: gap + 1, features: 2 + noise, positions: .last)
    var draws = CounterGenerator(seed: seed, purpose: .sampling, step: UInt64(gap))
    for _ in 0..<count {
      let key = Int.random(in: 0..<2, using: &draws)
      let rest = (0..<gap).map { _ in 2 + Int.random(in: 0..<noise, using: &draws) }
      examples.append(symbols: [key] + rest, classes: [key])
    }
    return examples
  }

  /// A network whose gates, where it has some, remember for up to `gap` steps at first (Tallec and Ollivier 2018): the bias of
  /// what keeps the state is log of a number drawn evenly from 1 to the gap, and an LSTM's input gate has its negative.
  private static func network(_ cell: Cell, gap: Int, seed: UInt64, opensGates: Bool) throws -> DrawnNetwork {
    var network = try DrawnNetwork(
      [.recurrent(CellConfiguration(cell.kind, size: size))], inputs: 2 + noise, outputs: 2,
      loss: .softmaxCrossEntropy(), positions: .last, seed: seed)
    guard opensGates, cell != .simple,
      let slot = network.model.layout.slots.first(where: { $0.name.hasSuffix(".bias") && $0.columns > size })
    else { return network }
    let draws = CounterGenerator(seed: seed, purpose: .initialization, step: 1 << 20)
    var bias = network.parameters[slot]
    for unit in 0..<size {
      let remembers = log(1 + draws.uniform(at: UInt64(unit)) * Double(gap - 1))
      switch cell {
      case .simple: break
      // Rows r z n: z keeps the state.
      case .gru: bias[0, size + unit] = Float(remembers)
      // Rows i f g o.
      case .lstm:
        bias[0, unit] = Float(-remembers)
        bias[0, size + unit] = Float(remembers)
      }
    }
    network.parameters[slot] = bias
    return network
  }

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(
      name: Self.name, title: "the first token decides, at most \(settings.epochs) epochs of 1,024 sequences")
    var accuracies: [Cell: [[Double]]] = [:]
    var passes: [Cell: [[Double]]] = [:]
    for gap in Self.gaps {
      let (training, test) = (
        Self.examples(1024, gap: gap, seed: 1), Self.examples(500, gap: gap, seed: 2)
      )
      let found = try settings.sideBySide(bySeed: Cell.allCases) { cell, seed, threads in
        var network = try Self.network(cell, gap: gap, seed: UInt64(seed), opensGates: true)
        let options = TrainerOptions(
          epochs: settings.epochs, batchSize: 16, learningRate: 3e-3, clipping: .norm(1), seed: UInt64(seed))
        let epochs = try network.train(on: training, options, threads: threads) { $0 < 0.01 }
        return (accuracy: network.accuracy(test), epochs: Double(epochs))
      }
      for (cell, runs) in zip(Cell.allCases, found) {
        let own = runs.map(\.accuracy)
        accuracies[cell, default: []].append(own)
        passes[cell, default: []].append(runs.map(\.epochs))
        progress("gap \(gap), \(cell.rawValue): \(percents(own))")
      }
    }
    report.tables.append(
      .init(
        "Accuracy on 500 test sequences behind a gap; chance is 50 %",
        columns: ["cell"] + Self.gaps.map { "gap \($0)" },
        rows: Cell.allCases.map { cell in [cell.rawValue] + (accuracies[cell] ?? []).map(percents) },
        note:
          "32 units each; gates begin open for up to the gap's length, a simple cell has none"))
    report.tables.append(
      .init(
        "Epochs until the training loss is below 0.01, or all",
        columns: ["cell"] + Self.gaps.map { "gap \($0)" },
        rows: Cell.allCases.map { cell in [cell.rawValue] + (passes[cell] ?? []).map { spread($0, 1) } }))
    try addGradients(to: &report)
    for (index, gap) in Self.gaps.enumerated() where gap == Self.followed {
      for cell in Cell.allCases {
        let own = accuracies[cell]?[index] ?? []
        let isChance = cell == .simple
        report.checks.append(
          .init(
            isChance
              ? "simple RNN at gap \(gap): at chance, 50 % ± 5 %"
              : "\(cell.rawValue) at gap \(gap): at least 99 %",
            found: percents(own), passed: isChance ? abs(mean(own) - 0.5) <= 0.05 : mean(own) >= 0.99))
      }
    }
    return report
  }

  private func addGradients(to report: inout ReproductionReport) throws {
    let lags = [0, 1, 2, 5, 10, 20, 50, 100]
    var curves: [(name: String, norms: [Double])] = []
    for cell in Cell.allCases {
      for opens in cell == .simple ? [false] : [false, true] {
        let runs = try (1...settings.seeds).map { seed in
          let network = try Self.network(
            cell, gap: Self.followed, seed: UInt64(seed), opensGates: opens)
          return GradientThroughTime.norms(
            network, Self.examples(32, gap: Self.followed, seed: UInt64(2 + seed)))
        }
        // A geometric mean, since seeds differ by orders of magnitude.
        let norms = runs[0].indices.map { lag in exp(mean(runs.map { log($0[lag]) })) }
        curves.append((cell.rawValue + (opens ? ", gates open" : ""), norms))
      }
    }
    func factor(_ norms: [Double]) -> Double {
      pow(norms[Self.followed] / norms[0], 1 / Double(Self.followed))
    }
    report.tables.append(
      .init(
        "Before training: norm of the loss's gradient by the state so many steps before the last, relative to the last one's",
        columns: ["cell"] + lags.map { "\($0)" } + ["factor a step"],
        rows: curves.map { name, norms in
          [name] + lags.map { scientific(norms[$0] / norms[0]) } + [decimals(factor(norms), 4)]
        },
        note: "geometric means over \(settings.seeds) seeds; an LSTM's state is h and c together"))
    let chart = LineChart(
      title: "How a gradient decays through time", x: .init("steps before the last"),
      y: .init("norm, relative to the last state's", scale: .logarithmic),
      series: curves.map { name, norms in
        .init(name, y: norms.map { $0 / norms[0] }, first: 0)
      })
    report.figures["long-gap-gradients.svg"] = chart.svg()
    let simple = factor(curves[0].norms)
    report.checks.append(
      .init(
        "the gradient of the simple RNN vanishes: its factor a step is below 0.9, and every cell with open gates has a larger one",
        found: curves.map { "\($0.name): \(decimals(factor($0.norms), 4))" }.joined(separator: ", "),
        passed: simple < 0.9
          && curves.filter { $0.name.hasSuffix("open") }.allSatisfy { factor($0.norms) > simple }))
  }
}

/// How the loss's gradient shrinks on its way back through time.
package enum GradientThroughTime {
  /// ‖∂L/∂s_{T−k}‖ for k = 0 … T − 1, over all sequences and all components of the states s of the recurrent layers; L is the loss
  /// of the examples.
  package static func norms(_ network: DrawnNetwork, _ examples: DrawnExamples) -> [Double] {
    let batch = examples.batch(Array(0..<examples.count))
    let trace = network.model.trace(batch, parameters: PackedParameters(network.parameters))
    let gradients = trace.cells.flatMap(\.stateGradients).map(\.values)
    return (0..<batch.input.steps).reversed().map { t in
      gradients.reduce(0) { sum, gradient in
        gradient.step(t).elements.reduce(sum) { $0 + Double($1) * Double($1) }
      }.squareRoot()
    }
  }
}
