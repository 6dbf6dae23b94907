import RecurrentCore
import RecurrentHMM
import RecurrentTestSupport
import Testing

/// The contract of every emission; a new one is a line here.
@Suite("Contract of emissions") struct EmissionConformanceTests {
  private func gaps(_ symbols: SymbolSequence, _ missing: Set<Int>) -> SymbolSequence {
    SymbolSequence((0..<symbols.count).map { missing.contains($0) ? nil : symbols[$0] })
  }

  private func gaps(_ vectors: VectorSequence, _ missing: Set<Int>) -> VectorSequence {
    VectorSequence(vectors.values, missing: missing)
  }

  private static let means = Matrix<Double>([[0, 1], [3, -2], [-2, 5]])
  private static let full: [Matrix<Double>] = [
    Matrix([[1, 0.3], [0.3, 0.5]]), Matrix([[2, -0.4], [-0.4, 1]]), Matrix([[0.7, 0], [0, 0.9]]),
  ]

  @Test func categorical() {
    let emission = CategoricalEmission(
      Matrix([[0.7, 0.2, 0.1, 0], [0.1, 0.1, 0.3, 0.5], [0.2, 0.6, 0.1, 0.1]]))
    #expect(checkEmission(emission, missing: gaps) == [])
  }

  @Test(arguments: [
    GaussianCovariance.diagonal(Matrix([[1, 2], [0.5, 0.3], [1, 1]])), .full(full), .spherical([1, 0.4, 2]),
    .tied(full[0]),
  ]) func gaussian(_ covariance: GaussianCovariance) {
    #expect(checkEmission(GaussianEmission(means: Self.means, covariance: covariance), missing: gaps) == [])
  }

  @Test(arguments: [false, true]) func mixture(_ isTied: Bool) {
    let means = Matrix<Double>([[0, 1], [1, 1], [6, -4], [5, -5], [-6, 5], [-5, 8]])
    let shared = Self.full.flatMap { [$0, $0] }
    let emission = GaussianMixtureEmission(
      weights: Matrix([[0.4, 0.6], [0.5, 0.5], [0.9, 0.1]]), means: means,
      covariance: isTied ? .full(shared) : .spherical([1, 0.5, 1, 2, 0.7, 1]), isTied: isTied)
    #expect(checkEmission(emission, missing: gaps) == [])
  }

  @Test func poisson() {
    let emission = PoissonEmission(rates: Matrix([[1, 9], [4, 2], [20, 0.3]]))
    #expect(checkEmission(emission, missing: gaps) == [])
  }

  /// An emission that forgets something is found.
  @Test func faultsAreFound() {
    struct Forgetful: Emission {
      var inner: PoissonEmission
      var stateCount: Int { inner.stateCount }
      var parameterCount: Int { inner.parameterCount }
      var problem: HMMError? { nil }
      func problem(of observations: VectorSequence) -> HMMError? { nil }
      // Missing steps are scored as if they were there.
      func writeScores(
        _ observations: VectorSequence, steps: Range<Int>, into scores: UnsafeMutablePointer<Double>
      ) {
        inner.writeScores(VectorSequence(observations.values), steps: steps, into: scores)
      }
      func emptyStatistics() -> PoissonEmission.Statistics { inner.emptyStatistics() }
      func maximized(_ statistics: PoissonEmission.Statistics, prior: PoissonEmission.Prior) throws(HMMError)
        -> Self
      {
        Forgetful(inner: try inner.maximized(statistics, prior: prior))
      }
      func logPrior(_ prior: PoissonEmission.Prior) -> Double { 0 }
      static var noPrior: PoissonEmission.Prior { .init() }
      func sampled(_ states: [Int], using generator: inout CounterGenerator) -> VectorSequence {
        inner.sampled(states, using: &generator)
      }
      func replacing(_ state: Int, from other: Self) -> Self {
        Forgetful(inner: inner.replacing(state, from: other.inner))
      }
      // The order is not taken.
      func reordered(_ order: [Int]) -> Self { self }
    }
    let emission = Forgetful(inner: PoissonEmission(rates: Matrix([[1, 9], [4, 2]])))
    let failures = checkEmission(emission, missing: gaps)
    #expect(failures.contains("a missing step scores 0 in every state"))
    #expect(failures.contains("in another order states show what they showed"))
  }
}
