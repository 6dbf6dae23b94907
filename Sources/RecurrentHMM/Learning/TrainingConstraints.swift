internal import RecurrentCore

/// What learning may not change, and what it must keep alike.
public struct TrainingConstraints: Sendable, Hashable, Codable {
  /// Parts that keep what they have.
  public var frozen: Set<Part>
  /// Groups of states that show the same: what is counted of any of them counts for all. They must be alike at the start.
  public var tiedEmissions: [[Int]]
  /// Groups of states that are left alike: their rows of the transitions are one, from the start.
  public var tiedTransitions: [[Int]]

  /// A part of a model.
  public enum Part: String, Sendable, Hashable, Codable, CaseIterable {
    /// Where sequences begin.
    case initial
    /// From state to state, and where sequences end.
    case transition
    /// What states show.
    case emission
  }

  /// Tied states must be alike in a model: learning keeps them so, and cannot make them so.
  func requireAlike<E: Emission>(in model: HiddenMarkovModel<E>) throws(HMMError) {
    let all = Array(0..<model.stateCount)
    for group in tiedEmissions {
      for state in group.dropFirst() {
        var exchanged = all
        exchanged.swapAt(group[0], state)
        // Alike is what stays as it is when the two change places.
        if model.emission.reordered(exchanged) != model.emission {
          throw .notAlike(what: "emissions", states: [group[0], state])
        }
      }
    }
    for group in tiedTransitions {
      for state in group.dropFirst()
      where model.transition.row(state) != model.transition.row(group[0])
        || model.final.map({ $0[state] != $0[group[0]] }) ?? false
      {
        throw .notAlike(what: "transitions", states: [group[0], state])
      }
    }
  }

  /// Groups must be apart, of states that there are.
  func require(states count: Int) {
    for groups in [tiedEmissions, tiedTransitions] {
      let all = groups.flatMap(\.self)
      precondition(
        Set(all).count == all.count && all.allSatisfy { $0 >= 0 && $0 < count },
        "groups \(groups) of tied states must be apart and of states 0 ..< \(count)")
    }
  }

  /// Everything is learnt, everything by itself.
  public init(frozen: Set<Part> = [], tiedEmissions: [[Int]] = [], tiedTransitions: [[Int]] = []) {
    self.frozen = frozen
    self.tiedEmissions = tiedEmissions
    self.tiedTransitions = tiedTransitions
  }
}

/// Pseudo-counts of where sequences begin and how they go on: Dirichlet priors with α = 1 + count, of which learning finds the
/// maximum of the posterior. A probability of 0 is structure and stays 0.
public struct ChainPrior: Sendable, Hashable, Codable {
  /// Added to the count of each state that may begin.
  public var initial: Double
  /// Added to the count of each transition, and each end, that may be.
  public var transition: Double

  /// None.
  public init(initial: Double = 0, transition: Double = 0) {
    self.initial = initial
    self.transition = transition
  }
}
