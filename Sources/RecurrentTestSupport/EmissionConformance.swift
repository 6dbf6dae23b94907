internal import RecurrentCore
public import RecurrentHMM

/// Holds an emission against its contract: everything that an `Emission` must agree with, on observations that it draws itself.
///
/// Checked are: parts of a sequence as the whole; missing steps; a table of scores, where there is one; statistics by parts, added, and shared; an M step that
/// raises what it is to raise, and leaves its own maximum where it is; states in another order; draws that depend on their
/// generator alone, are observations of the emission, and look most like the state that they were drawn from.
///
/// - Parameters:
///   - emission: of two states or more that differ.
///   - missing: the observations with these steps missing.
///   - steps: T of what is drawn; default 200.
/// - Returns: what does not hold, in words; nothing where all does.
public func checkEmission<E: Emission>(
  _ emission: E, steps: Int = 200, missing: (E.Observations, Set<Int>) -> E.Observations
) -> [String] {
  EmissionConformance(emission, steps: steps, missing: missing).failures
}

/// The checks, made as it is made.
private struct EmissionConformance<E: Emission> {
  private let emission: E
  private let states: [Int]
  private let observations: E.Observations
  private let gaps: Set<Int> = [0, 7, 8]
  private(set) var failures: [String] = []

  init(_ emission: E, steps: Int, missing: (E.Observations, Set<Int>) -> E.Observations) {
    self.emission = emission
    states = (0..<steps).map { $0 % emission.stateCount }
    var generator = CounterGenerator(seed: 1, purpose: .check)
    let drawn = emission.sampled(states, using: &generator)
    observations = missing(drawn, gaps)
    var again = CounterGenerator(seed: 1, purpose: .check)
    let same = scores(of: emission.sampled(states, using: &again)) == scores(of: drawn)
    hold(same, "the same generator draws the same")
    hold(drawn.count == steps, "draws as many steps as states")
    hold(emission.problem == nil && emission.problem(of: drawn) == nil, "what is drawn is an observation")
    hold(gaps.allSatisfy { observations.isMissing($0) }, "missing steps are missing")
    checkScores()
    checkStatistics()
    checkMaximum()
    checkOrder()
  }

  private mutating func hold(_ condition: Bool, _ what: String) {
    if !condition { failures.append(what) }
  }

  private func scores(of observations: E.Observations, _ steps: Range<Int>? = nil, _ emission: E? = nil)
    -> [Double]
  {
    let steps = steps ?? 0..<observations.count
    var result = [Double](repeating: .nan, count: steps.count * self.emission.stateCount)
    result.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { return }
      (emission ?? self.emission).writeScores(observations, steps: steps, into: base)
    }
    return result
  }

  private mutating func checkScores() {
    let (whole, count) = (scores(of: observations), emission.stateCount)
    for part in [0..<1, 5..<20, observations.count - 1..<observations.count, 3..<3] {
      let own = Array(whole[part.lowerBound * count..<part.upperBound * count])
      hold(scores(of: observations, part) == own, "steps \(part) by themselves score as in the whole")
    }
    hold(
      gaps.allSatisfy { t in whole[t * count..<(t + 1) * count].allSatisfy { $0 == 0 } },
      "a missing step scores 0 in every state")
    checkTable(whole)
    // Over many draws a state explains its own best, unless two are alike.
    var sums = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for (t, state) in states.enumerated() {
      for k in 0..<count { sums[state][k] += max(whole[t * count + k], -1e6) }
    }
    for k in 0..<count {
      hold(sums[k].max() == sums[k][k], "what state \(k) shows is explained best by state \(k)")
    }
  }

  /// Weights between 0 and 1 that sum to 1 at every step.
  private var posterior: [Double] {
    let draws = CounterGenerator(seed: 2, purpose: .check)
    let count = emission.stateCount
    return (0..<observations.count).flatMap { t in
      let weights = (0..<count).map { 0.05 + draws.uniform(at: UInt64(t * count + $0)) }
      let sum = weights.reduce(0, +)
      return weights.map { $0 / sum }
    }
  }

  private func statistics(_ parts: [Range<Int>]) -> E.Statistics {
    let (posterior, count) = (posterior, emission.stateCount)
    var result = emission.emptyStatistics()
    for part in parts {
      Array(posterior[part.lowerBound * count..<part.upperBound * count]).withUnsafeBufferPointer {
        if let base = $0.baseAddress { result.add(observations, steps: part, posterior: base) }
      }
    }
    return result
  }

  private func maximized(_ statistics: E.Statistics, of emission: E? = nil) -> E? {
    do {
      return try (emission ?? self.emission).maximized(statistics, prior: E.noPrior)
    } catch {
      return nil
    }
  }

  /// Whether two emissions score alike: sums in another order differ by their rounding, 1e-9 of scores of order 1 to 100.
  private func areAlike(_ one: E?, _ other: E?) -> Bool {
    guard let one, let other else { return false }
    return zip(scores(of: observations, nil, one), scores(of: observations, nil, other)).allSatisfy {
      $0 == $1 || abs($0 - $1) <= 1e-9 * max(1, abs($1))
    }
  }

  private mutating func checkTable(_ whole: [Double]) {
    guard let table = emission.scoreTable else { return }
    let count = emission.stateCount
    hold(table.columns == count, "the table of scores has a column for each state")
    guard let symbols = observations as? SymbolSequence, table.columns == count else { return }
    for t in 0..<symbols.count {
      guard let symbol = symbols[t], symbol < table.rows else { continue }
      hold(
        table.row(symbol) == Array(whole[t * count..<(t + 1) * count]),
        "step \(t) scores as the table says of symbol \(symbol)")
    }
  }

  private mutating func checkStatistics() {
    let end = observations.count
    let whole = maximized(statistics([0..<end]))
    hold(whole != nil && whole?.problem == nil, "an M step gives a good emission")
    hold(
      areAlike(maximized(statistics([0..<9, 9..<10, 10..<end])), whole),
      "counting by parts is counting the whole")
    var sum = statistics([0..<60])
    sum.add(statistics([60..<end]))
    hold(areAlike(maximized(sum), whole), "statistics of parts add up")
    hold(
      areAlike(maximized(emission.emptyStatistics()), emission),
      "a state of which nothing was counted keeps what it has")
    // Alike from the start and counted together, states stay alike.
    let alike = emission.reordered([Int](repeating: 0, count: emission.stateCount))
    var shared = alike.emptyStatistics()
    posterior.withUnsafeBufferPointer {
      if let base = $0.baseAddress { shared.add(observations, steps: 0..<end, posterior: base) }
    }
    shared.share(among: [Array(0..<emission.stateCount)])
    let tied = maximized(shared, of: alike)
    let rows = tied.map { scores(of: observations, nil, $0) } ?? [.nan, 0]
    let count = emission.stateCount
    hold(
      stride(from: 0, to: rows.count, by: count).allSatisfy { t in
        (1..<count).allSatisfy { rows[t + $0] == rows[t] }
      },
      "states that share what was counted stay alike")
  }

  /// Σ γ log p, what an M step is to raise.
  private func expectation(_ emission: E) -> Double {
    zip(posterior, scores(of: observations, nil, emission)).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private mutating func checkMaximum() {
    let counted = statistics([0..<observations.count])
    guard let better = maximized(counted) else { return }
    let (before, after) = (expectation(emission), expectation(better))
    hold(after >= before - 1e-9 * abs(before), "an M step raises what it is to raise: \(before) to \(after)")
    // A mixture shares out anew what it was counted by, so its maximum may take more steps.
    var again = better.emptyStatistics()
    posterior.withUnsafeBufferPointer {
      if let base = $0.baseAddress { again.add(observations, steps: 0..<observations.count, posterior: base) }
    }
    if let last = maximized(again, of: better) {
      let further = expectation(last)
      hold(further >= after - 1e-9 * abs(after), "a second M step lowers nothing: \(after) to \(further)")
    }
  }

  private mutating func checkOrder() {
    let count = emission.stateCount
    let order = Array((0..<count).reversed())
    let (plain, moved) = (scores(of: observations), scores(of: observations, nil, emission.reordered(order)))
    let isMoved = stride(from: 0, to: plain.count, by: count).allSatisfy { t in
      order.indices.allSatisfy { moved[t + $0] == plain[t + order[$0]] }
    }
    hold(isMoved, "in another order states show what they showed")
    // The first state as the last one is: all others stay, but for what states share.
    let replaced = scores(of: observations, nil, emission.replacing(0, from: emission.reordered(order)))
    var isReplaced = true
    for t in stride(from: 0, to: plain.count, by: count) {
      if replaced[t] != moved[t] { isReplaced = false }
      if replaced[t + 1..<t + count] != plain[t + 1..<t + count] { isReplaced = false }
    }
    hold(isReplaced, "one state is replaced, and no other")
    hold(emission.parameterCount > 0, "there are parameters")
  }
}
