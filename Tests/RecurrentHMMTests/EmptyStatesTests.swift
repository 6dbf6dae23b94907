import RecurrentHMM
import RecurrentCore
import Testing

/// States of which learning leaves nothing: named once, and no reason to go on for ever.
@Suite struct EmptyStatesTests {
  private typealias Learning = BaumWelch<CategoricalEmission>

  private static let data = [SymbolSequence((0..<200).map { $0 * $0 % 7 / 2 % 2 })]

  /// State 2 has no way in: it is named at the first step, keeps its digits, and learning ends as if it were not there.
  @Test(arguments: [BaumWelchOptions<CategoricalEmission>.EmptyStateRule.rescue, .keep])
  func unreachable(_ rule: BaumWelchOptions<CategoricalEmission>.EmptyStateRule) throws {
    let start = try HiddenMarkovModel(
      initial: [0.5, 0.5, 0], transition: Matrix([[0.7, 0.3, 0], [0.4, 0.6, 0], [0.2, 0.3, 0.5]]),
      emission: CategoricalEmission(Matrix([[0.7, 0.3], [0.2, 0.8], [0.4, 0.6]])))
    let without = try HiddenMarkovModel(
      initial: [0.5, 0.5], transition: Matrix([[0.7, 0.3], [0.4, 0.6]]),
      emission: CategoricalEmission(Matrix([[0.7, 0.3], [0.2, 0.8]])))
    var learning = try Learning(start, Self.data, options: .init(steps: 1_000, emptyStates: rule))
    var reference = try Learning(without, Self.data, options: .init(steps: 1_000))
    let (found, expected) = (try learning.run(), try reference.run())
    #expect(learning.events == [.stateUnreachable(2)] && learning.stopReason == .converged)
    #expect(found.emission.probabilities.row(2) == [0.4, 0.6] && found.transition.row(2) == [0.2, 0.3, 0.5])
    #expect(abs(learning.logLikelihood - reference.logLikelihood) <= 1e-9 * abs(reference.logLikelihood))
    #expect(expected.stateCount == 2 && learning.steps == reference.steps)
  }

  /// Transitions that are frozen keep a state so improbable that it dies after every rescue: three times, then it is named, once.
  @Test func rescuedInVain() throws {
    let start = try HiddenMarkovModel(
      initial: [0.5, 0.5, 0],
      transition: Matrix([[0.7, 0.3 - 1e-12, 1e-12], [0.4 - 1e-12, 0.6, 1e-12], [0.4, 0.6 - 1e-12, 1e-12]]),
      emission: CategoricalEmission(Matrix([[0.7, 0.3], [0.2, 0.8], [0.4, 0.6]])))
    var learning = try Learning(
      start, Self.data, options: .init(steps: 1_000, constraints: .init(frozen: [.transition])))
    _ = try learning.run()
    #expect(
      learning.events == [.stateRescued(2), .stateRescued(2), .stateRescued(2), .stateDied(2)]
        && learning.stopReason == .converged)
  }

  /// log 0 times a count is no part of what learning raises where the rates that have it are frozen.
  @Test func priorOfFrozenParts() throws {
    let start = try HiddenMarkovModel(
      initial: [0.5, 0.5], transition: Matrix([[0.7, 0.3], [0.4, 0.6]]),
      emission: PoissonEmission(rates: Matrix([[0], [3]])))
    let counts = VectorSequence(Matrix((0..<40).map { [Double($0 / 5 % 2 * ($0 % 4))] }))
    let prior = PoissonEmission.Prior(count: 1, weight: 1)
    var learning = try BaumWelch(
      start, [counts],
      options: .init(
        steps: 1_000, constraints: .init(frozen: [.emission]), chainPrior: .init(initial: 1, transition: 1),
        emissionPrior: prior))
    _ = try learning.run()
    #expect(learning.objective.isFinite && learning.stopReason == .converged)
    var all = try BaumWelch(
      start, [counts],
      options: .init(
        constraints: .init(frozen: [.initial, .transition, .emission]),
        chainPrior: .init(initial: 1, transition: 1), emissionPrior: prior))
    #expect(all.objective == all.logLikelihood)
    #expect(try all.next()?.change == 0)
  }

  // MARK: - What is counted

  /// N of BIC, and of figures for each step, are the steps that say something; as many as states must be there.
  @Test func missingStepsAreNotCounted() throws {
    let start = try HiddenMarkovModel(
      initial: [0.5, 0.5], transition: Matrix([[0.7, 0.3], [0.4, 0.6]]),
      emission: CategoricalEmission(Matrix([[0.7, 0.3], [0.2, 0.8]])))
    let gaps = SymbolSequence([0, nil, 1, nil, nil, 1, 0, nil])
    #expect(gaps.observedCount == 4)
    #expect(VectorSequence(Matrix([[1], [2], [3]]), missing: [1]).observedCount == 2)
    let learning = try Learning(start, [gaps])
    let row = try learning.selectionRow(heldOut: [gaps])
    let expected = -2 * row.logLikelihood + Double(row.parameters) * 1.3862943611198906
    #expect(abs(row.bic - expected) < 1e-12)
    #expect(row.heldOut == row.logLikelihood / 4)
    #expect(throws: HMMError.tooFew(observations: 1, states: 2)) {
      try Learning(start, [SymbolSequence([0, nil, nil])])
    }
  }

  /// A weight of 0 is structure: its component has no mean and no covariance that is learnt.
  @Test func parametersOfMixtures() {
    let (weights, means) = (Matrix([[0.5, 0.5, 0], [1, 0, 0]]), Matrix<Double>(zeros: 6, 2))
    func count(_ covariance: GaussianCovariance, isTied: Bool = false) -> Int {
      GaussianMixtureEmission(weights: weights, means: means, covariance: covariance, isTied: isTied)
        .parameterCount
    }
    // Three components, of which two share a state: one free weight and six means.
    let unit = Matrix<Double>([[1, 0], [0, 1]])
    #expect(count(.diagonal(Matrix([[Double]](repeating: [1, 1], count: 6)))) == 7 + 6)
    #expect(count(.spherical([Double](repeating: 1, count: 6))) == 7 + 3)
    #expect(count(.full([Matrix](repeating: unit, count: 6))) == 7 + 9)
    #expect(count(.full([Matrix](repeating: unit, count: 6)), isTied: true) == 7 + 6)
  }
}
