internal import Foundation
public import RecurrentCore

/// One of M symbols: P(x | k) = B(k, x).
public struct CategoricalEmission: Emission {
  /// The symbols' names, M of them.
  public let symbols: [String]
  /// B `[K, M]`; rows sum to 1.
  public let probabilities: Matrix<Double>

  /// - Parameters:
  ///   - probabilities: B `[K, M]`.
  ///   - symbols: names; `nil`: "0", "1", ….
  public init(_ probabilities: Matrix<Double>, symbols: [String]? = nil) {
    self.probabilities = probabilities
    self.symbols = symbols ?? (0..<probabilities.columns).map(String.init)
    precondition(
      self.symbols.count == probabilities.columns,
      "\(self.symbols.count) names for \(probabilities.columns) symbols")
  }

  /// K.
  public var stateCount: Int { probabilities.rows }
  /// M.
  public var symbolCount: Int { probabilities.columns }
  /// K (M − 1), less one for each structural zero.
  public var parameterCount: Int {
    probabilities.elements.count { $0 > 0 } - stateCount
  }

  /// What is wrong with the parameters; `nil`: nothing.
  public var problem: HMMError? {
    for k in 0..<stateCount {
      if let problem = HMMError.problem("emission", row: k, probabilities.row(k)) { return problem }
    }
    return nil
  }

  /// The first observation that the emission does not know; `nil`: none.
  public func problem(of observations: SymbolSequence) -> HMMError? {
    for (t, symbol) in observations.symbols.enumerated() where symbol >= symbolCount {
      return .symbol(sequence: 0, step: t, value: Int(symbol), count: symbolCount)
    }
    return nil
  }

  /// log p(xₜ | k) of some steps, rows of K; 0 where a step is missing.
  public func writeScores(
    _ observations: SymbolSequence, steps: Range<Int>, into scores: UnsafeMutablePointer<Double>
  ) {
    for (row, t) in steps.enumerated() {
      for k in 0..<stateCount {
        scores[row * stateCount + k] = observations[t].map { log(probabilities[k, $0]) } ?? 0
      }
    }
  }

  /// Log-probabilities by symbol `[M, K]`.
  public var scoreTable: Matrix<Double>? {
    Matrix(
      rows: symbolCount, columns: stateCount,
      elements: (0..<symbolCount).flatMap { symbol in (0..<stateCount).map { log(probabilities[$0, symbol]) }
      })
  }

  // MARK: - Learning

  /// Added to the count of every symbol that a state can show.
  public struct Prior: Sendable, Hashable, Codable {
    /// Of each symbol, 0 or more: a Dirichlet prior with α = 1 + count, and the maximum of the posterior.
    public var pseudoCount: Double

    /// No count.
    public init(pseudoCount: Double = 0) { self.pseudoCount = pseudoCount }
  }

  /// The prior that says nothing.
  public static var noPrior: Prior { Prior() }

  /// What the prior adds to the log-likelihood, but for a constant.
  public func logPrior(_ prior: Prior) -> Double {
    if prior.pseudoCount == 0 { return 0 }
    return prior.pseudoCount * probabilities.elements.reduce(0) { $1 > 0 ? $0 + log($1) : $0 }
  }

  /// Expected counts of every symbol in every state.
  public struct Statistics: EmissionStatistics {
    /// `[M, K]`.
    package var counts: [Double]
    private let states: Int

    init(states: Int, symbols: Int) {
      self.states = states
      counts = [Double](repeating: 0, count: states * symbols)
    }

    /// Counts some steps, weighted by γ, rows of K.
    public mutating func add(
      _ observations: SymbolSequence, steps: Range<Int>, posterior: UnsafePointer<Double>
    ) {
      let states = states
      counts.withUnsafeMutableBufferPointer { counts in
        observations.symbols.withUnsafeBufferPointer { symbols in
          guard let counts = counts.baseAddress else { return }
          var own = posterior
          for t in steps {
            if symbols[t] >= 0 {
              let target = counts + Int(symbols[t]) * states
              for k in 0..<states { target[k] += own[k] }
            }
            own += states
          }
        }
      }
    }

    /// Adds what was counted elsewhere.
    public mutating func add(_ other: Self) {
      for index in counts.indices { counts[index] += other.counts[index] }
    }

    /// Gives the states of each group an even share of what was counted of them.
    public mutating func share(among groups: [[Int]]) {
      for first in stride(from: 0, to: counts.count, by: states) { counts.share(first, among: groups) }
    }
  }

  /// Nothing counted yet.
  public func emptyStatistics() -> Statistics { Statistics(states: stateCount, symbols: symbolCount) }

  /// The M step: the emission that makes what was counted most probable, with the prior.
  public func maximized(_ statistics: Statistics, prior: Prior) throws(HMMError) -> Self {
    var result = probabilities
    for k in 0..<stateCount {
      let counts = (0..<symbolCount).map { symbol in
        probabilities[k, symbol] > 0 ? statistics.counts[symbol * stateCount + k] + prior.pseudoCount : 0
      }
      guard let shares = counts.shares else { continue }
      for symbol in 0..<symbolCount { result[k, symbol] = shares[symbol] }
    }
    return CategoricalEmission(result, symbols: symbols)
  }

  /// Observations drawn from states, one a step.
  public func sampled(_ states: [Int], using generator: inout CounterGenerator) -> SymbolSequence {
    SymbolSequence(states.map { probabilities.row($0).drawn(using: &generator) })
  }

  /// With one state's distribution from another emission.
  public func replacing(_ state: Int, from other: Self) -> Self {
    var result = probabilities
    for symbol in 0..<symbolCount { result[state, symbol] = other.probabilities[state, symbol] }
    return CategoricalEmission(result, symbols: symbols)
  }

  /// The same distributions for states in another order.
  public func reordered(_ order: [Int]) -> Self {
    CategoricalEmission(Matrix(order.map { probabilities.row($0) }), symbols: symbols)
  }
}
