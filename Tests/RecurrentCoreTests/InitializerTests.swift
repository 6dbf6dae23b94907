import RecurrentCore
import Testing

/// Each scheme draws what its name says. Bounds are those of the statistic named, wide enough that a right generator fails
/// less than once in 10⁵ seeds, and the seed is fixed.
@Suite("First values of parameters")
struct InitializerTests {
  private static func values(_ initializer: Initializer, _ rows: Int = 200, _ columns: Int = 100) -> [Double]
  {
    initializer.values(
      rows: rows, columns: columns, generator: CounterGenerator(seed: 5, purpose: .initialization, step: 1))
  }

  /// Mean and variance of n draws deviate by about σ/√n and σ²√(2/n) (normal) or less (uniform); five times that.
  private static func check(_ values: [Double], variance: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let found = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    #expect(abs(mean) < 5 * (variance / n).squareRoot())
    #expect(abs(found - variance) < 5 * variance * (2 / n).squareRoot())
  }

  @Test("uniform: inside its bound, variance bound²/3, all sixteenths equally full")
  func uniform() {
    let values = Self.values(.uniform(bound: 0.25))
    #expect(values.allSatisfy { abs($0) <= 0.25 })
    Self.check(values, variance: 0.25 * 0.25 / 3)
    var counts = [Int](repeating: 0, count: 16)
    for value in values { counts[min(15, Int((value + 0.25) / 0.5 * 16))] += 1 }
    let expected = Double(values.count) / 16
    // χ² with 15 degrees of freedom exceeds 50 once in 10⁵.
    #expect(counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected } < 50)
  }

  @Test("Glorot: uniform with variance 2 / (fan in + fan out)")
  func glorot() { Self.check(Self.values(.glorotUniform), variance: 2.0 / 300) }

  @Test("normal: mean 0, its deviation, and 68.27 % within one of it")
  func normal() {
    let values = Self.values(.normal(standardDeviation: 0.5))
    Self.check(values, variance: 0.25)
    let within = Double(values.count { abs($0) < 0.5 }) / Double(values.count)
    // Five standard deviations of a proportion of 20,000.
    #expect(abs(within - 0.6827) < 5 * (0.6827 * 0.3173 / Double(values.count)).squareRoot())
    #expect((values.map(abs).max() ?? 0) > 0.5 * 3)
  }

  /// Rows are made orthonormal twice by Gram and Schmidt: a few units in the last place remain.
  @Test("orthogonal: Q Qᵀ = 1 over the shorter side", arguments: [(6, 6), (3, 8), (8, 3), (1, 5)])
  func orthogonal(_ rows: Int, _ columns: Int) {
    let q = Self.values(.orthogonal, rows, columns)
    let count = min(rows, columns)
    for a in 0..<count {
      for b in 0..<count {
        var dot = 0.0
        for k in 0..<max(rows, columns) {
          dot +=
            rows <= columns
            ? q[a * columns + k] * q[b * columns + k] : q[k * columns + a] * q[k * columns + b]
        }
        #expect(abs(dot - (a == b ? 1 : 0)) < 1e-14)
      }
    }
  }

  @Test("gates: each part by its own scheme, and parts of one scheme differ")
  func gates() {
    let bias = Self.values(.gates([.zeros, .constant(1), .zeros, .constant(-2)]), 1, 8)
    #expect(bias == [0, 0, 1, 1, 0, 0, -2, -2])
    let weights = Self.values(.gates([.orthogonal, .orthogonal]), 6, 3)
    #expect(Array(weights[0..<9]) != Array(weights[9..<18]))
  }

  @Test("a slot's values do not depend on the slots before it")
  func independence() {
    var first = ParameterLayout()
    _ = first.addWeight("a", rows: 3, columns: 2, initializer: .uniform(bound: 1))
    let b1 = first.addWeight("b", rows: 2, columns: 2, initializer: .uniform(bound: 1))
    var second = ParameterLayout()
    _ = second.addWeight("a", rows: 30, columns: 20, initializer: .uniform(bound: 1))
    let b2 = second.addWeight("b", rows: 2, columns: 2, initializer: .uniform(bound: 1))
    let one = ParameterStore<Double>(initializing: first, seed: 9)[b1]
    #expect(one == ParameterStore<Double>(initializing: second, seed: 9)[b2])
    #expect(one != ParameterStore<Double>(initializing: second, seed: 10)[b2])
  }
}
