import Foundation
import RecurrentCore
import RecurrentHMM
import RecurrentTestSupport
import Testing

/// What a model says of what comes next, and the paths that it draws, against every path.
@Suite struct ModelEnumerationTests {
  /// Three states, four symbols, some zeros; with `ends`, where sequences end is part of the model.
  private static func model(ends: Bool) throws -> HiddenMarkovModel<CategoricalEmission> {
    var draws = Draws(ends ? 21 : 22)
    let rows = (0..<3).map { _ in draws.distribution(ends ? 4 : 3) }
    let first = draws.distribution(2)
    return try HiddenMarkovModel(
      initial: [first[0], 0, first[1]], transition: Matrix(rows.map { Array($0.prefix(3)) }),
      final: ends ? rows.map { $0[3] } : nil,
      emission: CategoricalEmission(
        Matrix([draws.distribution(4), draws.distribution(3) + [0], draws.distribution(4)])))
  }

  private static let seen: [[Int?]] = [[0], [3], [1, 2], [2, nil, 0], [nil, 3, 3, 1], [0, 1, 2, 3, 0, 2]]

  /// P(h | x₁ … x_T) of every path, of a sequence that goes on.
  private static func shares(
    _ model: HiddenMarkovModel<CategoricalEmission>, _ observations: SymbolSequence
  ) -> [(states: [Int], share: Double)] {
    var open = model.scores
    open.final = [Double](repeating: 0, count: 3)
    let naive = NaiveChain(open, model.emissionScores(observations))
    let total = naive.logSum()
    return naive.paths.map { ($0.states, exp($0.score - total)) }
  }

  @Test(arguments: [false, true]) func whatComesNext(_ ends: Bool) throws {
    let model = try Self.model(ends: ends)
    for symbols in Self.seen {
      let observations = SymbolSequence(symbols)
      var weights = [0.0, 0, 0]
      for (states, share) in Self.shares(model, observations) {
        for j in 0..<3 { weights[j] += share * model.transition[states[states.count - 1], j] }
      }
      // Of a model with ends, given that there is a next step.
      let states = weights.map { $0 / weights.reduce(0, +) }
      // Some hundred products of numbers of order 1.
      #expect(error(try model.nextStates(after: observations), states) <= 1e-13)
      let next = (0..<4).map { x in
        (0..<3).reduce(0) { $0 + states[$1] * model.emission.probabilities[$1, x] }
      }
      #expect(error(try model.nextSymbols(after: observations), next) <= 1e-13)
    }
    #expect(try model.nextStates(after: SymbolSequence([Int]())) == model.initial)
  }

  /// What a step's state is by the others: every path, with that step's emission left out.
  @Test(arguments: [false, true]) func whatTheOthersSay(_ ends: Bool) throws {
    let model = try Self.model(ends: ends)
    for symbols in Self.seen {
      for t in symbols.indices {
        var without = symbols
        without[t] = nil
        let naive = NaiveChain(model.scores, model.emissionScores(SymbolSequence(without)))
        let expected = Array(naive.posterior[3 * t..<3 * t + 3])
        #expect(error(try model.statesWithout(step: t, SymbolSequence(symbols)), expected) <= 1e-13)
      }
    }
  }

  /// Shares of 4,000 drawn paths of 27: five standard deviations of √(p (1 − p) / n) ≤ 0.008; each with its own score.
  @Test(arguments: [false, true]) func drawnPaths(_ ends: Bool) throws {
    let model = try Self.model(ends: ends)
    let observations = SymbolSequence([0, 2, 1])
    let naive = NaiveChain(model.scores, model.emissionScores(observations))
    let total = naive.logSum()
    let found = try model.sampledPaths(
      4_000, given: observations, using: CounterGenerator(seed: 3, purpose: .sampling))
    let counts = Dictionary(grouping: found, by: \.states).mapValues(\.count)
    #expect(found.count == 4_000)
    for path in naive.paths {
      let (share, expected) = (Double(counts[path.states] ?? 0) / 4_000, exp(path.score - total))
      #expect(abs(share - expected) <= 5 * (expected * (1 - expected) / 4_000).squareRoot())
    }
    for path in found.prefix(100) {
      let own = try #require(naive.paths.first { $0.states == path.states })
      #expect(error(path.score, own.score) <= 1e-14)
    }
  }

  /// "b" in the first state only, and an end from there never.
  @Test func whatIsImpossibleSaysWhy() throws {
    let model = try HiddenMarkovModel(
      initial: [1, 0], transition: Matrix([[0.5, 0.5], [0.25, 0.25]]), final: [0, 0.5],
      emission: CategoricalEmission(Matrix([[0.5, 0.5], [1, 0]]), symbols: ["a", "b"]))
    let end = SymbolSequence([0, 1])
    #expect(model.impossibility(of: SymbolSequence([0, 0])) == nil)
    #expect(model.impossibility(of: end, number: 4) == .cannotEnd(sequence: 4))
    #expect(
      "\(HMMError.cannotEnd(sequence: 4))"
        == "sequence 5 is impossible under the model (log-likelihood -infinity): it cannot end behind its last step"
    )
    #expect(throws: HMMError.cannotEnd(sequence: 0)) { try model.posterior(end) }
    #expect(throws: HMMError.cannotEnd(sequence: 1)) {
      try model.mostLikelyPaths([SymbolSequence([0, 0]), end])
    }
    #expect(throws: HMMError.cannotEnd(sequence: 0)) {
      try model.sampledPaths(1, given: end, using: CounterGenerator(seed: 1, purpose: .sampling))
    }
    let stuck = try HiddenMarkovModel(
      initial: [1, 0], transition: Matrix([[0, 1], [0, 1]]),
      emission: CategoricalEmission(Matrix([[0.5, 0.5], [1, 0]])))
    #expect(throws: HMMError.impossible(sequence: 0, step: 1)) { try stuck.posterior(end) }
    #expect(throws: HMMError.impossible(sequence: 1, step: 1)) {
      try BaumWelch(stuck, [SymbolSequence([0, 0]), end])
    }
  }
}
