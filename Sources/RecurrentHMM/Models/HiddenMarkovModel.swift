internal import Foundation
public import RecurrentCore

/// A hidden Markov model of K states:
///
///     P(x, h) = initial(h₁) Πₜ transition(hₜ, hₜ₊₁) Πₜ p(xₜ | hₜ) · final(h_T)
///
/// An immutable value that threads share. Learning makes new ones (``BaumWelch``).
///
/// Source: Rabiner, A tutorial on hidden Markov models and selected applications in speech recognition, Proceedings of the IEEE
/// 77 (1989), doi:10.1109/5.18626.
public struct HiddenMarkovModel<E: Emission>: Sendable, Hashable {
  /// The states' names.
  public let states: [String]
  /// P(h₁ = k), `[K]`; sums to 1.
  public let initial: [Double]
  /// P(hₜ₊₁ = j | hₜ = i), `[K, K]`; row i, with the probability to end there, sums to 1.
  public let transition: Matrix<Double>
  /// P(the sequence ends | h = i), `[K]`; `nil`: where a sequence ends says nothing about its states, and the rows of the
  /// transitions sum to 1 by themselves.
  public let final: [Double]?
  /// What the states show.
  public let emission: E
  let engineParts: EngineParts

  /// K.
  public var stateCount: Int { initial.count }

  /// - Parameter states: names; `nil`: "0", "1", ….
  /// - Throws: ``HMMError``: sizes that do not fit, a number that is no probability, a row that does not sum to 1 within
  ///   10⁻⁹, an emission that is none.
  public init(
    initial: [Double], transition: Matrix<Double>, final: [Double]? = nil, emission: E,
    states: [String]? = nil
  ) throws(HMMError) {
    let count = initial.count
    let names = states ?? (0..<count).map(String.init)
    func require(_ what: String, _ found: Int, _ expected: Int) throws(HMMError) {
      if found != expected { throw .size(what: what, found: "\(found)", expected: "\(expected)") }
    }
    if count == 0 { throw .size(what: "states", found: "0", expected: "1 or more") }
    try require("state names", names.count, count)
    try require("rows of the transitions", transition.rows, count)
    try require("columns of the transitions", transition.columns, count)
    try require("final probabilities", final?.count ?? count, count)
    try require("states of the emission", emission.stateCount, count)
    if let problem = HMMError.problem("initial", row: nil, initial) { throw problem }
    for i in 0..<count {
      let row = transition.row(i) + (final.map { [$0[i]] } ?? [])
      if let problem = HMMError.problem("transition", row: i, row) { throw problem }
    }
    if let problem = emission.problem { throw problem }
    self.init(unchecked: initial, transition, final, emission, names)
  }

  /// Of parts that are known to be good.
  init(
    unchecked initial: [Double], _ transition: Matrix<Double>, _ final: [Double]?, _ emission: E,
    _ states: [String]
  ) {
    (self.initial, self.transition, self.final) = (initial, transition, final)
    (self.emission, self.states) = (emission, states)
    engineParts = EngineParts(
      ChainScores(
        initial: initial.map { log($0) },
        transition: Matrix(
          rows: transition.rows, columns: transition.columns, elements: transition.elements.map { log($0) }),
        final: final?.map { log($0) }), emission)
  }

  /// Free parameters, for AIC and BIC: probabilities of 0 are structure, not parameters.
  public var parameterCount: Int {
    let free = transition.elements.count { $0 > 0 } + (final?.count { $0 > 0 } ?? 0) - stateCount
    return initial.count { $0 > 0 } - 1 + free + emission.parameterCount
  }

  /// The logarithms of all but the emission.
  public var scores: ChainScores { engineParts.chain.scores }

  /// log p(xₜ | k) `[T, K]`; rows of missing steps are 0.
  public func emissionScores(_ observations: E.Observations) -> Matrix<Double> {
    let elements = [Double](unsafeUninitializedCapacity: observations.count * stateCount) { target, count in
      if let base = target.baseAddress {
        emission.writeScores(observations, steps: 0..<observations.count, into: base)
      }
      count = observations.count * stateCount
    }
    return Matrix(rows: observations.count, columns: stateCount, elements: elements)
  }

  /// The same model with its states in another order: `order[k]` is the state that state k was.
  public func reordered(_ order: [Int]) -> HiddenMarkovModel {
    precondition(order.sorted() == Array(0..<stateCount), "\(order) is no order of \(stateCount) states")
    let moved = order.map { i in order.map { transition[i, $0] } }
    return HiddenMarkovModel(
      unchecked: order.map { initial[$0] }, Matrix(moved), final.map { final in order.map { final[$0] } },
      emission.reordered(order), order.map { states[$0] })
  }

  public static func == (left: Self, right: Self) -> Bool {
    left.states == right.states && left.initial == right.initial && left.transition == right.transition
      && left.final == right.final && left.emission == right.emission
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(states)
    hasher.combine(initial)
    hasher.combine(transition)
    hasher.combine(final)
    hasher.combine(emission)
  }
}

/// A model as the kernels read it, made once.
struct EngineParts: Sendable {
  let chain: PackedChain
  /// Of an emission whose scores are those of a few symbols; the last row, of zeros, is that of a missing step.
  let table: ChainTable?

  init(_ scores: ChainScores, _ emission: some Emission) {
    chain = PackedChain(scores)
    let count = emission.stateCount
    table = emission.scoreTable.map { table in
      precondition(table.columns == count, "a table of scores of \(table.columns) states for \(count)")
      return ChainTable(table.elements + [Double](repeating: 0, count: count), states: count)
    }
  }
}
