import Foundation
import RecurrentCore
import RecurrentHMM
import Synchronization

/// How often each of n tries of equal chance succeeded: an emission of symbols 0 … n that is not the package's.
struct BinomialEmission: Emission {
  let tries: Int
  /// Of each state.
  let chances: [Double]
  /// Symbols that the table of scores has; `nil`: there is no table.
  var tableRows: Int?
  /// Added to what the table has: a mistake.
  var tableError = 0.0
  /// Of this emission's scores.
  var written = Count()

  /// How often scores were written; no part of what an emission is.
  final class Count: Sendable, Hashable {
    private let value = Mutex(0)
    var current: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
    static func == (left: Count, right: Count) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
  }

  var stateCount: Int { chances.count }
  var parameterCount: Int { chances.count }
  var problem: HMMError? { nil }

  func problem(of observations: SymbolSequence) -> HMMError? {
    for t in 0..<observations.count {
      if let symbol = observations[t], symbol > tries {
        return .symbol(sequence: 0, step: t, value: symbol, count: tries + 1)
      }
    }
    return nil
  }

  private func score(_ symbol: Int, _ chance: Double) -> Double {
    let ways = (0..<symbol).reduce(1.0) { $0 * Double(tries - $1) / Double($1 + 1) }
    return log(ways) + Double(symbol) * log(chance) + Double(tries - symbol) * log(1 - chance)
  }

  func writeScores(
    _ observations: SymbolSequence, steps: Range<Int>, into scores: UnsafeMutablePointer<Double>
  ) {
    written.add()
    for (row, t) in steps.enumerated() {
      for (k, chance) in chances.enumerated() {
        scores[row * stateCount + k] = observations[t].map { score($0, chance) } ?? 0
      }
    }
  }

  var scoreTable: Matrix<Double>? {
    tableRows.map { rows in
      Matrix((0..<rows).map { symbol in chances.map { score(symbol, $0) + tableError } })
    }
  }

  struct Statistics: EmissionStatistics {
    var weights: [Double]
    var sums: [Double]

    mutating func add(_ observations: SymbolSequence, steps: Range<Int>, posterior: UnsafePointer<Double>) {
      for (row, t) in steps.enumerated() {
        guard let symbol = observations[t] else { continue }
        for k in weights.indices {
          weights[k] += posterior[row * weights.count + k]
          sums[k] += posterior[row * weights.count + k] * Double(symbol)
        }
      }
    }

    mutating func add(_ other: Self) {
      for k in weights.indices {
        weights[k] += other.weights[k]
        sums[k] += other.sums[k]
      }
    }

    mutating func share(among groups: [[Int]]) {
      for group in groups {
        let (weight, sum) = group.reduce((0.0, 0.0)) { ($0.0 + weights[$1], $0.1 + sums[$1]) }
        for k in group {
          (weights[k], sums[k]) = (weight / Double(group.count), sum / Double(group.count))
        }
      }
    }
  }

  func emptyStatistics() -> Statistics {
    let none = [Double](repeating: 0, count: stateCount)
    return Statistics(weights: none, sums: none)
  }

  private func with(_ chances: [Double]) -> Self {
    BinomialEmission(tries: tries, chances: chances, tableRows: tableRows)
  }

  /// Nothing is believed.
  struct Prior: Sendable, Hashable, Codable {}
  static var noPrior: Prior { Prior() }
  func logPrior(_ prior: Prior) -> Double { 0 }

  func maximized(_ statistics: Statistics, prior: Prior) throws(HMMError) -> Self {
    with(
      chances.indices.map { k in
        let weight = statistics.weights[k]
        return weight > 0 ? statistics.sums[k] / (Double(tries) * weight) : chances[k]
      })
  }

  func sampled(_ states: [Int], using generator: inout CounterGenerator) -> SymbolSequence {
    SymbolSequence(
      states.map { state in
        (0..<tries).count { _ in Double.random(in: 0..<1, using: &generator) < chances[state] }
      })
  }

  func replacing(_ state: Int, from other: Self) -> Self {
    with(chances.indices.map { $0 == state ? other.chances[$0] : chances[$0] })
  }

  func reordered(_ order: [Int]) -> Self { with(order.map { chances[$0] }) }
}
