import Foundation
package import RecurrentCore
package import RecurrentHMM

/// Everything about a chain of few states and steps, by looking at every one of its Kᵀ paths.
package struct NaiveChain {
  /// Every path with its score, −∞ for those that are not possible.
  package let paths: [(states: [Int], score: Double)]
  private let steps: Int
  private let count: Int

  package init(_ scores: ChainScores, _ emission: Matrix<Double>) {
    (steps, count) = (emission.rows, scores.stateCount)
    var paths: [[Int]] = [[]]
    for _ in 0..<steps { paths = paths.flatMap { path in (0..<scores.stateCount).map { path + [$0] } } }
    self.paths = paths.map { path in
      var score = 0.0
      for (t, state) in path.enumerated() {
        score += t == 0 ? scores.initial[state] : scores.transition[path[t - 1], state]
        score += emission[t, state]
      }
      if let last = path.last { score += scores.final[last] }
      return (path, score)
    }
  }

  /// Σ exp(score) over the paths for which this holds, as a logarithm.
  package func logSum(where isMeant: ([Int]) -> Bool = { _ in true }) -> Double {
    let scores = paths.filter { isMeant($0.states) }.map(\.score)
    let greatest = scores.max() ?? -.infinity
    if greatest == -.infinity { return -.infinity }
    return greatest + log(scores.reduce(0) { $0 + exp($1 - greatest) })
  }

  /// P(hₜ = k | x) `[T, K]`.
  package var posterior: [Double] {
    let total = logSum()
    return (0..<steps).flatMap { t in
      (0..<count).map { k in exp(logSum { $0[t] == k } - total) }
    }
  }

  /// Expected uses of every transition `[K, K]`.
  package var transitions: [Double] {
    let total = logSum()
    return (0..<count * count).map { arc in
      paths.filter { $0.score > -.infinity }.reduce(0) { sum, path in
        let uses = zip(path.states, path.states.dropFirst()).count { $0 * count + $1 == arc }
        return sum + Double(uses) * exp(path.score - total)
      }
    }
  }

  /// Possible paths, best first; of equals, the one whose last state that differs has the lower number.
  package var ranked: [(states: [Int], score: Double)] {
    paths.filter { $0.score > -.infinity }.sorted {
      if $0.score != $1.score { return $0.score > $1.score }
      return $0.states.reversed().lexicographicallyPrecedes($1.states.reversed())
    }
  }
}
