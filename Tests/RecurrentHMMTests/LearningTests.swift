import Foundation
import RecurrentCore
import RecurrentHMM
import Testing

/// Learning: never worse, the same on any threads, held to its constraints, and said why it ended.
@Suite struct LearningTests {
  private func sequences(
    _ draws: inout Draws, _ model: HiddenMarkovModel<CategoricalEmission>, _ lengths: [Int]
  )
    -> [SymbolSequence]
  {
    lengths.map { model.sampled($0, using: &draws.generator).observations }
  }

  private func randomModel(_ draws: inout Draws, states: Int, symbols: Int) throws -> HiddenMarkovModel<
    CategoricalEmission
  > {
    try HiddenMarkovModel(
      initial: draws.distribution(states),
      transition: Matrix((0..<states).map { _ in draws.distribution(states) }),
      emission: CategoricalEmission(Matrix((0..<states).map { _ in draws.distribution(symbols) })))
  }

  /// A thousand models on data of others, with sequences of no step and of one, missing steps, zeros and priors.
  @Test func theObjectiveNeverFalls() throws {
    var draws = Draws(1)
    for round in 0..<1_000 {
      let (states, symbols) = (1 + round % 4, 2 + round % 5)
      let truth = try randomModel(&draws, states: 1 + round % 3, symbols: symbols)
      var data = sequences(&draws, truth, [0, 1, 5 + round % 20, 12])
      if round % 3 == 0 { data.append(SymbolSequence([0, nil, symbols - 1, nil])) }
      let start = try randomModel(&draws, states: states, symbols: symbols)
      let prior = round % 2 == 0 ? 0 : 0.3
      var learning = try BaumWelch(
        start, data,
        options: BaumWelchOptions(
          steps: 12, tolerance: 0, chainPrior: ChainPrior(initial: prior, transition: prior),
          emissionPrior: .init(pseudoCount: prior), emptyStates: .keep))
      var before = learning.logLikelihood
      while let step = try learning.next() {
        // A step's rounding: some hundred sums of logarithms of order 1 to 100.
        #expect(step.change >= -1e-11, "round \(round), step \(step.number): \(step.change)")
        if prior == 0 { #expect(step.logLikelihood >= before - 1e-11) }
        before = step.logLikelihood
      }
      #expect(learning.steps == 12 && learning.stopReason == .stepsCompleted)
      let total = try learning.model.logLikelihoods(data).reduce(0, +)
      #expect(error(total, learning.logLikelihood) <= 1e-13)
    }
  }

  /// The same of vectors: every emission and covariance.
  @Test func vectorsNeverFall() throws {
    for seed in 0..<12 {
      var draws = Draws(UInt64(seed + 100))
      let points = (0..<90).map { t in
        (0..<2).map { _ in draws.uniform(-1...1) + (t / 15 % 2 == 0 ? 0 : 2) }
      }
      let data = [
        VectorSequence(Matrix(Array(points[..<50])), missing: [3, 17]),
        VectorSequence(Matrix(Array(points[50...]))),
        VectorSequence(Matrix(rows: 0, columns: 2, elements: [])),
      ]
      for kind in GaussianCovariance.Kind.allCases {
        let start = try HiddenMarkovModel<GaussianEmission>.start(
          states: 3, data, covariance: kind, seed: UInt64(seed))
        try rises(
          BaumWelch(
            start, data,
            options: BaumWelchOptions(steps: 15, tolerance: 0, emissionPrior: .init(varianceFloor: 1e-4))),
          floored: true)
        let mixture = try HiddenMarkovModel<GaussianMixtureEmission>.start(
          states: 2, components: 2, data, covariance: kind, seed: UInt64(seed))
        try rises(
          BaumWelch(
            mixture, data,
            options: BaumWelchOptions(steps: 15, tolerance: 0, emissionPrior: .init(varianceFloor: 1e-4))),
          floored: true)
      }
      let counts = data.map { sequence in
        VectorSequence(
          Matrix(
            rows: sequence.count, columns: 2,
            elements: sequence.values.elements.map { abs($0 * 3).rounded() }))
      }
      let poisson = try HiddenMarkovModel<PoissonEmission>.start(states: 2, counts, seed: UInt64(seed))
      try rises(
        BaumWelch(poisson, counts, options: BaumWelchOptions(steps: 15, tolerance: 0)), floored: false)
    }
  }

  /// - Parameter floored: a floor of 1e-4 on variances of order 1 costs each of 90 steps less than 1e-4.
  private func rises<E>(_ learning: BaumWelch<E>, floored: Bool) throws {
    var learning = learning
    while let step = try learning.next() {
      #expect(step.change >= (floored ? -1e-2 : -1e-10), "\(step.model.emission)")
    }
  }

  @Test(arguments: [2, 3, 5, 8]) func threadsCannotChangeABit(_ threads: Int) throws {
    var draws = Draws(2)
    let truth = try randomModel(&draws, states: 3, symbols: 6)
    let data = sequences(&draws, truth, (0..<70).map { $0 % 23 })
    let start = try randomModel(&draws, states: 3, symbols: 6)
    func learnt(_ threads: Int) throws -> HiddenMarkovModel<CategoricalEmission> {
      var learning = try BaumWelch(
        start, data, options: BaumWelchOptions(steps: 5, tolerance: 0), threads: threads)
      return try learning.run()
    }
    #expect(try learnt(threads) == learnt(1))
    #expect(try start.logLikelihoods(data, threads: threads) == data.map { try start.logLikelihood($0) })
    #expect(try start.mostLikelyPaths(data, threads: threads) == data.map { try start.mostLikelyPath($0) })
  }

  /// Where sequences begin, between 0 and 1, moves but where it is frozen.
  @Test(arguments: TrainingConstraints.Part.allCases) func frozenParts(_ part: TrainingConstraints.Part)
    throws
  {
    var draws = Draws(8)
    let start = try randomModel(&draws, states: 3, symbols: 4)
    let data = sequences(&draws, try randomModel(&draws, states: 3, symbols: 4), [20, 30, 25, 40])
    #expect(start.initial.allSatisfy { $0 > 0 && $0 < 1 })
    var learning = try BaumWelch(
      start, data,
      options: BaumWelchOptions(steps: 4, tolerance: 0, constraints: TrainingConstraints(frozen: [part])))
    let before = learning.logLikelihood
    let model = try learning.run()
    #expect((model.initial == start.initial) == (part == .initial))
    #expect((model.transition == start.transition) == (part == .transition))
    #expect((model.emission == start.emission) == (part == .emission))
    #expect(learning.logLikelihood > before)
  }

  @Test func zerosStayAndFrozenPartsStay() throws {
    var draws = Draws(3)
    let start = try HiddenMarkovModel(
      initial: [1, 0, 0], transition: Matrix([[0.5, 0.5, 0], [0, 0.5, 0.5], [0, 0, 1]]),
      emission: CategoricalEmission(Matrix([[0.5, 0.5, 0], [0.2, 0.4, 0.4], [0.3, 0.3, 0.4]])))
    let data = sequences(&draws, start, [20, 20, 30])
    for part in TrainingConstraints.Part.allCases {
      var learning = try BaumWelch(
        start, data,
        options: BaumWelchOptions(
          steps: 4, tolerance: 0, constraints: TrainingConstraints(frozen: [part]),
          chainPrior: ChainPrior(initial: 1, transition: 1), emissionPrior: .init(pseudoCount: 1)))
      let model = try learning.run()
      #expect((model.initial == start.initial))
      #expect((model.transition == start.transition) == (part == .transition))
      #expect((model.emission == start.emission) == (part == .emission))
      #expect(model.transition[0, 2] == 0 && model.transition[2, 2] == 1 && model.transition[1, 0] == 0)
      #expect(model.emission.probabilities[0, 2] == 0)
    }
  }

  @Test func tiedStatesStayAlike() throws {
    var draws = Draws(4)
    let shared = draws.distribution(4)
    let start = try HiddenMarkovModel(
      initial: [0.6, 0.3, 0.1], transition: Matrix([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]),
      emission: CategoricalEmission(Matrix([shared, [0.1, 0.2, 0.3, 0.4], shared])))
    let data = sequences(&draws, try randomModel(&draws, states: 3, symbols: 4), [50, 60])
    var learning = try BaumWelch(
      start, data,
      options: BaumWelchOptions(
        steps: 6, tolerance: 0,
        constraints: TrainingConstraints(tiedEmissions: [[0, 2]], tiedTransitions: [[0, 1]])))
    var steps = 0
    while let step = try learning.next() {
      #expect(step.change >= -1e-11)
      #expect(step.model.emission.probabilities.row(0) == step.model.emission.probabilities.row(2))
      #expect(step.model.transition.row(0) == step.model.transition.row(1))
      steps += 1
    }
    #expect(steps == 6 && learning.model.emission != start.emission)
  }

  /// Learning would make tied states alike at once, in a step that could lower the likelihood.
  @Test func tiedStatesMustBeAlike() throws {
    let start = try HiddenMarkovModel(
      initial: [0.6, 0.4], transition: Matrix([[0.5, 0.5], [0.4, 0.6]]),
      emission: CategoricalEmission(Matrix([[0.5, 0.5], [0.2, 0.8]])))
    let data = [SymbolSequence([0, 1, 1, 0])]
    for (constraints, what) in [
      (TrainingConstraints(tiedEmissions: [[0, 1]]), "emissions"),
      (TrainingConstraints(tiedTransitions: [[1, 0]]), "transitions"),
    ] {
      let options = BaumWelchOptions<CategoricalEmission>(constraints: constraints)
      let learning = #expect(throws: HMMError.self) { try BaumWelch(start, data, options: options) }
      let counting = #expect(throws: HMMError.self) {
        try start.counting([.init(states: [0, 0, 1, 1], observations: data[0])], options: options)
      }
      #expect(learning == counting)
      #expect("\(try #require(learning))".contains("their \(what) differ, expected states that are alike"))
    }
  }

  @Test func anEmptyStateIsNamed() throws {
    // State 2 shows what never comes.
    let start = try HiddenMarkovModel(
      initial: [0.5, 0.4, 0.1], transition: Matrix([[0.5, 0.4, 0.1], [0.4, 0.5, 0.1], [0.3, 0.3, 0.4]]),
      emission: CategoricalEmission(Matrix([[0.7, 0.3, 0], [0.2, 0.8, 0], [1e-13, 0, 1 - 1e-13]])))
    let data = [SymbolSequence((0..<60).map { $0 / 7 % 2 })]
    func learning(_ rule: BaumWelchOptions<CategoricalEmission>.EmptyStateRule) throws -> BaumWelch<
      CategoricalEmission
    > {
      try BaumWelch(start, data, options: BaumWelchOptions(steps: 30, emptyStates: rule))
    }
    var failing = try learning(.fail)
    #expect(throws: HMMError.stateDied(state: 2)) { try failing.next() }
    var keeping = try learning(.keep)
    #expect(try keeping.next()?.events == [.stateDied(2)])
    var rescuing = try learning(.rescue)
    #expect(try rescuing.next()?.events == [.stateRescued(2)])
    let rescued = try rescuing.run()
    let kept = try keeping.run().logLikelihood(data[0])
    // New life costs nothing in the end: it is learnt from where it is.
    #expect(rescuing.logLikelihood >= kept - 1e-3 * abs(kept))
    #expect(rescued.emission.problem == nil)
  }

  /// New life for one state leaves the others as the step made them, whatever the prior.
  @Test func aRescueTouchesNoOtherState() throws {
    let start = try HiddenMarkovModel(
      initial: [0.5, 0.4, 0.1], transition: Matrix([[0.5, 0.4, 0.1], [0.4, 0.5, 0.1], [0.3, 0.3, 0.4]]),
      emission: CategoricalEmission(Matrix([[0.7, 0.3, 0], [0.2, 0.8, 0], [1e-13, 0, 1 - 1e-13]])))
    let data = [SymbolSequence((0..<60).map { $0 / 7 % 2 })]
    func first(_ rule: BaumWelchOptions<CategoricalEmission>.EmptyStateRule) throws -> HiddenMarkovModel<
      CategoricalEmission
    > {
      var learning = try BaumWelch(
        start, data, options: BaumWelchOptions(emissionPrior: .init(pseudoCount: 0.5), emptyStates: rule))
      return try #require(try learning.next()).model
    }
    let (kept, rescued) = (try first(.keep).emission.probabilities, try first(.rescue).emission.probabilities)
    #expect(kept.row(0) == rescued.row(0) && kept.row(1) == rescued.row(1) && kept.row(2) != rescued.row(2))
  }

  @Test func countingIsWhatWasCounted() throws {
    let even = try HiddenMarkovModel(
      initial: [0.5, 0.5], transition: Matrix([[0.5, 0.5], [0.5, 0.5]]),
      emission: CategoricalEmission(Matrix([[0.5, 0.5], [0.5, 0.5]])))
    typealias Labelled = HiddenMarkovModel<CategoricalEmission>.Labelled
    let model = try even.counting([
      Labelled(states: [0, 0, 1], observations: SymbolSequence([0, 1, 1])),
      Labelled(states: [1, 0], observations: SymbolSequence([1, nil])),
      Labelled(states: [], observations: SymbolSequence([Int]())),
    ])
    #expect(model.initial == [0.5, 0.5])
    #expect(model.transition.elements == [0.5, 0.5, 1, 0])
    #expect(model.emission.probabilities.elements == [0.5, 0.5, 0, 1])
  }

  /// A model is found again from what it made, up to the order of its states.
  @Test func findsWhatMadeTheData() throws {
    var draws = Draws(8)
    let truth = try HiddenMarkovModel(
      initial: [0.5, 0.5], transition: Matrix([[0.95, 0.05], [0.1, 0.9]]),
      emission: GaussianEmission(means: Matrix([[0, 1], [3, -1]]), covariance: .spherical([1, 0.25])))
    let data = (0..<4).map { _ in truth.sampled(2_000, using: &draws.generator).observations }
    var told = 0
    let (learning, failures) = try BaumWelch<GaussianEmission>.best(
      of: 3, data, threads: 2,
      each: { start, step in
        told = max(told, start + 1)
        return step.number < 1_000
      }
    ) { number throws(HMMError) in
      try .start(states: 2, data, covariance: .spherical, seed: UInt64(number))
    }
    #expect(told == 3 && failures == 0)
    let found = learning.model.reordered(learning.model.emission.means[0, 0] < 1.5 ? [0, 1] : [1, 0])
    #expect(learning.stopReason == .converged)
    // 8,000 steps: means to 4 σ / √n.
    #expect(error(found.emission.means.elements, truth.emission.means.elements) <= 0.06)
    #expect(error(found.transition.elements, truth.transition.elements) <= 0.03)
    let row = try learning.selectionRow(heldOut: data)
    #expect(row.states == 2 && row.parameters == 1 + 2 + 4 + 2)
    #expect(error(row.aic, -2 * learning.logLikelihood + 18) <= 1e-15)
    #expect(error(row.heldOut ?? 0, learning.logLikelihood / 8_000) <= 1e-12)
  }
}
