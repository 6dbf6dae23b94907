internal import Foundation
public import RecurrentCore

/// A mixture of C normal distributions of D numbers for each state: p(x | k) = Σ_c w(k, c) N(x; μ(k, c), Σ(k, c)).
///
/// Components are numbered state after state: component c of state k is k C + c. Of tied covariance, the components of a state
/// share one matrix.
public struct GaussianMixtureEmission: Emission {
  /// w `[K, C]`; rows sum to 1.
  public let weights: Matrix<Double>
  /// Of all K C components. A tied covariance is kept as a full one for each.
  public let components: GaussianEmission
  /// Whether the components of a state share their covariance.
  public let isTied: Bool

  /// - Parameters:
  ///   - weights: w `[K, C]`.
  ///   - means: μ `[K C, D]`.
  ///   - covariance: of all K C components; `.tied` is not one of them.
  ///   - isTied: whether the components of a state share their covariance, which must be `.full` then, equal matrices for each.
  public init(
    weights: Matrix<Double>, means: Matrix<Double>, covariance: GaussianCovariance, isTied: Bool = false
  ) {
    precondition(
      means.rows == weights.rows * weights.columns,
      "\(weights.rows) x \(weights.columns) components, but means of \(means.rows)")
    precondition(
      covariance.kind != .tied && (!isTied || covariance.kind == .full),
      "a mixture's components have covariances of their own; tied ones are full and equal")
    self.weights = weights
    self.isTied = isTied
    components = GaussianEmission(means: means, covariance: covariance)
  }

  /// K.
  public var stateCount: Int { weights.rows }
  /// C.
  public var componentCount: Int { weights.columns }
  /// D.
  public var dimensions: Int { components.dimensions }
  /// Free numbers, for AIC and BIC: a weight of 0 is structure, and its component none.
  public var parameterCount: Int {
    let used = weights.elements.count { $0 > 0 }
    let covariances = components.covariance.parameterCount(
      states: isTied ? stateCount : used, dimensions: dimensions)
    return used - stateCount + used * dimensions + covariances
  }

  /// What is wrong with the parameters; `nil`: nothing.
  public var problem: HMMError? {
    for k in 0..<stateCount {
      if let problem = HMMError.problem("mixture weights", row: k, weights.row(k)) { return problem }
    }
    return components.problem
  }

  /// The first observation that the emission does not know; `nil`: none.
  public func problem(of observations: VectorSequence) -> HMMError? { components.problem(of: observations) }

  /// log p(xₜ | k) of some steps, rows of K; 0 where a step is missing.
  public func writeScores(
    _ observations: VectorSequence, steps: Range<Int>, into scores: UnsafeMutablePointer<Double>
  ) {
    let (states, size, count) = (stateCount, componentCount, weights.elements.count)
    let logWeights = weights.elements.map { log($0) }
    // A step at a time, so that the room does not grow with the sequence.
    withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { room in
      guard let room = room.baseAddress else { return }
      for t in steps {
        let row = scores + (t - steps.lowerBound) * states
        if observations.isMissing(t) {
          row.update(repeating: 0, count: states)
          continue
        }
        components.writeScores(observations, steps: t..<t + 1, into: room)
        for k in 0..<states {
          for c in k * size..<(k + 1) * size { room[c] += logWeights[c] }
          row[k] = LogSumExp.sum(size) { room[k * size + $0] }
        }
      }
    }
  }

  // MARK: - Learning

  /// What keeps weights and covariances away from where they are singular.
  public struct Prior: Sendable, Hashable, Codable {
    /// Of the components.
    public var components: GaussianEmission.Prior
    /// Added to the count of each component: a Dirichlet prior with α = 1 + count.
    public var pseudoCount: Double

    /// None.
    public init(varianceFloor: Double = 0, pseudoCount: Double = 0) {
      components = GaussianEmission.Prior(varianceFloor: varianceFloor)
      self.pseudoCount = pseudoCount
    }
  }

  /// The prior that says nothing.
  public static var noPrior: Prior { Prior() }

  /// What the prior adds to the log-likelihood, but for a constant.
  public func logPrior(_ prior: Prior) -> Double {
    if prior.pseudoCount == 0 { return 0 }
    return prior.pseudoCount * weights.elements.reduce(0) { $1 > 0 ? $0 + log($1) : $0 }
  }

  /// Gaussians' counts of the components, of which a state's posterior is shared out by how well each explains the step.
  public struct Statistics: EmissionStatistics {
    let emission: GaussianMixtureEmission
    var components: GaussianStatistics

    /// Counts some steps, weighted by γ, rows of K.
    public mutating func add(
      _ observations: VectorSequence, steps: Range<Int>, posterior: UnsafePointer<Double>
    ) {
      let (states, size) = (emission.stateCount, emission.componentCount)
      let logWeights = emission.weights.elements.map { log($0) }
      withUnsafeTemporaryAllocation(of: Double.self, capacity: states * size) { room in
        guard let room = room.baseAddress else { return }
        for t in steps where !observations.isMissing(t) {
          emission.components.writeScores(observations, steps: t..<t + 1, into: room)
          for k in 0..<states {
            let own = k * size..<(k + 1) * size
            for c in own { room[c] += logWeights[c] }
            let total = LogSumExp.sum(size) { room[own.lowerBound + $0] }
            let gamma = posterior[(t - steps.lowerBound) * states + k]
            for c in own { room[c] = gamma == 0 ? 0 : gamma * exp(room[c] - total) }
          }
          components.add(observations, steps: t..<t + 1, posterior: room)
        }
      }
    }

    /// Adds what was counted elsewhere.
    public mutating func add(_ other: Self) { components.add(other.components) }

    /// Gives the states of each group an even share of what was counted of them.
    public mutating func share(among groups: [[Int]]) {
      let size = emission.componentCount
      components.share(
        among: groups.flatMap { group in (0..<size).map { c in group.map { $0 * size + c } } })
    }
  }

  /// Nothing counted yet.
  public func emptyStatistics() -> Statistics {
    Statistics(emission: self, components: components.emptyStatistics())
  }

  /// The M step: the emission that makes what was counted most probable, with the prior.
  public func maximized(_ statistics: Statistics, prior: Prior) throws(HMMError) -> Self {
    let size = componentCount
    var weights = weights
    for k in 0..<stateCount {
      let counts = (0..<size).map { c in
        weights[k, c] > 0 ? statistics.components.weights[k * size + c] + prior.pseudoCount : 0
      }
      guard let shares = counts.shares else { continue }
      for c in 0..<size { weights[k, c] = shares[c] }
    }
    let means = statistics.components.means
    let groups = (0..<stateCount).map { Array($0 * size..<($0 + 1) * size) }
    let covariance = statistics.components.covariance(
      components.covariance, means: means, floor: prior.components.varianceFloor,
      tiedGroups: isTied ? groups : nil)
    if let problem = covariance.problem(states: means.rows, dimensions: dimensions) {
      // The numbers are those of components; a reader knows states.
      if case .singularCovariance(let component) = problem {
        throw .singularCovariance(state: component / size)
      }
      throw problem
    }
    return GaussianMixtureEmission(weights: weights, means: means, covariance: covariance, isTied: isTied)
  }

  /// Observations drawn from states, one a step.
  public func sampled(_ states: [Int], using generator: inout CounterGenerator) -> VectorSequence {
    let drawn = states.map { $0 * componentCount + weights.row($0).drawn(using: &generator) }
    return components.sampled(drawn, using: &generator)
  }

  /// With one state's distribution from another emission.
  public func replacing(_ state: Int, from other: Self) -> Self {
    var result = weights
    for c in 0..<componentCount { result[state, c] = other.weights[state, c] }
    let own = Array(state * componentCount..<(state + 1) * componentCount)
    let moved = components.replacing(own, from: other.components)
    return GaussianMixtureEmission(
      weights: result, means: moved.means, covariance: moved.covariance, isTied: isTied)
  }

  /// The same distributions for states in another order.
  public func reordered(_ order: [Int]) -> Self {
    let size = componentCount
    let moved = components.reordered(order.flatMap { k in (0..<size).map { k * size + $0 } })
    return GaussianMixtureEmission(
      weights: Matrix(order.map { weights.row($0) }), means: moved.means, covariance: moved.covariance,
      isTied: isTied)
  }
}
