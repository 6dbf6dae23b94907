internal import Foundation
public import RecurrentCore

/// One way through the states of a chain.
public struct ChainPath: Sendable, Hashable {
  /// The state of each step.
  public let states: [Int]
  /// Its score, the sum of all scores along it; of a hidden Markov model log P(x, h).
  public let score: Double

  package init(states: [Int], score: Double) {
    self.states = states
    self.score = score
  }
}

extension ChainScores {
  /// What a path scores.
  public func score(of path: [Int], _ emission: Matrix<Double>) -> Double {
    require(emission)
    precondition(path.count == emission.rows, "a path of \(path.count) steps through \(emission.rows)")
    require(states: path)
    guard let first = path.first, let last = path.last else { return 0 }
    var sum = initial[first]
    for (t, state) in path.enumerated() {
      if t > 0 { sum += transition.elements[path[t - 1] * stateCount + state] }
      sum += emission.elements[t * stateCount + state]
    }
    return sum + final[last]
  }

  /// The `count` best paths, best first, fewer where fewer are possible: Viterbi's recursion with a list for each state. Of
  /// paths that score alike, the one whose last state that differs has the lower number comes first.
  ///
  /// Time T K² n log(K n), memory T K n.
  ///
  /// Source: Forney, The Viterbi algorithm, Proceedings of the IEEE 61 (1973), doi:10.1109/PROC.1973.9030; Seshadri and
  /// Sundberg, List Viterbi decoding algorithms with applications (1994), doi:10.1109/26.275299, the parallel form.
  public func bestPaths(_ count: Int, _ emission: Matrix<Double>) -> [ChainPath] {
    require(emission)
    precondition(count > 0, "asked for \(count) paths")
    let (steps, size) = (emission.rows, stateCount)
    if steps == 0 { return [ChainPath(states: [], score: 0)] }
    /// The end of a path: its score, and the entry of the step before that it goes on from.
    struct Entry {
      let score: Double
      let state: Int
      let rank: Int
    }
    func best(_ candidates: [Entry]) -> [Entry] {
      let possible = candidates.filter { $0.score > -.infinity }
      return Array(
        possible.sorted {
          $0.score != $1.score ? $0.score > $1.score : ($0.state, $0.rank) < ($1.state, $1.rank)
        }.prefix(count))
    }
    var lists: [[[Entry]]] = [
      (0..<size).map { best([Entry(score: initial[$0] + emission.elements[$0], state: 0, rank: 0)]) }
    ]
    for t in 1..<max(steps, 1) {
      let before = lists[t - 1]
      lists.append(
        (0..<size).map { j in
          let seen = emission.elements[t * size + j]
          return best(
            (0..<size).flatMap { i in
              before[i].enumerated().map { rank, entry in
                Entry(
                  score: entry.score + transition.elements[i * size + j] + seen, state: i, rank: rank)
              }
            })
        })
    }
    let ends = best(
      (0..<size).flatMap { j in
        lists[steps - 1][j].enumerated().map { rank, entry in
          Entry(score: entry.score + final[j], state: j, rank: rank)
        }
      })
    return ends.map { end in
      var states = [Int](repeating: 0, count: steps)
      var (state, rank) = (end.state, end.rank)
      for t in stride(from: steps - 1, through: 0, by: -1) {
        states[t] = state
        (state, rank) = (lists[t][state][rank].state, lists[t][state][rank].rank)
      }
      return ChainPath(states: states, score: end.score)
    }
  }

  /// Paths drawn with probability exp(score) / Z, given what was seen: forward once, then each path from its end.
  ///
  /// - Parameter generator: of counter-based numbers; path p of T steps draws its words T p … T (p + 1) − 1.
  /// - Returns: none where no path is possible.
  public func sampledPaths(
    _ count: Int, _ emission: Matrix<Double>, using generator: CounterGenerator
  ) -> [ChainPath] {
    let (steps, size) = (emission.rows, stateCount)
    let forward = forward(emission, in: LogSumExp.self)
    if total(of: forward, in: LogSumExp.self) == -.infinity { return [] }
    return (0..<count).map { path in
      var states = [Int](repeating: 0, count: steps)
      for t in stride(from: steps - 1, through: 0, by: -1) {
        let scores = (0..<size).map { i in
          forward[t * size + i]
            + (t == steps - 1 ? final[i] : transition.elements[i * size + states[t + 1]])
        }
        states[t] = Self.draw(scores, generator.uniform(at: UInt64(path * steps + t)))
      }
      return ChainPath(states: states, score: score(of: states, emission))
    }
  }

  /// The index at which the running sum of exp(score), as a share of the whole, passes `uniform`.
  private static func draw(_ scores: [Double], _ uniform: Double) -> Int {
    let greatest = scores.max() ?? 0
    let weights = scores.map { exp($0 - greatest) }
    let target = uniform * weights.reduce(0, +)
    var sum = 0.0
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      sum += weight
      last = index
      if target < sum { return index }
    }
    return last
  }
}
