import RecurrentCore
import RecurrentHMM

/// Numbers that do not matter, the same every time.
struct Draws {
  var generator: CounterGenerator

  init(_ seed: UInt64) { generator = CounterGenerator(seed: seed, purpose: .check) }

  mutating func uniform(_ range: ClosedRange<Double> = 0...1) -> Double {
    Double.random(in: range, using: &generator)
  }

  /// Positive numbers that sum to 1.
  mutating func distribution(_ count: Int) -> [Double] {
    let weights = (0..<count).map { _ in uniform(0.05...1) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  mutating func scores(_ count: Int, scale: Double = 2) -> [Double] {
    (0..<count).map { _ in uniform(-scale...scale) }
  }

  /// A chain of K states and emission scores of T steps.
  mutating func chain(_ states: Int, _ steps: Int, scale: Double = 2) -> (
    scores: ChainScores, emission: Matrix<Double>
  ) {
    (
      ChainScores(
        initial: scores(states, scale: scale),
        transition: Matrix(
          rows: states, columns: states, elements: scores(states * states, scale: scale)),
        final: scores(states, scale: scale)),
      Matrix(rows: steps, columns: states, elements: scores(steps * states, scale: scale))
    )
  }
}

/// The largest difference relative to max(1, |expected|); infinite where one side is not finite and the other differs.
func error(_ found: [Double], _ expected: [Double]) -> Double {
  if found.count != expected.count { return .infinity }
  return zip(found, expected).reduce(0) { worst, pair in
    if pair.0 == pair.1 { return worst }
    let difference = abs(pair.0 - pair.1) / max(1, abs(pair.1))
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}

func error(_ found: Double, _ expected: Double) -> Double { error([found], [expected]) }
