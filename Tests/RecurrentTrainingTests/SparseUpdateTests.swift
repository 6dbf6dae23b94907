import RecurrentCore
import RecurrentNN
import RecurrentTraining
import Testing

/// Sequences of symbols, of which most never occur.
private struct SymbolSource<Scalar: TensorScalar>: BatchSource {
  static var vocabulary: Int { 6_000 }
  let count: Int

  func batch(_ indices: [Int]) -> SequenceModel<Scalar>.Batch {
    let steps = 6
    var symbols = [Int32](repeating: 0, count: steps * indices.count)
    for (b, index) in indices.enumerated() {
      let draws = CounterGenerator(seed: UInt64(index), purpose: .check)
      for t in 0..<steps {
        symbols[t * indices.count + b] = Int32(draws.word(at: UInt64(t)) % UInt64(Self.vocabulary))
      }
    }
    let batch = SymbolBatch(
      steps: steps, batchSize: indices.count, vocabulary: Self.vocabulary, symbols: symbols,
      lengths: indices.map { steps - $0 % 3 }, identifiers: indices.map(UInt64.init))
    return .init(symbols: batch, targets: .classes(indices.map { $0 % 4 }))
  }
}

/// Updates that pass over rows without a gradient give the bits of updates of all parameters.
@Suite("Sparse updates") struct SparseUpdateTests {
  private func model<Scalar: TensorScalar>(_: Scalar.Type) -> SequenceModel<Scalar> {
    var layout = ParameterLayout()
    let words = Embedding<Scalar>(
      vocabulary: SymbolSource<Scalar>.vocabulary, size: 5, named: "words", in: &layout)
    let gru = RecurrentLayer(
      GRUCell<Scalar>(inputSize: 5, hiddenSize: 4, form: .resetAfter, named: "gru", in: &layout))
    let head = Linear<Scalar>(inputSize: 4, outputSize: 4, named: "head", in: &layout)
    return SequenceModel(
      body: Stack([words, gru]), positions: .last, head: head, loss: .softmaxCrossEntropy(), layout: layout)
  }

  private static let updates = 7

  /// By the optimiser's own `update`, which is told nothing of the gradient, and a gradient made by values.
  private func dense<Scalar: TensorScalar>(
    _ configuration: OptimizerConfiguration, _ options: TrainerOptions, _: Scalar.Type
  ) -> [Scalar] {
    let model = model(Scalar.self)
    let source = SymbolSource<Scalar>(count: 60)
    var parameters = ParameterStore<Scalar>(initializing: model.layout, seed: options.seed)
    var optimizer = Optimizer<Scalar>(configuration, layout: model.layout)
    for update in 0..<Self.updates {
      var gradients = ParameterStore<Scalar>(zeros: model.layout)
      let batch = source.batch(Array(update * 8..<update * 8 + 8))
      let loss = model.accumulateGradients(
        on: batch, parameters: PackedParameters(parameters), mode: .inference, into: &gradients)
      let scale = options.clipping.clip(
        &gradients, count: loss.count, meanNorm: gradients.norm / Double(loss.count))
      optimizer.update(&parameters, with: gradients, rate: options.learningRate, gradientScale: scale)
    }
    return parameters.values
  }

  private func check<Scalar: TensorScalar>(_ configuration: OptimizerConfiguration, _: Scalar.Type) throws {
    for clipping in [GradientClipping.none, .norm(0.1), .value(0.01)] {
      let options = TrainerOptions(
        epochs: 1, batchSize: 8, optimizer: configuration, learningRate: 0.3, clipping: clipping,
        shuffles: false)
      let expected = dense(configuration, options, Scalar.self)
      for threads in [1, 2, 5] {
        var trainer = try Trainer(
          model: model(Scalar.self), source: SymbolSource<Scalar>(count: 60), options: options,
          threads: threads)
        for _ in 0..<Self.updates { _ = try trainer.next() }
        #expect(trainer.state.parameters.values == expected, "\(configuration), \(clipping)")
      }
    }
  }

  @Test(arguments: [
    OptimizerConfiguration.sgd(), .sgd(momentum: 0.9), .sgd(weightDecay: 0.01), .rmsprop(), .adam(), .adamW(),
    .sparseAdam(), .sparseAdam(weightDecay: 0.01),
  ]) func giveTheBitsOfDenseOnes(_ configuration: OptimizerConfiguration) throws {
    try check(configuration, Float.self)
    try check(configuration, Double.self)
  }

  /// Of 30,000 numbers of the table plain descent and sparse Adam move those of the 48 symbols of a batch, and no bit of
  /// another.
  @Test(arguments: [OptimizerConfiguration.sgd(), .sparseAdam(), .sparseAdam(weightDecay: 0.1)])
  func moveOnlyTheRowsThatOccur(_ configuration: OptimizerConfiguration) throws {
    let source = SymbolSource<Float>(count: 60)
    var trainer = try Trainer(
      model: model(Float.self), source: source,
      options: TrainerOptions(
        epochs: 1, batchSize: 8, optimizer: configuration, learningRate: 0.3, shuffles: false))
    var before = trainer.state.parameters.values
    for update in 0..<Self.updates {
      _ = try trainer.next()
      let after = trainer.state.parameters.values
      guard case .symbols(let batch) = source.batch(Array(update * 8..<update * 8 + 8)).source else {
        Issue.record("no symbols")
        return
      }
      let occurring = Set(
        (0..<8).flatMap { b in (0..<batch.lengths[b]).map { Int(batch.symbols[$0 * 8 + b]) } })
      let moved = Set(
        (0..<5 * SymbolSource<Float>.vocabulary).filter { before[$0] != after[$0] }.map { $0 / 5 })
      #expect(moved.isSubset(of: occurring) && moved.count > occurring.count / 2)
      before = after
    }
  }

  /// A run of sparse Adam that is stopped and goes on from bytes, on other threads, ends in the same bits.
  @Test func resumeToTheSameBits() throws {
    let options = TrainerOptions(
      epochs: 2, batchSize: 8, optimizer: .sparseAdam(), learningRate: 0.1, clipping: .norm(0.1))
    let model = model(Float.self)
    let source = SymbolSource<Float>(count: 60)
    var whole = try Trainer(model: model, source: source, options: options)
    var saved: [[UInt8]] = []
    while try whole.next() != nil { saved.append(try Checkpoint.bytes(of: whole.state, configuration: "")) }
    for done in [0, 3, 8, saved.count - 2] {
      let state: TrainingState<Float> = try Checkpoint(bytes: saved[done]).state(layout: model.layout)
      var rest = try Trainer(model: model, source: source, resuming: state, threads: 1 + done % 3)
      while try rest.next() != nil {}
      #expect(rest.state == whole.state, "stopped after \(done + 1) events")
    }
  }
}
