internal import Recurrent
internal import RecurrentTasks

/// Subtraction of four-bit numbers of ai-edu's chapter 19.2, bit by bit from the lowest: a borrow has to be carried. All 136 pairs
/// are learned, and all are asked for, as there.
package struct BinarySubtraction: Reproduction {
  package static let name = "ai-edu-19.2"
  package static let summary = "subtraction of four-bit numbers, all 136 pairs"
  package static let data: String? = nil
  package static let seeds = 3
  package static let epochs = 300

  let settings: ReproductionSettings

  package init(settings: ReproductionSettings) { self.settings = settings }

  /// All pairs 0 ≤ b ≤ a ≤ 15, each as four steps of (aₖ, bₖ, bit k of a − b), the lowest bit first.
  package static func rows() -> [[[Int]]] {
    (0..<16).flatMap { a in
      (0...a).map { b in (0..<4).map { k in [a, b, a - b].map { $0 >> k & 1 } } }
    }
  }

  private static func examples() -> DrawnExamples {
    var examples = DrawnExamples(steps: 4, features: 2, positions: .all)
    for row in rows() {
      examples.append(
        row.flatMap { [Float($0[0]), Float($0[1])] }, values: row.map { Float($0[2]) })
    }
    return examples
  }

  package func report(_ progress: @escaping @Sendable (String) -> Void) throws -> ReproductionReport {
    var report = ReproductionReport(name: Self.name, title: "four-bit subtraction, 136 pairs")
    let examples = Self.examples()
    var rows: [[String]] = []
    for (name, kind) in [
      ("simple RNN", CellConfiguration.Kind.simple(.tanh)), ("GRU", .gru(.resetAfter)), ("LSTM", .lstm),
    ] {
      var (pairs, bits): ([Double], [Double]) = ([], [])
      for seed in 1...settings.seeds {
        var network = try DrawnNetwork(
          [.recurrent(CellConfiguration(kind, size: 8))], inputs: 2, outputs: 1, loss: .binaryCrossEntropy,
          positions: .all, seed: UInt64(seed))
        try network.train(
          on: examples,
          TrainerOptions(epochs: settings.epochs, batchSize: 8, learningRate: 1e-2, seed: UInt64(seed)),
          threads: settings.threads
        ) { $0 < 1e-3 }
        let (outputs, targets) = network.outputs(examples)
        guard case .values(let wanted) = targets else { continue }
        let right = (0..<examples.count).map { pair in
          (0..<4).count { step in
            let row = step * examples.count + pair
            return (outputs[row, 0] > 0) == (wanted[row, 0] == 1)
          }
        }
        pairs.append(Double(right.count { $0 == 4 }) / Double(examples.count))
        bits.append(Double(right.reduce(0, +)) / Double(4 * examples.count))
        progress("\(name), seed \(seed): \(percent(pairs[seed - 1])) of pairs")
      }
      rows.append([name, percents(pairs), percents(bits)])
      report.checks.append(
        .init(
          "\(name): all pairs, with every seed", found: percents(pairs), passed: pairs.allSatisfy { $0 == 1 })
      )
    }
    report.tables.append(
      .init(
        "Answers that are right, cells of 8 units", columns: ["cell", "pairs, all four bits", "bits"],
        rows: rows,
        note: "published: 100 % with an LSTM; training and test are the same 136 pairs, there and here"))
    return report
  }
}
