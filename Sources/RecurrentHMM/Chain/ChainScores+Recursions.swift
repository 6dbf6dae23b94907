public import RecurrentCore

/// The two recursions, in any semiring. K² operations a step, where the paths are Kᵀ.
extension ChainScores {
  /// πₜ(j) = ⊕ᵢ πₜ₋₁(i) ⊗ transition(i, j) ⊗ e(t, j), with π₁(j) = initial(j) ⊗ e(1, j): all paths that stand in state j at
  /// step t, with what they have seen up to there. The emission of step t is part of it.
  ///
  /// - Parameters:
  ///   - emission: e `[T, K]`.
  ///   - semiring: what weights are, such as `LogSumExp.self`.
  /// - Returns: π `[T, K]`, row by row.
  @specialized(where S == LogSumExp)
  @specialized(where S == MaxPlus)
  public func forward<S: Semiring>(_ emission: Matrix<Double>, in semiring: S.Type) -> [S.Element] {
    require(emission)
    let (steps, count) = (emission.rows, stateCount)
    let arcs = transition.elements.map(S.weight)
    var result: [S.Element] = []
    result.reserveCapacity(steps * count)
    for t in 0..<steps {
      for j in 0..<count {
        var reaching = S.zero
        if t == 0 {
          reaching = S.weight(initial[j])
        } else {
          for i in 0..<count {
            reaching = S.sum(reaching, S.product(result[(t - 1) * count + i], arcs[i * count + j]))
          }
        }
        result.append(S.product(reaching, S.weight(emission.elements[t * count + j])))
      }
    }
    return result
  }

  /// ρₜ(i) = ⊕ⱼ transition(i, j) ⊗ e(t + 1, j) ⊗ ρₜ₊₁(j), with ρ_T(i) = final(i): all ways to go on from state i after step t.
  ///
  /// - Returns: ρ `[T, K]`, row by row.
  @specialized(where S == LogSumExp)
  @specialized(where S == MaxPlus)
  public func backward<S: Semiring>(_ emission: Matrix<Double>, in semiring: S.Type) -> [S.Element] {
    require(emission)
    let (steps, count) = (emission.rows, stateCount)
    let arcs = transition.elements.map(S.weight)
    var result = [S.Element](repeating: S.zero, count: steps * count)
    for t in stride(from: steps - 1, through: 0, by: -1) {
      for i in 0..<count {
        guard t + 1 < steps else {
          result[t * count + i] = S.weight(final[i])
          continue
        }
        var leaving = S.zero
        for j in 0..<count {
          let seen = S.product(
            arcs[i * count + j], S.weight(emission.elements[(t + 1) * count + j]))
          leaving = S.sum(leaving, S.product(seen, result[(t + 1) * count + j]))
        }
        result[t * count + i] = leaving
      }
    }
    return result
  }

  /// ⊕ over all paths: ⊕ⱼ π_T(j) ⊗ final(j). In `LogSumExp` log Z, of a hidden Markov model the log-likelihood.
  public func total<S: Semiring>(_ emission: Matrix<Double>, in semiring: S.Type) -> S.Element {
    total(of: forward(emission, in: semiring), in: semiring)
  }

  /// The same from π.
  func total<S: Semiring>(of forward: [S.Element], in semiring: S.Type) -> S.Element {
    if forward.isEmpty { return S.one }
    return zip(forward.suffix(stateCount), final).reduce(S.zero) {
      S.sum($0, S.product($1.0, S.weight($1.1)))
    }
  }

  /// The expectation semiring's sum over all paths of one more count of an arc: its mean is how often paths use the arc
  /// from state `from` to state `to`, and the derivative of log Z by that transition's score.
  public func expectedUses(of arc: (from: Int, to: Int), _ emission: Matrix<Double>) -> Expectation.Element {
    require(emission)
    require(states: [arc.from, arc.to])
    let (steps, count) = (emission.rows, stateCount)
    var row: [Expectation.Element] = []
    for t in 0..<steps {
      let before = row
      row = (0..<count).map { j in
        let score = emission.elements[t * count + j]
        if t == 0 { return Expectation.weight(initial[j] + score) }
        let reaching = (0..<count).reduce(Expectation.zero) { sum, i in
          let uses = i == arc.from && j == arc.to ? 1.0 : 0
          let step = Expectation.Element(
            logWeight: transition.elements[i * count + j], mean: uses)
          return Expectation.sum(sum, Expectation.product(before[i], step))
        }
        return Expectation.product(reaching, Expectation.weight(score))
      }
    }
    if steps == 0 { return Expectation.one }
    return zip(row, final).reduce(Expectation.zero) {
      Expectation.sum($0, Expectation.product($1.0, Expectation.weight($1.1)))
    }
  }
}
