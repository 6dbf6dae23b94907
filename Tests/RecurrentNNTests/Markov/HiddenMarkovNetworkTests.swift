import Foundation
import RecurrentCore
import RecurrentHMM
import RecurrentNN
import RecurrentTestSupport
import Testing

@Suite("A hidden Markov model as a network")
struct HiddenMarkovNetworkTests {
  private func sequences(
    _ model: HiddenMarkovModel<CategoricalEmission>, _ lengths: [Int], seed: UInt64
  ) -> [SymbolSequence] {
    var generator = CounterGenerator(seed: seed, purpose: .sampling)
    return lengths.map { model.sampled($0, using: &generator).observations }
  }

  /// Summed over all shards.
  private func gradient(
    _ network: HiddenMarkovNetwork, _ batch: [SymbolSequence], _ store: ParameterStore<Double>
  ) -> (LossSum, ParameterStore<Double>) {
    var gradients = ParameterStore<Double>(zeros: network.layout)
    var value = LossSum()
    for shard in network.shards(of: batch) {
      value =
        value
        + network.accumulateGradients(
          on: shard, parameters: PackedParameters(store), mode: .inference, into: &gradients)
    }
    return (value, gradients)
  }

  private let lengths = [20, 1, 0, 33, 7, 2, 50] + [Int](repeating: 5, count: 20)

  /// 1e-12 of the likelihood, a sum of some 200 logarithms near 1.
  @Test(arguments: 1...5) func startsAtTheModelsLikelihood(_ states: Int) throws {
    var draws = Draws(seed: UInt64(states))
    let model = try draws.hiddenMarkovModel(states, 4)
    let batch = sequences(model, lengths, seed: 1)
    let expected = -(try model.logLikelihoods(batch).reduce(0, +))
    for path in HiddenMarkovNetwork.GradientPath.allCases {
      let network = HiddenMarkovNetwork(model, path: path)
      let store = network.parameters(of: model)
      let (value, _) = gradient(network, batch, store)
      let loss = network.loss(on: batch, parameters: PackedParameters(store))
      #expect(value.count == lengths.reduce(0, +) && loss.count == value.count)
      #expect(abs(value.sum - expected) <= 1e-12 * expected)
      #expect(abs(loss.sum - expected) <= 1e-12 * expected)
    }
  }

  /// Back through the cells, and expected counts less occupancy times probability: 1e-10 of counts up to 200.
  @Test(arguments: 1...5) func theGradientIsThatOfExpectedCounts(_ states: Int) throws {
    var draws = Draws(seed: UInt64(10 + states))
    let model = try draws.hiddenMarkovModel(states, 3)
    var batch = sequences(model, lengths, seed: 2)
    batch.append(SymbolSequence([0, nil, 2, nil, nil, 1]))
    let other = try draws.hiddenMarkovModel(states, 3)
    let cells = HiddenMarkovNetwork(other, path: .cells)
    let counts = HiddenMarkovNetwork(other, path: .counts)
    let found = gradient(cells, batch, cells.parameters(of: other))
    let expected = gradient(counts, batch, counts.parameters(of: other))
    #expect(abs(found.0.sum - expected.0.sum) <= 1e-12 * expected.0.sum)
    #expect(expected.1.norm > 1)
    #expect(zip(found.1.values, expected.1.values).allSatisfy { abs($0 - $1) <= 1e-10 })
  }

  /// Central differences of the loss, which is some 300: rounding 3e-14 / 1e-5 a term, so 1e-7 of the greatest derivative.
  @Test func theGradientIsThatOfDifferences() throws {
    var draws = Draws(seed: 21)
    let model = try draws.hiddenMarkovModel(3, 4)
    let batch = sequences(model, [9, 0, 4, 1], seed: 3)
    let network = HiddenMarkovNetwork(states: 3, symbols: 4)
    let store = ParameterStore<Double>(initializing: network.layout, seed: 4)
    let (_, gradients) = gradient(network, batch, store)
    for index in store.values.indices {
      func moved(_ by: Double) -> Double {
        var other = store
        other.values[index] += by
        return network.loss(on: batch, parameters: PackedParameters(other)).sum
      }
      let numeric = (moved(1e-5) - moved(-1e-5)) / 2e-5
      #expect(abs(gradients.values[index] - numeric) <= 1e-7 * max(1, abs(numeric)))
    }
  }

  /// There and back; zeros stay zeros. Two roundings of numbers up to 1.
  @Test func parametersAreTheModel() throws {
    let model = try HiddenMarkovModel(
      initial: [1, 0], transition: Matrix([[0.25, 0.75], [0, 1]]),
      emission: CategoricalEmission(Matrix([[0.5, 0.5, 0], [0, 0.1, 0.9]]), symbols: ["a", "b", "c"]),
      states: ["first", "then"])
    let network = HiddenMarkovNetwork(model)
    let back = try network.model(
      network.parameters(of: model), states: model.states, symbols: model.emission.symbols)
    #expect(back.states == model.states && back.emission.symbols == model.emission.symbols)
    #expect(scaledError(back.initial, model.initial) <= 4e-16)
    #expect(scaledError(back.transition.elements, model.transition.elements) <= 4e-16)
    #expect(
      scaledError(back.emission.probabilities.elements, model.emission.probabilities.elements) <= 4e-16)
    #expect(back.initial[1] == 0 && back.transition[1, 0] == 0 && back.emission.probabilities[0, 2] == 0)
  }

  /// Zeros have no gradient by either path, and the rest is the same.
  @Test func structuralZeros() throws {
    let model = try HiddenMarkovModel(
      initial: [1, 0, 0], transition: Matrix([[0.5, 0.5, 0], [0, 0.5, 0.5], [0, 0, 1]]),
      emission: CategoricalEmission(Matrix([[0.5, 0.5, 0], [0.1, 0.1, 0.8], [0.3, 0.4, 0.3]])))
    let batch = sequences(model, [12, 3, 1, 30], seed: 5)
    let cells = HiddenMarkovNetwork(model)
    let store = cells.parameters(of: model)
    let found = gradient(cells, batch, store).1.values
    let expected = gradient(HiddenMarkovNetwork(model, path: .counts), batch, store).1.values
    for (index, logit) in store.values.enumerated() {
      #expect(abs(found[index] - expected[index]) <= 1e-10)
      if logit == -.infinity { #expect(found[index] == 0 && expected[index] == 0) }
    }
  }

  /// A sequence that no path explains has an infinite loss, and NaN in a parameter is seen: a trainer stops at either.
  @Test(arguments: HiddenMarkovNetwork.GradientPath.allCases)
  func theImpossibleAndTheUndefined(_ path: HiddenMarkovNetwork.GradientPath) throws {
    let model = try HiddenMarkovModel(
      initial: [1, 0], transition: Matrix([[0.5, 0.5], [0, 1]]),
      emission: CategoricalEmission(Matrix([[1, 0], [0, 1]])))
    let network = HiddenMarkovNetwork(model, path: path)
    var store = network.parameters(of: model)
    #expect(gradient(network, [SymbolSequence([0, 1, 0])], store).0.sum == .infinity)
    #expect(gradient(network, [SymbolSequence([0, 1, 1])], store).0.sum.isFinite)
    store.values[2] = .nan
    #expect(!gradient(network, [SymbolSequence([0, 1, 1])], store).0.sum.isFinite)
  }

  /// Where EM has come to rest there is no gradient: its counts are what the model expects. Of some 600 counts; EM's steps
  /// shrink by a constant factor, and after 1,000 of them rounding is left, 1e-13 of each count.
  @Test func noGradientAtTheFixedPointOfEM() throws {
    let source = try HiddenMarkovModel(
      initial: [0.6, 0.4], transition: Matrix([[0.8, 0.2], [0.3, 0.7]]),
      emission: CategoricalEmission(Matrix([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])))
    let batch = sequences(source, [Int](repeating: 20, count: 30), seed: 6)
    var learning = try BaumWelch(
      source, batch, options: BaumWelchOptions(steps: 1_000, tolerance: 0, emptyStates: .fail))
    let model = try learning.run()
    for path in HiddenMarkovNetwork.GradientPath.allCases {
      let network = HiddenMarkovNetwork(model, path: path)
      let (_, gradients) = gradient(network, batch, network.parameters(of: model))
      #expect(gradients.norm <= 1e-9)
    }
  }
}
