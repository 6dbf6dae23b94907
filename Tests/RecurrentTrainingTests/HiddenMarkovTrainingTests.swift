import Foundation
import RecurrentCore
import RecurrentHMM
import RecurrentNN
import RecurrentTraining
import Testing

/// Gradients and EM climb one hill: from one start to one model.
@Suite("Training of a hidden Markov model by gradients")
struct HiddenMarkovTrainingTests {
  private struct Sequences: BatchSource {
    let sequences: [SymbolSequence]
    var count: Int { sequences.count }
    func batch(_ indices: [Int]) -> [SymbolSequence] { indices.map { sequences[$0] } }
  }

  /// Two states that differ enough for the greatest likelihood to lie inside, away from probabilities of 0.
  private func start() throws -> HiddenMarkovModel<CategoricalEmission> {
    try HiddenMarkovModel(
      initial: [0.6, 0.4], transition: Matrix([[0.8, 0.2], [0.3, 0.7]]),
      emission: CategoricalEmission(Matrix([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])))
  }

  private func sequences(_ count: Int) throws -> [SymbolSequence] {
    var generator = CounterGenerator(seed: 6, purpose: .sampling)
    let source = try start()
    return (0..<count).map { _ in source.sampled(20, using: &generator).observations }
  }

  private func trained(
    _ network: HiddenMarkovNetwork, _ sequences: [SymbolSequence], _ options: TrainerOptions, threads: Int = 1
  ) throws -> (curve: [Double], parameters: ParameterStore<Double>) {
    var trainer = try Trainer(
      model: network, source: Sequences(sequences: sequences), options: options,
      parameters: network.parameters(of: try start()), threads: threads)
    _ = try run(&trainer)
    return (trainer.state.progress.curve.map(\.trainingLoss), trainer.state.parameters)
  }

  /// Both have come to rest, which leaves rounding: 1e-13 of the log-likelihood, −613, and as little of a probability.
  @Test func gradientsEndWhereEMEnds() throws {
    let sequences = try sequences(30)
    var learning = try BaumWelch(
      try start(), sequences, options: BaumWelchOptions(steps: 1_000, tolerance: 0, emptyStates: .fail))
    let best = try learning.run()

    let network = HiddenMarkovNetwork(best, path: .counts)
    let options = TrainerOptions(
      epochs: 250, batchSize: 30, optimizer: .sgd(momentum: 0.9), learningRate: 2, keepsBest: false)
    let (curve, parameters) = try trained(network, sequences, options)
    let model = try network.model(parameters)
    let likelihood = try model.logLikelihoods(sequences).reduce(0, +)
    #expect(likelihood > -curve[0] * 600 + 0.1)
    #expect(abs(likelihood - learning.logLikelihood) <= 1e-9)

    // A step of EM changes nothing any more.
    var further = try BaumWelch(model, sequences, options: BaumWelchOptions(steps: 1, tolerance: 0))
    let step = try #require(try further.next())
    #expect(abs(step.change) <= 1e-9)
    for (found, expected) in [
      (step.model.transition, model.transition), (step.model.transition, best.transition),
      (step.model.emission.probabilities, best.emission.probabilities),
    ] {
      #expect(zip(found.elements, expected.elements).allSatisfy { abs($0 - $1) <= 1e-7 })
    }
  }

  /// Through the cells, by Adam: the loss begins at the model's and falls; threads do not change a bit.
  @Test func theCellsTrain() throws {
    let sequences = try sequences(40)
    let network = HiddenMarkovNetwork(try start())
    let options = TrainerOptions(epochs: 10, batchSize: 40, learningRate: 0.02)
    let (curve, parameters) = try trained(network, sequences, options)
    let expected = try start().logLikelihoods(sequences).reduce(0, +) / -800
    // 1e-12: a mean of 800 logarithms near 1.
    #expect(abs(curve[0] - expected) <= 1e-12)
    #expect(zip(curve, curve.dropFirst()).allSatisfy { $0 > $1 })
    #expect(try trained(network, sequences, options, threads: 2).parameters == parameters)
  }

  /// What is impossible stops the run; it is not passed over.
  @Test func theImpossibleStopsTheRun() throws {
    let model = try HiddenMarkovModel(
      initial: [1, 0], transition: Matrix([[0.5, 0.5], [0, 1]]),
      emission: CategoricalEmission(Matrix([[1, 0], [0, 1]])))
    let network = HiddenMarkovNetwork(model)
    var trainer = try Trainer(
      model: network,
      source: Sequences(sequences: [SymbolSequence([0, 1]), SymbolSequence([1, 0])]),
      options: TrainerOptions(epochs: 1), parameters: network.parameters(of: model))
    #expect(throws: TrainingError.self) { try trainer.next() }
  }
}
