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
  public var parameterCount: Int { rates.elements.count }

  public var problem: HMMError? {
    for (index, value) in rates.elements.enumerated() where !(value >= 0 && value.isFinite) {
      return .parameter(
        what: "rates", row: index / dimensions, column: index % dimensions, value: value,
        expected: "a finite number of 0 or more")
    }
    return nil
  }

  public func problem(of observations: VectorSequence) -> HMMError? {
    observations.problem(dimensions: dimensions, expected: "a count: 0, 1, 2, …") {
      $0 >= 0 && $0 <= 0x1p53 && $0 == $0.rounded()
    }
  }

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

  public static var noPrior: Prior { Prior() }

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

    public mutating func add(_ other: Self) {
      for index in weights.indices { weights[index] += other.weights[index] }
      for index in sums.indices { sums[index] += other.sums[index] }
    }

    public mutating func share(among groups: [[Int]]) {
      weights.share(0, among: groups)
      for d in 0..<dimensions { sums.share(d, stride: dimensions, among: groups) }
    }
  }

  public func emptyStatistics() -> Statistics { Statistics(states: stateCount, dimensions: dimensions) }

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

  public func sampled(_ states: [Int], using generator: inout CounterGenerator) -> VectorSequence {
    let elements = states.flatMap { k in
      (0..<dimensions).map { Self.draw(rates[k, $0], using: &generator) }
    }
    return VectorSequence(Matrix(rows: states.count, columns: dimensions, elements: elements))
  }

  /// A large rate is drawn in parts of at most 500, whose counts add up, since e^−λ falls to zero.
  private static func draw(_ rate: Double, using generator: inout CounterGenerator) -> Double {
    var (rest, count) = (rate, 0.0)
    while rest > 0 {
      let part = min(rest, 500)
      let bound = exp(-part)
      var product = Double(generator.next() >> 11) * 0x1p-53
      while product > bound {
        count += 1
        product *= Double(generator.next() >> 11) * 0x1p-53
      }
      rest -= part
    }
    return count
  }

  public func replacing(_ state: Int, from other: Self) -> Self {
    var result = rates
    for d in 0..<dimensions { result[state, d] = other.rates[state, d] }
    return PoissonEmission(rates: result)
  }

  public func reordered(_ order: [Int]) -> Self {
    PoissonEmission(rates: Matrix(order.map { rates.row($0) }))
  }
}
