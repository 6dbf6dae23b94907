internal import Foundation
internal import Recurrent
internal import RecurrentTasks

/// A vague word that a later, clear one settles: a sound has two meanings, and only the word behind it says which. A network that
/// reads from the left alone can do no better than to guess.
struct RightContext: Reproduction {
  static let name = "right-context"
  static let summary =
    "a vague word that the next one settles, read from the left, from the right and from both sides"
  static let data: String? = nil
  static let seeds = 3
  static let epochs = 6

  let settings: ReproductionSettings

  /// Words of two meanings, and clear words of two kinds.
  private static let sounds = 5, clear = 10
  private static let pairs = 10

  private static func examples(_ count: Int, seed: UInt64) -> DrawnExamples {
    let mask = (0..<2 * pairs).map { $0 % 2 == 0 }
    var examples = DrawnExamples(steps: 2 * pairs, features: sounds + clear, positions: .mask([mask]))
    var draws = CounterGenerator(seed: seed, purpose: .sampling)
    for _ in 0..<count {
      var symbols: [Int] = []
      var meanings: [Int] = []
      for _ in 0..<pairs {
        let sound = Int.random(in: 0..<sounds, using: &draws)
        let word = Int.random(in: 0..<clear, using: &draws)
        symbols += [sound, sounds + word]
        meanings.append(2 * sound + word % 2)
      }
      examples.append(symbols: symbols, classes: meanings)
    }
    return examples
  }

  private static let networks: [(name: String, layer: LayerConfiguration)] = [
    ("from the left", .recurrent(CellConfiguration(.gru(.resetAfter), size: 32))),
    ("from the right", .recurrent(CellConfiguration(.gru(.resetAfter), size: 32), direction: .reverse)),
    (
      "from both sides",
      .bidirectional(
        forward: CellConfiguration(.gru(.resetAfter), size: 16),
        reverse: CellConfiguration(.gru(.resetAfter), size: 16))
    ),
  ]

  func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(name: Self.name, title: "a vague word settled by the next one")
    let (training, test) = (Self.examples(1000, seed: 1), Self.examples(500, seed: 2))
    let runs = try settings.sideBySide(bySeed: Self.networks) { reader, seed, threads in
      var network = try DrawnNetwork(
        [reader.layer], inputs: training.features, outputs: 2 * Self.sounds, loss: .softmaxCrossEntropy(),
        positions: .all, seed: UInt64(seed))
      try network.train(
        on: training,
        TrainerOptions(
          epochs: settings.epochs, batchSize: 32, learningRate: 1e-2, clipping: .norm(1), seed: UInt64(seed)
        ), threads: threads)
      let accuracy = network.accuracy(test)
      progress("\(reader.name), seed \(seed): \(percent(accuracy))")
      return (accuracy: accuracy, guesses: Self.probabilities(network, test))
    }
    let accuracies = runs.map { $0.map(\.accuracy) }
    let guesses = runs.map { $0[0].guesses }
    report.tables.append(
      .init(
        "Meanings of vague words told right, of 500 test sentences with 10 each",
        columns: ["network", "accuracy", "at chance"],
        rows: zip(Self.networks, accuracies).map { [$0.name, percents($1), "50.00 %"] },
        note: "each sound has two meanings, which the word behind it decides"))
    report.tables.append(Self.sentence(test, guesses))
    let bound = 0.99
    report.checks = [
      .init(
        "from both sides: at least 99 %", found: percents(accuracies[2]), passed: mean(accuracies[2]) >= bound
      ),
      // 5,000 draws of a fair coin stray by 0.7 % (one standard deviation).
      .init(
        "from the left: at chance, 50 % ± 3 %", found: percents(accuracies[0]),
        passed: abs(mean(accuracies[0]) - 0.5) <= 0.03),
      .init(
        "from the right: at least 99 %, since what settles comes first",
        found: percents(accuracies[1]), passed: mean(accuracies[1]) >= bound),
    ]
    return report
  }

  /// The probability of the right meaning of each sound of the first test sentence.
  private static func probabilities(_ network: DrawnNetwork, _ test: DrawnExamples) -> [String] {
    let (outputs, targets) = network.outputs(test)
    guard case .classes(let classes) = targets else { return [] }
    return (0..<pairs).map { pair in
      let row = pair * test.count
      let logits = (0..<outputs.columns).map { Double(outputs[row, $0]) }
      let top = logits.max() ?? 0
      let weights = logits.map { exp($0 - top) }
      return decimals(weights[classes[row]] / weights.reduce(0, +), 3)
    }
  }

  private static func sentence(_ test: DrawnExamples, _ guesses: [[String]]) -> ReproductionReport.Table {
    let input = test.examples[0].input
    let symbols = (0..<test.steps).map { t in
      (0..<test.features).first { input[t * test.features + $0] == 1 } ?? 0
    }
    let letters = Array("ABCDE")
    return .init(
      "Probability of the right meaning, word by word of one test sentence",
      columns: ["sound", "word behind it", "meaning"] + networks.map(\.name),
      rows: (0..<pairs).map { pair in
        let (sound, word) = (symbols[2 * pair], symbols[2 * pair + 1] - sounds)
        return [
          "\(letters[sound])", "word \(word)", "\(letters[sound])\(word % 2 + 1)",
        ] + guesses.map { $0[pair] }
      })
  }
}
