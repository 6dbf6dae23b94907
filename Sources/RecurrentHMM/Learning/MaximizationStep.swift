internal import Foundation
internal import RecurrentCore

extension HiddenMarkovModel {
  /// The M step: the model that makes what was counted most probable.
  func maximized(
    _ counts: ExpectedCounts<E>, _ options: BaumWelchOptions<E>
  ) throws(HMMError) -> HiddenMarkovModel {
    let (constraints, prior) = (options.constraints, options.chainPrior)
    var initial = initial
    if !constraints.frozen.contains(.initial) {
      initial = Self.shares(counts.initial, where: initial, plus: prior.initial) ?? initial
    }
    var (transition, final) = (transition, final)
    if !constraints.frozen.contains(.transition) {
      var moved = counts
      moved.shareTransitions(constraints.tiedTransitions)
      for i in 0..<stateCount {
        let row = transition.row(i) + (final.map { [$0[i]] } ?? [])
        let counted = Array(moved.transition[i * stateCount..<(i + 1) * stateCount])
        guard
          let shares = Self.shares(
            counted + (final == nil ? [] : [moved.final[i]]), where: row, plus: prior.transition)
        else { continue }
        for j in 0..<stateCount { transition[i, j] = shares[j] }
        final?[i] = shares[stateCount]
      }
    }
    var emission = emission
    if !constraints.frozen.contains(.emission) {
      var statistics = counts.emission
      statistics.share(among: constraints.tiedEmissions)
      emission = try emission.maximized(statistics, prior: options.emissionPrior)
    }
    return HiddenMarkovModel(unchecked: initial, transition, final, emission, states)
  }

  /// Counts and pseudo-counts as shares, where there is a probability now; `nil` where nothing was counted.
  private static func shares(_ counts: [Double], where now: [Double], plus pseudo: Double) -> [Double]? {
    zip(counts, now).map { $1 > 0 ? $0 + pseudo : 0 }.shares
  }

  /// log of the priors' densities, but for a constant, as that of a part that is frozen is one.
  func logPrior(_ options: BaumWelchOptions<E>) -> Double {
    let frozen = options.constraints.frozen
    func sum(_ probabilities: [Double], _ count: Double) -> Double {
      count == 0 ? 0 : count * probabilities.reduce(0) { $1 > 0 ? $0 + log($1) : $0 }
    }
    var result = 0.0
    if !frozen.contains(.initial) { result += sum(initial, options.chainPrior.initial) }
    if !frozen.contains(.transition) {
      result += sum(transition.elements + (final ?? []), options.chainPrior.transition)
    }
    if !frozen.contains(.emission) { result += emission.logPrior(options.emissionPrior) }
    return result
  }
}

extension ExpectedCounts {
  fileprivate mutating func shareTransitions(_ groups: [[Int]]) {
    let count = initial.count
    for column in 0..<count { transition.share(column, stride: count, among: groups) }
    final.share(0, among: groups)
  }
}
