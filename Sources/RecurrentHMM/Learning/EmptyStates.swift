internal import RecurrentCore

/// What became of states of which nothing was left, in all steps of one learning.
struct EmptyStates: Sendable {
  /// A state that dies again and again would keep learning from its end.
  private static let mostRescues = 3

  private var rescues: [Int: Int] = [:]
  private var named: Set<Int> = []

  /// Does with each of the states what the rule says.
  ///
  /// - Parameter before: the model that the step began with. A step takes every way to a state of which nothing is left, so
  ///   what may come to it is asked of this one.
  /// - Returns: what happened; a state that keeps what it has is in it once.
  /// - Throws: ``HMMError/stateDied(state:)`` where the rule says so.
  mutating func treat<E: Emission>(
    _ model: inout HiddenMarkovModel<E>, before: HiddenMarkovModel<E>, among states: [Int],
    _ sequences: [E.Observations],
    _ options: BaumWelchOptions<E>
  ) throws(HMMError) -> [BaumWelchEvent] {
    if states.isEmpty { return [] }
    var events: [BaumWelchEvent] = []
    let reachable = before.reachableStates
    for state in states {
      if options.emptyStates == .fail { throw .stateDied(state: state) }
      if options.emptyStates == .rescue && reachable[state] && rescues[state, default: 0] < Self.mostRescues,
        let rescued = model.rescuing(state, before: before, from: sequences, options)
      {
        model = rescued
        rescues[state, default: 0] += 1
        events.append(.stateRescued(state))
      } else if named.insert(state).inserted {
        events.append(reachable[state] ? .stateDied(state) : .stateUnreachable(state))
      }
    }
    return events
  }
}

extension HiddenMarkovModel {
  /// Whether a path of any length can come to each state.
  fileprivate var reachableStates: [Bool] {
    var found = initial.map { $0 > 0 }
    var waiting = found.indices.filter { found[$0] }
    while let state = waiting.popLast() {
      for next in 0..<stateCount where !found[next] && transition[state, next] > 0 {
        found[next] = true
        waiting.append(next)
      }
    }
    return found
  }
}

extension HiddenMarkovModel {
  /// The model with new life for a state: it shows mostly what the step shows that the model explains worst, and every state that
  /// may go there does so a little.
  ///
  /// - Returns: `nil` where its emission is frozen, tied, or cannot be made of one observation.
  func rescuing(
    _ state: Int, before: HiddenMarkovModel, from sequences: [E.Observations], _ options: BaumWelchOptions<E>
  ) -> HiddenMarkovModel? {
    let constraints = options.constraints
    if constraints.frozen.contains(.emission)
      || constraints.tiedEmissions.contains(where: { $0.contains(state) })
    {
      return nil
    }
    guard let worst = worstExplained(sequences, but: state) else { return nil }
    var statistics = emission.emptyStatistics()
    var posterior = [Double](repeating: 0, count: stateCount)
    posterior[state] = 1
    // The whole sequence counts a little for it, so that a distribution with more than one point comes out.
    let observations = sequences[worst.sequence]
    statistics.add(observations, steps: worst.step..<worst.step + 1, posterior: posterior)
    posterior[state] = 0.1 / Double(observations.count)
    for t in 0..<observations.count {
      statistics.add(observations, steps: t..<t + 1, posterior: posterior)
    }
    let alone: E
    do {
      alone = try emission.maximized(statistics, prior: options.emissionPrior)
    } catch {
      // Such as a full covariance from too few points: then the state stays as it is, which the caller says.
      return nil
    }
    var transition = transition
    if !constraints.frozen.contains(.transition) {
      for i in 0..<stateCount where before.transition[i, state] > 0 {
        transition.mix(row: i, toward: state, share: 0.05, keeping: final.map { $0[i] } ?? 0)
      }
    }
    return HiddenMarkovModel(
      unchecked: initial, transition, final, emission.replacing(state, from: alone), states)
  }

  /// The step of which the best of the other states' densities is least.
  private func worstExplained(
    _ sequences: [E.Observations], but state: Int
  ) -> (sequence: Int, step: Int)? {
    var found: (sequence: Int, step: Int)?
    var least = Double.infinity
    for (number, observations) in sequences.enumerated() {
      let scores = emissionScores(observations)
      for t in 0..<observations.count where !observations.isMissing(t) {
        var best = -Double.infinity
        for k in 0..<stateCount where k != state { best = max(best, scores[t, k]) }
        if best < least {
          least = best
          found = (number, t)
        }
      }
    }
    return found
  }
}

extension Matrix<Double> {
  /// Moves a share of a row's probabilities, which sum to 1 − `kept`, to one column.
  fileprivate mutating func mix(row: Int, toward column: Int, share: Double, keeping kept: Double) {
    for j in 0..<columns {
      self[row, j] = (1 - share) * self[row, j] + (j == column ? share * (1 - kept) : 0)
    }
  }
}
