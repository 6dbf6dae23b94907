internal import Foundation
public import RecurrentCore

/// A normal distribution of D numbers for each state:
///
///     log p(x | k) = −½ (D log 2π + log |Σₖ| + (x − μₖ)ᵀ Σₖ⁻¹ (x − μₖ))
public struct GaussianEmission: Emission {
  /// μ `[K, D]`.
  public let means: Matrix<Double>
  /// Σ.
  public let covariance: GaussianCovariance
  private let density: GaussianDensity

  /// - Precondition: the covariance has the sizes of the means; ``problem`` says whether it is positive definite.
  public init(means: Matrix<Double>, covariance: GaussianCovariance) {
    self.means = means
    self.covariance = covariance
    density = GaussianDensity(means, covariance)
  }

  /// K.
  public var stateCount: Int { means.rows }
  /// D.
  public var dimensions: Int { means.columns }
  /// Free numbers, for AIC and BIC.
  public var parameterCount: Int {
    means.elements.count + covariance.parameterCount(states: stateCount, dimensions: dimensions)
  }

  /// What is wrong with the parameters; `nil`: nothing.
  public var problem: HMMError? {
    for (index, value) in means.elements.enumerated() where !value.isFinite {
      return .parameter(
        what: "means", row: index / dimensions, column: index % dimensions, value: value,
        expected: "a finite number")
    }
    return covariance.problem(states: stateCount, dimensions: dimensions)
  }

  /// The first observation that the emission does not know; `nil`: none.
  public func problem(of observations: VectorSequence) -> HMMError? {
    observations.problem(dimensions: dimensions, expected: "a finite number") { $0.isFinite }
  }

  /// log p(xₜ | k) of some steps, rows of K; 0 where a step is missing.
  public func writeScores(
    _ observations: VectorSequence, steps: Range<Int>, into scores: UnsafeMutablePointer<Double>
  ) {
    density.write(observations, steps, into: scores)
  }

  // MARK: - Learning

  /// What keeps covariances away from where they are singular.
  public struct Prior: Sendable, Hashable, Codable {
    /// No variance becomes smaller; to the diagonal of full and tied matrices it is added. In squared units of the
    /// observations.
    public var varianceFloor: Double

    /// Default: none, and a covariance that becomes singular is an error.
    public init(varianceFloor: Double = 0) { self.varianceFloor = varianceFloor }
  }

  /// The prior that says nothing.
  public static var noPrior: Prior { Prior() }
  /// 0: a floor is a bound, not a density.
  public func logPrior(_ prior: Prior) -> Double { 0 }

  /// Nothing counted yet.
  public func emptyStatistics() -> GaussianStatistics {
    GaussianStatistics(centres: means, hasProducts: covariance.kind == .full || covariance.kind == .tied)
  }

  /// The M step: the emission that makes what was counted most probable, with the prior.
  public func maximized(_ statistics: GaussianStatistics, prior: Prior) throws(HMMError) -> Self {
    let moved = statistics.means
    let estimate = statistics.covariance(
      covariance, means: moved, floor: prior.varianceFloor, tiedGroups: nil)
    if let problem = estimate.problem(states: stateCount, dimensions: dimensions) { throw problem }
    return GaussianEmission(means: moved, covariance: estimate)
  }

  /// Observations drawn from states, one a step.
  public func sampled(_ states: [Int], using generator: inout CounterGenerator) -> VectorSequence {
    VectorSequence(density.sampled(states, means, using: &generator))
  }

  /// With one state's distribution from another emission.
  public func replacing(_ state: Int, from other: Self) -> Self {
    replacing([state], from: other)
  }

  func replacing(_ states: [Int], from other: Self) -> Self {
    var result = means
    for state in states {
      for d in 0..<dimensions { result[state, d] = other.means[state, d] }
    }
    return GaussianEmission(means: result, covariance: covariance.replacing(states, from: other.covariance))
  }

  /// The same distributions for states in another order.
  public func reordered(_ order: [Int]) -> Self {
    GaussianEmission(
      means: Matrix(order.map { means.row($0) }), covariance: covariance.reordered(order))
  }
}

extension VectorSequence {
  /// A wrong width, or the first number of which this does not hold.
  @inline(__always)
  func problem(dimensions: Int, expected: String, where isGood: (Double) -> Bool) -> HMMError? {
    if count > 0 && self.dimensions != dimensions {
      return .width(sequence: 0, found: self.dimensions, expected: dimensions)
    }
    // Nearly always nothing is wrong, and that is soon seen.
    var wrong = missing.isEmpty ? 0 : 1
    for value in values.elements { wrong |= isGood(value) ? 0 : 1 }
    if wrong == 0 { return nil }
    var found: HMMError?
    forEach(0..<count) { t, x in
      for column in 0..<dimensions where !isGood(x[column]) && found == nil {
        found = .observation(sequence: 0, step: t, column: column, value: x[column], expected: expected)
      }
    }
    return found
  }
}
