public import RecurrentCore

/// What each of K states shows: a distribution of one step's observation for each state.
///
/// A new one is this protocol in one file, and one line in the tests: `checkEmission` of RecurrentTestSupport holds it against the
/// numbers that it must agree with.
public protocol Emission: Sendable, Hashable {
  /// What a sequence shows.
  associatedtype Observations: ObservationSequence
  /// What the E step counts.
  associatedtype Statistics: EmissionStatistics<Observations>
  /// What is believed before any data; also keeps estimates away from where they are singular.
  associatedtype Prior: Sendable, Hashable, Codable

  /// K.
  var stateCount: Int { get }
  /// Free parameters, for AIC and BIC.
  var parameterCount: Int { get }

  /// What is wrong with the parameters; `nil`: nothing.
  var problem: HMMError? { get }
  /// What is wrong with an observation of a sequence, the first there is; `nil`: nothing.
  func problem(of observations: Observations) -> HMMError?

  /// Writes log p(xₜ | hₜ = k) of some steps, rows of K; a missing step's row is 0.
  func writeScores(
    _ observations: Observations, steps: Range<Int>, into scores: UnsafeMutablePointer<Double>)
  /// log p(x | k) of every symbol `[M, K]`, for an emission of symbols (``SymbolSequence``): recursions then read a row of it at
  /// each step, instead of having the same scores written over and over. To the bit what ``writeScores(_:steps:into:)`` writes.
  /// A sequence with a symbol beyond it is scored by that. Default `nil`: there is none.
  var scoreTable: Matrix<Double>? { get }

  /// Nothing counted yet.
  func emptyStatistics() -> Statistics
  /// The parameters that make what was counted most probable, with the prior: the M step. A state of which nothing was counted
  /// keeps what it has, unless the prior says what it is then.
  ///
  /// - Throws: ``HMMError/singularCovariance(state:)`` or the like, where there is no maximum.
  func maximized(_ statistics: Statistics, prior: Prior) throws(HMMError) -> Self
  /// log of the prior's density but for a constant: what the M step adds to the log-likelihood.
  func logPrior(_ prior: Prior) -> Double
  /// The prior that says nothing.
  static var noPrior: Prior { get }

  /// An observation sequence drawn from states.
  func sampled(_ states: [Int], using generator: inout CounterGenerator) -> Observations
  /// With another emission's distribution for one state, and all others as they are. A part that states share stays.
  func replacing(_ state: Int, from other: Self) -> Self
  /// The same distributions for other states: `order[k]` is the state that state k was.
  func reordered(_ order: [Int]) -> Self
}

extension Emission {
  /// None.
  public var scoreTable: Matrix<Double>? { nil }
}

/// What the E step counts of an emission, state by state.
public protocol EmissionStatistics<Observations>: Sendable {
  /// What a sequence shows.
  associatedtype Observations: ObservationSequence

  /// Adds some steps of a sequence, weighted.
  ///
  /// - Parameter posterior: γ of these steps, rows of K.
  mutating func add(
    _ observations: Observations, steps: Range<Int>, posterior: UnsafePointer<Double>)
  /// Adds what was counted elsewhere.
  mutating func add(_ other: Self)
  /// Makes the states of each group share what was counted of any of them.
  mutating func share(among groups: [[Int]])
}
