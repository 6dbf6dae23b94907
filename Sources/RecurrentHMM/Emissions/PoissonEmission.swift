internal import Foundation
public import RecurrentCore

/// D counts for each state, each by itself: log p(x | k) = Σ_d x_d log λ(k, d) − λ(k, d) − log x_d!
public struct PoissonEmission: Emission {
  /// λ `[K, D]`: the expected counts.
  public let rates: Matrix<Double>

  /// - Parameter rates: λ `[K, D]`.
  public init(rates: Matrix<Double>) { self.rates = rates }

  /// K.
  public var stateCount: Int { rates.rows }
  /// D.
  public var dimensions: Int { rates.columns }
  /// Free numbers, for AIC and BIC.
  public var parameterCount: Int { rates.elements.count }

  /// What is wrong with the parameters; `nil`: nothing.
  public var problem: HMMError? {
    for (index, value) in rates.elements.enumerated() where !(value >= 0 && value <= 0x1p53) {
      return .parameter(
        what: "rates", row: index / dimensions, column: index % dimensions, value: value,
        expected: "a rate from 0 to 2^53, as counts are")
    }
    return nil
  }

  /// The first observation that the emission does not know; `nil`: none.
  public func problem(of observations: VectorSequence) -> HMMError? {
    observations.problem(dimensions: dimensions, expected: "a count: 0, 1, 2, …") {
      $0 >= 0 && $0 <= 0x1p53 && $0 == $0.rounded()
    }
  }

  /// log p(xₜ | k) of some steps, rows of K; 0 where a step is missing.
  public func writeScores(
    _ observations: VectorSequence, steps: Range<Int>, into scores: UnsafeMutablePointer<Double>
  ) {
    let logarithms = rates.elements.map { log($0) }
    scores.update(repeating: 0, count: steps.count * stateCount)
    observations.forEach(steps) { t, x in
      let factorials = (0..<dimensions).reduce(0.0) { $0 + lgamma(x[$1] + 1) }
      for k in 0..<stateCount {
        var sum = -factorials
        for d in 0..<dimensions {
          let place = k * dimensions + d
          // 0 log 0 is 0: a rate of 0 shows 0 for certain.
          sum += (x[d] == 0 ? 0 : x[d] * logarithms[place]) - rates.elements[place]
        }
        scores[(t - steps.lowerBound) * stateCount + k] = sum
      }
    }
  }

  // MARK: - Learning

  /// Counts that were seen before any data: a gamma prior on each rate with shape 1 + count and rate `weight`.
  public struct Prior: Sendable, Hashable, Codable {
    /// Added to what is counted.
    public var count: Double
    /// Added to the steps in which it is counted.
    public var weight: Double

    /// None.
    public init(count: Double = 0, weight: Double = 0) {
      self.count = count
      self.weight = weight
    }
  }

  /// The prior that says nothing.
  public static var noPrior: Prior { Prior() }

  /// What the prior adds to the log-likelihood, but for a constant.
  public func logPrior(_ prior: Prior) -> Double {
    if prior.count == 0 && prior.weight == 0 { return 0 }
    return rates.elements.reduce(0) { sum, rate in
      sum + (prior.count == 0 ? 0 : prior.count * log(rate)) - prior.weight * rate
    }
  }

  /// Σ γ and Σ γ x.
  public struct Statistics: EmissionStatistics {
    var weights: [Double]
    /// `[K, D]`.
    var sums: [Double]
    private let dimensions: Int

    init(states: Int, dimensions: Int) {
      self.dimensions = dimensions
      weights = [Double](repeating: 0, count: states)
      sums = [Double](repeating: 0, count: states * dimensions)
    }

    /// Counts some steps, weighted by γ, rows of K.
    public mutating func add(
      _ observations: VectorSequence, steps: Range<Int>, posterior: UnsafePointer<Double>
    ) {
      let states = weights.count
      observations.forEach(steps) { t, x in
        for k in 0..<states {
          let gamma = posterior[(t - steps.lowerBound) * states + k]
          weights[k] += gamma
          for d in 0..<dimensions { sums[k * dimensions + d].addProduct(gamma, x[d]) }
        }
      }
    }

    /// Adds what was counted elsewhere.
    public mutating func add(_ other: Self) {
      for index in weights.indices { weights[index] += other.weights[index] }
      for index in sums.indices { sums[index] += other.sums[index] }
    }

    /// Gives the states of each group an even share of what was counted of them.
    public mutating func share(among groups: [[Int]]) {
      weights.share(0, among: groups)
      for d in 0..<dimensions { sums.share(d, stride: dimensions, among: groups) }
    }
  }

  /// Nothing counted yet.
  public func emptyStatistics() -> Statistics { Statistics(states: stateCount, dimensions: dimensions) }

  /// The M step: the emission that makes what was counted most probable, with the prior.
  public func maximized(_ statistics: Statistics, prior: Prior) throws(HMMError) -> Self {
    var result = rates
    for k in 0..<stateCount {
      let weight = statistics.weights[k] + prior.weight
      guard weight > 0 else { continue }
      for d in 0..<dimensions {
        result[k, d] = (statistics.sums[k * dimensions + d] + prior.count) / weight
      }
    }
    return PoissonEmission(rates: result)
  }

  /// Observations drawn from states, one a step.
  public func sampled(_ states: [Int], using generator: inout CounterGenerator) -> VectorSequence {
    let elements = states.flatMap { k in
      (0..<dimensions).map { Self.draw(rates[k, $0], using: &generator) }
    }
    return VectorSequence(Matrix(rows: states.count, columns: dimensions, elements: elements))
  }

  /// Products of draws where the rate is small; beyond, where they would be many, rejection.
  ///
  /// Source: Hörmann, The transformed rejection method for generating Poisson random variables (1993), algorithm PTRS,
  /// doi:10.1016/0167-6687(93)90997-4.
  private static func draw(_ rate: Double, using generator: inout CounterGenerator) -> Double {
    func uniform() -> Double { generator.nextUniform() }
    if rate <= 500 {
      let bound = exp(-rate)
      var count = 0.0
      var product = rate > 0 ? uniform() : 0
      while product > bound {
        count += 1
        product *= uniform()
      }
      return count
    }
    let b = 0.931 + 2.53 * rate.squareRoot()
    let a = -0.059 + 0.02483 * b
    let (inverse, accepted) = (1.1239 + 1.1328 / (b - 3.4), 0.9277 - 3.6224 / (b - 2))
    while true {
      let (u, v) = (uniform() - 0.5, uniform())
      let edge = 0.5 - abs(u)
      let count = ((2 * a / edge + b) * u + rate + 0.43).rounded(.down)
      if edge >= 0.07 && v <= accepted { return count }
      if count < 0 || (edge < 0.013 && v > edge) { continue }
      if log(v * inverse / (a / (edge * edge) + b)) <= count * log(rate) - rate - lgamma(count + 1) {
        return count
      }
    }
  }

  /// With one state's distribution from another emission.
  public func replacing(_ state: Int, from other: Self) -> Self {
    var result = rates
    for d in 0..<dimensions { result[state, d] = other.rates[state, d] }
    return PoissonEmission(rates: result)
  }

  /// The same distributions for states in another order.
  public func reordered(_ order: [Int]) -> Self {
    PoissonEmission(rates: Matrix(order.map { rates.row($0) }))
  }
}
