internal import RecurrentCore

/// The recursions of one chain on emission scores `[T, K]` that stand in memory, sequence after sequence: one caller at a
/// time. Results are those of ``ChainScores``, to the bit. A sum over paths allocates a closure a sequence;
/// a best path, and what falls back to logarithms, allocate their results.
package final class ChainCalculator {
  private let engine: ChainEngine
  private let sums = Scratch<Double>()

  package init(_ chain: PackedChain) { engine = ChainEngine(chain) }

  private var count: Int { engine.chain.states }

  /// log Z; −∞ where no path is possible.
  package func logPartition(_ emission: UnsafePointer<Double>, steps: Int) -> Double {
    engine.logLikelihood(input(emission, steps))
      ?? engine.chain.scores.total(matrix(emission, steps), in: LogSumExp.self)
  }

  /// log Z and the posterior, written to γ `[T, K]` and Σₜ ξₜ `[K, K]`.
  ///
  /// - Returns: −∞ where no path is possible; nothing is said of what is written then.
  package func posterior(
    _ emission: UnsafePointer<Double>, steps: Int, states: UnsafeMutablePointer<Double>,
    transitions: UnsafeMutablePointer<Double>
  ) -> Double {
    let (count, width) = (count, engine.chain.width)
    sums.reserve(count * width).update(repeating: 0, count: count * width)
    let total = engine.posterior(input(emission, steps), transitions: sums.base) { segment, gamma in
      (states + segment.lowerBound * count).update(from: gamma, count: segment.count * count)
    }
    guard let total else {
      return posteriorInLogarithms(emission, steps, states, transitions)
    }
    engine.weigh(sums.base, into: transitions)
    return total
  }

  /// Where weights are too small for the kernels.
  private func posteriorInLogarithms(
    _ emission: UnsafePointer<Double>, _ steps: Int, _ states: UnsafeMutablePointer<Double>,
    _ transitions: UnsafeMutablePointer<Double>
  ) -> Double {
    guard let found = engine.chain.scores.posteriorInLogarithms(matrix(emission, steps)) else {
      return -.infinity
    }
    for (place, value) in found.states.elements.enumerated() { states[place] = value }
    for (place, value) in found.transitions.elements.enumerated() { transitions[place] = value }
    return found.logLikelihood
  }

  /// Viterbi's path; `nil` where none is possible.
  package func bestPath(_ emission: UnsafePointer<Double>, steps: Int) -> ChainPath? {
    engine.bestPath(input(emission, steps))
  }

  private func input(_ emission: UnsafePointer<Double>, _ steps: Int) -> ChainInput {
    let count = count
    return .rows(steps: steps) { segment, target in
      target.update(from: emission + segment.lowerBound * count, count: segment.count * count)
    }
  }

  private func matrix(_ emission: UnsafePointer<Double>, _ steps: Int) -> Matrix<Double> {
    Matrix(
      rows: steps, columns: count,
      elements: Array(UnsafeBufferPointer(start: emission, count: steps * count)))
  }
}
