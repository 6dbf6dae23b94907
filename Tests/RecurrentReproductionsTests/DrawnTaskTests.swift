import Foundation
import Recurrent
import RecurrentCore
import RecurrentReproductions
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// The experiments whose data a definition gives.
@Suite struct DrawnTaskTests {
  private static func report(_ name: String, seeds: Int, epochs: Int) throws -> ReproductionReport {
    let type = try #require(Reproductions.all.first { $0.name == name })
    #expect(type.data == nil)
    return try type.init(settings: .init(data: nil, seeds: seeds, epochs: epochs, threads: 2)).report { _ in }
  }

  @Test func allPairsOfFourBits() throws {
    let rows = BinarySubtraction.rows()
    #expect(rows.count == 136)
    for row in rows {
      func number(_ part: Int) -> Int { (0..<4).reduce(0) { $0 + row[$1][part] << $1 } }
      #expect(number(0) - number(1) == number(2) && number(2) >= 0)
    }
    #expect(Set(rows.map { $0.map { $0.prefix(2) } }).count == 136)
  }

  /// The published file has what the definition gives.
  @Test(.enabled(if: SharedData.has("ai-edu-ch19/ch19.minus.csv")))
  func theFileIsTheDefinition() throws {
    let text = try String(contentsOfFile: SharedData.path("ai-edu-ch19/ch19.minus.csv"), encoding: .utf8)
    // Behind a, b and c stand the bits a₀ b₀ … a₃ b₃, then those of c.
    var found: [[[Int]]] = []
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let bits = Array(line.split(separator: ",").compactMap { Int($0) }.dropFirst(3))
      try #require(bits.count == 12)
      found.append((0..<4).map { k -> [Int] in [bits[2 * k], bits[2 * k + 1], bits[8 + k]] })
    }
    #expect(found == BinarySubtraction.rows())
  }

  /// h′ = u h + x, so every step back multiplies the gradient by u.
  @Test func theGradientOfALinearCellDecaysByItsWeight() throws {
    var examples = DrawnExamples(steps: 9, features: 2, positions: .last)
    examples.append(symbols: [0, 1, 1, 0, 1, 0, 0, 1, 1], classes: [1])
    examples.append(symbols: [1, 1, 0, 0, 1, 0, 1, 1, 0], classes: [0])
    var network = try DrawnNetwork(
      [.recurrent(CellConfiguration(.simple(.identity), size: 1))], inputs: 2, outputs: 2,
      loss: .softmaxCrossEntropy(), positions: .last, seed: 5)
    let slot = try #require(network.model.layout.slots.first { $0.name.hasSuffix("weightHidden") })
    network.parameters[slot] = Matrix(rows: 1, columns: 1, elements: [0.5])
    let norms = GradientThroughTime.norms(network, examples)
    #expect(norms.count == 9 && norms[0] > 0)
    for (lag, norm) in norms.enumerated() {
      // Halving is exact in binary; what it is halved from comes by two ways and is rounded in single precision.
      #expect(abs(norm / norms[0] * Double(1 << lag) - 1) < 1e-5)
    }
  }

  /// One seed and few epochs, to see that they run and what they print; how good they are is for the whole runs to say.
  @Test(arguments: ["right-context", "ai-edu-19.1", "ai-edu-19.2"]) func theyRun(name: String) throws {
    let report = try Self.report(name, seeds: 1, epochs: 1)
    #expect(report.name == name && !report.tables.isEmpty && report.checks.count == 3)
    #expect(report.tables.allSatisfy { table in table.rows.allSatisfy { $0.count == table.columns.count } })
  }

  /// The forward network can do no better than to guess, however long it is trained.
  @Test func theLeftDoesNotKnow() throws {
    let report = try Self.report("right-context", seeds: 1, epochs: 2)
    let check = try #require(report.checks.first { $0.statement.hasPrefix("from the left") })
    #expect(check.passed, "\(check.found)")
  }

  @Test func bands() {
    let limits = PM25Bands.limits[0].values
    #expect(
      [0, 50, 50.5, 100, 200, 300, 301, 900].map { PM25Bands.band($0, limits) } == [0, 0, 1, 1, 3, 4, 5, 5])
  }
}
