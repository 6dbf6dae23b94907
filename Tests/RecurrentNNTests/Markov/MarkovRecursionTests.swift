import Foundation
import RecurrentCore
import RecurrentHMM
import RecurrentNN
import RecurrentTestSupport
import Testing

/// The cells against the recursions along a chain: the same numbers within 1e-12, some roundings a step of sums near 1.
@Suite("The forward recursion is a recurrent cell")
struct MarkovRecursionTests {
  static let lengths = [[1], [50], [7, 0, 50, 1, 2]]

  /// P(hₜ | x₁ … xₜ) from π of the recursion in logarithms, and log P(xₜ | x₁ … xₜ₋₁) from its totals.
  private func expectedFilter(_ scores: ChainScores, _ emission: Matrix<Double>) -> [[Double]] {
    let count = scores.stateCount
    let forward = scores.forward(emission, in: LogSumExp.self)
    var before = 0.0
    return (0..<emission.rows).map { t in
      let row = Array(forward[t * count..<(t + 1) * count])
      let total = row.reduce(LogSumExp.zero, LogSumExp.sum)
      defer { before = total }
      return row.map { exp($0 - total) } + [total - before]
    }
  }

  /// P(xₜ₊₁ … | hₜ = k) as shares.
  private func expectedReverse(_ scores: ChainScores, _ emission: Matrix<Double>) -> [[Double]] {
    let count = scores.stateCount
    let ahead = scores.backward(emission, in: LogSumExp.self)
    return (0..<emission.rows).map { t in
      let row = Array(ahead[t * count..<(t + 1) * count])
      let total = row.reduce(LogSumExp.zero, LogSumExp.sum)
      return row.map { exp($0 - total) }
    }
  }

  /// Every sequence of a batch against the chain's recursions on it alone.
  private func failures(
    _ scores: ChainScores, _ input: SequenceBatch<Double>, tolerance: Double = 1e-12
  ) -> [String] {
    let test = ChainCase(scores)
    func output(_ layer: any SequenceLayer<Double>) -> SequenceBatch<Double> {
      layer.forward(input, parameters: test.parameters).output
    }
    let forward = output(RecurrentLayer(MarkovForwardCell<Double>(chain: test.chain)))
    let reverse = output(
      RecurrentLayer(MarkovReverseCell<Double>(chain: test.chain), direction: .reverse))
    let posterior = output(MarkovSmoother<Double>(chain: test.chain))
    var failures: [String] = []
    func compare(_ what: String, _ found: [Double], _ expected: [Double]) {
      let error = scaledError(found, expected)
      if !(error <= tolerance) { failures.append("\(what): error \(error)") }
    }
    for b in input.lengths.indices where input.lengths[b] > 0 {
      let emission = input.rows(b)
      compare(
        "filter \(b)", forward.rows(b).elements, expectedFilter(scores, emission).flatMap { $0 })
      compare(
        "reverse \(b)", reverse.rows(b).elements, expectedReverse(scores, emission).flatMap { $0 })
      guard let expected = scores.posterior(emission) else {
        failures.append("sequence \(b) is impossible")
        continue
      }
      compare("posterior \(b)", posterior.rows(b).elements, expected.states.elements)
      let logC = forward.rows(b).columns(scores.stateCount..<scores.stateCount + 1)
      compare("log P(x) \(b)", [logC.elements.reduce(0, +)], [expected.logLikelihood])
    }
    return failures
  }

  @Test(arguments: 1...5, [1.0, 10]) func equalTheChain(_ states: Int, _ scale: Double) {
    for (number, lengths) in Self.lengths.enumerated() {
      var draws = Draws(seed: UInt64(10 * states + number))
      let scores = draws.chain(states)
      let input: SequenceBatch<Double> = draws.batch(lengths: lengths, features: states)
      #expect(failures(scores, input.scaled(scale)) == [])
    }
  }

  /// Scores that no probability can hold, ±2,000 a step. Their sums are 10⁵, whose rounding is 10⁻¹¹: so is a posterior's.
  @Test func scoresBeyondProbabilities() {
    var draws = Draws(seed: 3)
    for states in 2...5 {
      let scores = draws.chain(states)
      let input: SequenceBatch<Double> = draws.batch(lengths: [7, 0, 50, 1], features: states)
      #expect(failures(scores, input.scaled(2_000), tolerance: 1e-10) == [])
    }
  }

  /// Two chains that never meet. One falls to 10⁻⁴⁰⁰ of the other before what is seen turns to it, and is all that counts in
  /// the end: probabilities would have lost it. The first, exact, sum of 40 scores has a rounding of 10⁻¹³.
  @Test func whatProbabilitiesWouldLose() {
    let never = -Double.infinity
    let scores = ChainScores(
      initial: [log(0.5), log(0.5)],
      transition: Matrix(rows: 2, columns: 2, elements: [0, never, never, 0]))
    let tenth = log(1e-10)
    let values =
      [[Double]](repeating: [0, tenth], count: 40) + [[Double]](repeating: [tenth, 0], count: 80)
    let input = SequenceBatch(sequences: [values, values.reversed()], features: 2)
    #expect(failures(scores, input) == [])
  }

  /// Left to right, with structural zeros in the chain and in what the states can show.
  @Test func structuralZeros() {
    let (never, half) = (-Double.infinity, log(0.5))
    let scores = ChainScores(
      initial: [0, never, never],
      transition: Matrix(
        rows: 3, columns: 3, elements: [half, half, never, never, half, half, never, never, 0]))
    var draws = Draws(seed: 4)
    var input: SequenceBatch<Double> = draws.batch(lengths: [9, 4, 0], features: 3)
    for t in 5..<9 { input[t, 0, 0] = never }
    input[2, 1, 1] = never
    #expect(failures(scores, input) == [])
  }

  /// Where nothing is possible any more log c is −∞, from there on; nothing is NaN, and there is no gradient.
  @Test func theImpossible() {
    let never = -Double.infinity
    let scores = ChainScores(
      initial: [0, never], transition: Matrix(rows: 2, columns: 2, elements: [0, never, never, 0]))
    let test = ChainCase(scores)
    let input = SequenceBatch(
      sequences: [[[-1, -1], [never, -1], [-1, -1]], [[-1.0, -2], [-1, -3]]], features: 2)
    let layer = RecurrentLayer(MarkovForwardCell<Double>(chain: test.chain))
    let run = layer.forward(input, parameters: test.parameters)
    #expect((0..<3).map { run.output[$0, 0, 2] } == [-1, never, never])
    #expect((0..<3).map { run.output[$0, 0, 0] } == [1, 0, 0])
    #expect((0..<2).map { run.output[$0, 1, 2] } == [-1, -1])
    let posterior = MarkovSmoother<Double>(chain: test.chain).forward(input, parameters: test.parameters)
    #expect(posterior.output.rows(0).elements == [0, 0, 0, 0, 0, 0])
    var gradients = ParameterStore<Double>(zeros: test.layout)
    var draws = Draws(seed: 5)
    let back = run.pullback(
      draws.batch(lengths: [3, 2], features: 3), draws.state(like: run.finalState), &gradients)
    #expect(back.input.values.allSatisfy { $0.isFinite })
    #expect(gradients.values.allSatisfy { $0 == 0 })
  }

  /// The gradient of a zero is 0, and of the rest what differences say of a chain that has the zeros: the finite logits are
  /// moved, the others stay. 1e-7 as in every gradient check.
  @Test func gradientsBesideZeros() {
    let never = -Double.infinity
    var draws = Draws(seed: 6)
    let scores = ChainScores(
      initial: [log(0.7), log(0.3), never],
      transition: Matrix(
        rows: 3, columns: 3,
        elements: [log(0.5), log(0.5), never, never, log(0.2), log(0.8), log(0.1), log(0.6), log(0.3)]))
    let test = ChainCase(scores)
    let input: SequenceBatch<Double> = draws.batch(lengths: [6, 0, 4], features: 3)
    let weights: SequenceBatch<Double> = draws.batch(lengths: [6, 0, 4], features: 3)
    let layer = MarkovSmoother<Double>(chain: test.chain)
    func objective(_ parameters: PackedParameters<Double>) -> Double {
      let output = layer.forward(input, parameters: parameters).output
      return zip(output.values, weights.values).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let run = layer.forward(input, parameters: test.parameters)
    var gradients = ParameterStore<Double>(zeros: test.layout)
    _ = run.pullback(weights, run.finalState.zeroed, &gradients)
    var store = ParameterStore<Double>(zeros: test.layout)
    store.values = test.parameters.values
    for index in store.values.indices {
      if store.values[index] == never {
        #expect(gradients.values[index] == 0)
        continue
      }
      func moved(_ by: Double) -> Double {
        var other = store
        other.values[index] += by
        return objective(PackedParameters(other))
      }
      let numeric = (moved(1e-5) - moved(-1e-5)) / 2e-5
      #expect(abs(gradients.values[index] - numeric) <= 1e-7)
    }
  }

  /// A cell that is handed its state step by step filters a stream; the state is its posterior.
  @Test func stepByStep() {
    var draws = Draws(seed: 7)
    let scores = draws.chain(4)
    let test = ChainCase(scores)
    let input: SequenceBatch<Double> = draws.batch(lengths: [12, 12], features: 4)
    let cell = MarkovForwardCell<Double>(chain: test.chain)
    let whole = RecurrentLayer(cell).forward(input, parameters: test.parameters)
    var state = cell.zeroState(batchSize: 2)
    for t in 0..<12 {
      let made = cell.step(input.step(t), state: &state, parameters: test.parameters)
      #expect(made.output == whole.output.step(t))
      #expect(state.begun.elements == [1, 1])
    }
    #expect(whole.finalState.components.map(\.path) == ["filtered", "begun"])
    #expect(whole.finalState.component("filtered") == state.filtered)
  }
}
