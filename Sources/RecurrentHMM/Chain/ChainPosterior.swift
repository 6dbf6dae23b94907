internal import Foundation
public import RecurrentCore

/// What is known of the states of a chain once the whole sequence is seen.
public struct ChainPosterior: Sendable, Hashable {
  /// log Z; of a hidden Markov model the log-likelihood.
  public let logLikelihood: Double
  /// γ `[T, K]`: P(hₜ = k | x). Rows sum to 1.
  public let states: Matrix<Double>
  /// Σₜ ξₜ `[K, K]`: how often the transition from one state (row) to another (column) is expected. It sums to T − 1.
  public let transitions: Matrix<Double>

  package init(logLikelihood: Double, states: Matrix<Double>, transitions: Matrix<Double>) {
    self.logLikelihood = logLikelihood
    self.states = states
    self.transitions = transitions
  }

  /// The most probable state of each step by itself, the first of equals. Together they need not be a path that is possible;
  /// ``ChainScores/bestPath(_:)`` is.
  public var mostProbableStates: [Int] {
    (0..<states.rows).map { t in
      let row = states.elements[t * states.columns..<(t + 1) * states.columns]
      return row.indices.reduce(row.startIndex) { row[$1] > row[$0] ? $1 : $0 } - row.startIndex
    }
  }
}

extension ChainScores {
  /// The posterior by recursions in logarithms: nothing underflows, whatever the scores are.
  ///
  ///     γₜ(k) = exp(πₜ(k) + ρₜ(k) − log Z)
  ///     ξₜ(i, j) = exp(πₜ(i) + transition(i, j) + e(t + 1, j) + ρₜ₊₁(j) − log Z)
  ///
  /// - Returns: `nil` where no path is possible, log Z = −∞.
  public func posteriorInLogarithms(_ emission: Matrix<Double>) -> ChainPosterior? {
    let (steps, count) = (emission.rows, stateCount)
    let forward = forward(emission, in: LogSumExp.self)
    let backward = backward(emission, in: LogSumExp.self)
    let total = total(of: forward, in: LogSumExp.self)
    if total == -.infinity { return nil }
    var transitions = Matrix<Double>(zeros: count, count)
    for t in 0..<max(steps - 1, 0) {
      let own = transitionPosterior(at: t, emission, forward, backward, total)
      for index in own.indices { transitions.elements[index] += own[index] }
    }
    var states = Matrix(
      rows: steps, columns: count, elements: zip(forward, backward).map { exp($0 + $1 - total) })
    for t in 0..<steps {
      let row = t * count..<(t + 1) * count
      let sum = states.elements[row].reduce(0, +)
      for index in row { states.elements[index] /= sum }
    }
    return ChainPosterior(logLikelihood: total, states: states, transitions: transitions)
  }

  /// P(hₜ = i, hₜ₊₁ = j | x) `[K, K]` for step t, counted from 0.
  ///
  /// - Returns: `nil` where no path is possible.
  public func transitionPosterior(at t: Int, _ emission: Matrix<Double>) -> Matrix<Double>? {
    let count = stateCount
    precondition(t >= 0 && t + 1 < emission.rows, "no transition leaves step \(t) of \(emission.rows)")
    let forward = forward(emission, in: LogSumExp.self)
    let backward = backward(emission, in: LogSumExp.self)
    let total = total(of: forward, in: LogSumExp.self)
    if total == -.infinity { return nil }
    return Matrix(
      rows: count, columns: count, elements: transitionPosterior(at: t, emission, forward, backward, total))
  }

  /// ξₜ, which sums to 1: the rounding of log Z, that of a long sum, shifts all of it alike and is taken out.
  private func transitionPosterior(
    at t: Int, _ emission: Matrix<Double>, _ forward: [Double], _ backward: [Double], _ total: Double
  ) -> [Double] {
    let count = stateCount
    var result = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count {
        let seen = emission.elements[(t + 1) * count + j] + backward[(t + 1) * count + j] - total
        result[i * count + j] = exp(
          forward[t * count + i] + transition.elements[i * count + j] + seen)
      }
    }
    let sum = result.reduce(0, +)
    return result.map { $0 / sum }
  }

  /// The first step by which no path is possible any more, counted from 0; T where the steps are possible but the end is
  /// not; `nil` where some path is.
  public func firstImpossibleStep(_ emission: Matrix<Double>) -> Int? {
    let count = stateCount
    let forward = forward(emission, in: MaxPlus.self)
    for t in 0..<emission.rows where forward[t * count..<(t + 1) * count].allSatisfy({ $0 == -.infinity }) {
      return t
    }
    return total(of: forward, in: MaxPlus.self) == -.infinity ? emission.rows : nil
  }
}
