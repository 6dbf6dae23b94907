internal import Foundation
internal import RecurrentCore

/// What the E step counts over some sequences, or what is counted of sequences whose states are known.
struct ExpectedCounts<E: Emission>: Sendable {
  var logLikelihood = 0.0
  /// `[K]`.
  var initial: [Double]
  /// `[K, K]`.
  var transition: [Double]
  /// `[K]`: where sequences end.
  var final: [Double]
  /// Σ γ of each state.
  var occupancy: [Double]
  var emission: E.Statistics
  /// The first sequence that no path explains.
  var impossible: Int?

  init(_ model: HiddenMarkovModel<E>) {
    let count = model.stateCount
    initial = [Double](repeating: 0, count: count)
    transition = [Double](repeating: 0, count: count * count)
    final = initial
    occupancy = initial
    emission = model.emission.emptyStatistics()
  }

  mutating func add(_ other: Self) {
    logLikelihood += other.logLikelihood
    initial.add(other.initial)
    transition.add(other.transition)
    final.add(other.final)
    occupancy.add(other.occupancy)
    emission.add(other.emission)
    impossible = impossible ?? other.impossible
  }
}

extension [Double] {
  mutating func add(_ other: [Double]) {
    for index in indices { self[index] += other[index] }
  }

  mutating func add(_ row: UnsafePointer<Double>) {
    for index in indices { self[index] += row[index] }
  }
}

extension HiddenMarkovModel {
  /// The E step. Sequences are counted in groups that depend on their number alone, and the groups are added by a tree, so
  /// threads cannot change a bit.
  func expectedCounts(_ sequences: [E.Observations], threads: Int) -> ExpectedCounts<E> {
    let groups = min(sequences.count, 32)
    var parts = parallelMap(groups, threads: threads) { group in
      let engine = ChainEngine(engineParts.chain)
      let own = sequences.count * group / groups..<sequences.count * (group + 1) / groups
      var counts = ExpectedCounts(self)
      // Sums without the weights of the transitions, which are the same for all.
      var transitions = [Double](repeating: 0, count: stateCount * engine.chain.width)
      for number in own { count(sequences[number], number, engine, &transitions, &counts) }
      counts.transition.add(engine.weighed(transitions).elements)
      return counts
    }
    if parts.isEmpty { return ExpectedCounts(self) }
    treeSumInPlace(&parts, first: parts.count) { $0.add($1) }
    return parts[0]
  }

  private func count(
    _ observations: E.Observations, _ number: Int, _ engine: ChainEngine, _ transitions: inout [Double],
    _ counts: inout ExpectedCounts<E>
  ) {
    let steps = observations.count
    if steps == 0 { return }
    let kept = engine.isCut(steps) ? (transitions, counts) : nil
    let total = withInput(observations) { input in
      transitions.withUnsafeMutableBufferPointer { transitions in
        engine.posterior(input, transitions: transitions.baseAddress) { segment, gamma in
          counts.add(observations, segment, of: steps, gamma)
        }
      }
    }
    if let total {
      counts.logLikelihood += total
      return
    }
    if let kept { (transitions, counts) = kept }
    guard let found = scores.posteriorInLogarithms(emissionScores(observations)) else {
      counts.impossible = counts.impossible ?? number
      return
    }
    counts.logLikelihood += found.logLikelihood
    counts.transition.add(found.transitions.elements)
    found.states.elements.withUnsafeBufferPointer {
      if let gamma = $0.baseAddress { counts.add(observations, 0..<steps, of: steps, gamma) }
    }
  }
}

extension ExpectedCounts {
  /// Adds what γ of some steps of a sequence says of its states.
  fileprivate mutating func add(
    _ observations: E.Observations, _ segment: Range<Int>, of steps: Int, _ gamma: UnsafePointer<Double>
  ) {
    let count = initial.count
    if segment.lowerBound == 0 { initial.add(gamma) }
    if segment.upperBound == steps { final.add(gamma + (segment.count - 1) * count) }
    occupancy.withUnsafeMutableBufferPointer { occupancy in
      guard let occupancy = occupancy.baseAddress else { return }
      var row = gamma
      for _ in segment {
        for k in 0..<count { occupancy[k] += row[k] }
        row += count
      }
    }
    emission.add(observations, steps: segment, posterior: gamma)
  }
}
