import Foundation
import RecurrentCore
import RecurrentHMM
import Testing

/// Numbers at the edges of what a double can hold, and of what a parameter may be.
@Suite struct HardNumbersTests {
  /// Three states that never meet: one that is believed in until a late step rules it out, one that cannot be and explains what
  /// comes best, and the one it is. In the middle forward and backward weights are apart by more than a double spans, which
  /// shows only when the first segments have been handed out. Every step is handed out once.
  @Test func streamIsHandedOutOnce() throws {
    let model = try HiddenMarkovModel(
      initial: [0.5, 0, 0.5], transition: Matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
      emission: CategoricalEmission(Matrix([[0.05, 0.05, 0.9], [0.05, 0.9, 0.05], [0.95, 0.05, 0]])))
    // So long that it is cut into segments.
    var symbols = [Int?](repeating: nil, count: 270_000)
    for t in 0..<150 { (symbols[200_000 + t], symbols[200_150 + t]) = (0, 1) }
    symbols[200_300] = 2
    var (next, parts) = (0, 0)
    let total = try model.streamPosterior(SymbolSequence(symbols)) { steps, posterior in
      #expect(steps.lowerBound == next && posterior.rows == steps.count)
      // Rounding of the logarithms of 300 steps.
      #expect((0..<steps.count).allSatisfy { abs(posterior[$0, 0] - 1) < 1e-12 })
      (next, parts) = (steps.upperBound, parts + 1)
    }
    #expect(next == symbols.count && parts > 1)
    #expect(abs(total - (log(0.5) + 300 * log(0.05) + log(0.9))) < 1e-9)
  }

  /// A large rate is drawn by rejection, a small one by products; both have its mean and variance.
  @Test(arguments: [0, 3, 499, 501, 20_000]) func poissonDraws(_ rate: Double) throws {
    let emission = PoissonEmission(rates: Matrix([[rate]]))
    var generator = CounterGenerator(seed: 5, purpose: .check)
    let count = 4000
    let values = emission.sampled([Int](repeating: 0, count: count), using: &generator).values.elements
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    #expect(values.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
    // Five standard errors: √(λ / n) of the mean, about λ √(2 / n) of the variance.
    #expect(abs(mean - rate) <= 5 * (rate / Double(count)).squareRoot())
    #expect(abs(variance - rate) <= 5 * (rate + 1) * (2 / Double(count)).squareRoot())
  }

  @Test func ratesThatAreNone() {
    for rate in [-1, 0x1p54, .infinity, .nan] {
      #expect(PoissonEmission(rates: Matrix([[1, rate]])).problem != nil)
    }
    #expect(PoissonEmission(rates: Matrix([[0, 0x1p53]])).problem == nil)
  }

  /// Across the diagonal the last digits may differ, as other programs' do; more is a mistake, and a variance without an
  /// inverse is none.
  @Test func covariancesThatAreNone() {
    func problem(_ above: Double, _ below: Double, _ last: Double = 1) -> HMMError? {
      GaussianEmission(means: Matrix([[0, 0]]), covariance: .tied(Matrix([[1, above], [below, last]])))
        .problem
    }
    #expect(problem(0.5, 0.5 + 1e-12) == nil)
    #expect(
      problem(0.5, 0.4)
        == .parameter(
          what: "covariance", row: 1, column: 0, value: 0.4, expected: "0.5, as across the diagonal"))
    // A covariance of nearly nothing is rounding of numbers as large as the variances.
    #expect(problem(1e-17, -2e-17) == nil && problem(0, 1e-7) != nil)
    #expect(problem(0, .nan) != nil)
    #expect(problem(1, 1) == .singularCovariance(state: 0))
    #expect(problem(0, 0, .leastNonzeroMagnitude) == .singularCovariance(state: 0))
    #expect(problem(0, 0, .infinity) == .singularCovariance(state: 0))
  }
}
