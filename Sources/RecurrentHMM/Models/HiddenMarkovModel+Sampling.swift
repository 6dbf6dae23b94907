public import RecurrentCore

extension HiddenMarkovModel {
  /// States and observations drawn from the model.
  ///
  /// - Parameters:
  ///   - steps: T; where the model has final probabilities, at most so many, and the sequence ends where it is drawn to.
  ///   - generator: of counter-based numbers: the same stream gives the same sequence.
  public func sampled(
    _ steps: Int, using generator: inout CounterGenerator
  ) -> (states: [Int], observations: E.Observations) {
    var path: [Int] = []
    while path.count < steps {
      guard let last = path.last else {
        path.append(initial.drawn(using: &generator))
        continue
      }
      let next = (transition.row(last) + (final.map { [$0[last]] } ?? [])).drawn(using: &generator)
      if next == stateCount { break }
      path.append(next)
    }
    return (path, emission.sampled(path, using: &generator))
  }

  /// Paths of states drawn from P(h | x).
  ///
  /// - Throws: ``HMMError/impossible(sequence:step:)`` or ``HMMError/cannotEnd(sequence:)``.
  public func sampledPaths(
    _ count: Int, given observations: E.Observations, using generator: CounterGenerator
  ) throws(HMMError) -> [ChainPath] {
    try check(observations)
    let paths = scores.sampledPaths(count, emissionScores(observations), using: generator)
    if paths.isEmpty && count > 0 { throw impossible(observations, 0) }
    return paths
  }
}
