extension HiddenMarkovModel {
  /// A sequence whose states are known.
  public struct Labelled: Sendable {
    /// Of each step.
    public var states: [Int]
    /// What it shows.
    public var observations: E.Observations

    /// - Precondition: as many states as steps.
    public init(states: [Int], observations: E.Observations) {
      precondition(
        states.count == observations.count, "\(states.count) states for \(observations.count) observations")
      self.states = states
      self.observations = observations
    }
  }

  /// The model under which sequences with known states are most probable, with pseudo-counts: no iteration is needed. What is 0
  /// in this model stays 0.
  ///
  /// - Throws: ``HMMError``: an observation that the model does not know, a covariance that is singular, tied states that are
  ///   not alike in this model.
  public func counting(
    _ sequences: [Labelled], options: BaumWelchOptions<E> = BaumWelchOptions()
  ) throws(HMMError) -> HiddenMarkovModel {
    options.constraints.require(states: stateCount)
    try options.constraints.requireAlike(in: self)
    try check(sequences.map(\.observations))
    var counts = ExpectedCounts(self)
    for sequence in sequences { counts.add(sequence, stateCount) }
    return try maximized(counts, options)
  }
}

extension ExpectedCounts {
  fileprivate mutating func add(_ sequence: HiddenMarkovModel<E>.Labelled, _ count: Int) {
    guard let first = sequence.states.first, let last = sequence.states.last else { return }
    initial[first] += 1
    final[last] += 1
    var posterior = [Double](repeating: 0, count: count * sequence.states.count)
    for (t, state) in sequence.states.enumerated() {
      precondition(state >= 0 && state < count, "state \(state) of \(count)")
      posterior[t * count + state] = 1
      occupancy[state] += 1
      if t > 0 { transition[sequence.states[t - 1] * count + state] += 1 }
    }
    emission.add(sequence.observations, steps: 0..<sequence.states.count, posterior: posterior)
  }
}
