import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Batches that go on where those before ended give the bits of batches that are handed that state by name.
@Suite("States carried from batch to batch")
struct CarriedStateTests {
  /// Of six to twenty sequences: the same lengths again (full and ragged), shorter, longer, and with some that have ended.
  private static let few = [
    [4, 4, 4, 4, 4, 4], [4, 4, 4, 4, 4, 4], [2, 4, 0, 1, 3, 4], [0, 9, 1, 2, 9, 3], [0, 9, 1, 2, 9, 3],
    [3, 3, 3, 3, 3, 3],
  ]
  private static let many = (0..<5).map { update in (0..<20).map { (5 * $0 + 3 * update) % (update + 4) } }

  private func failures(_ body: LayerConfiguration, _ lengths: [[Int]], isSymbols: Bool) throws -> [String] {
    let sample = ExecutionCase(name: "", features: 3, body: body, head: .linear(outputs: 2))
    let model = try sample.model(of: Float.self)
    let parameters = PackedParameters(ParameterStore<Float>(initializing: model.layout, seed: 3))
    return Pools.every.flatMap { pool -> [String] in
      let carrying = ModelExecution(model, pool: pool)
      var state: LayerState<Float>?
      var failures: [String] = []
      for (update, own) in lengths.enumerated() {
        let dense = sample.batch(model, lengths: own, update: update)
        let symbols = SymbolBatch(
          steps: dense.input.steps, batchSize: own.count, vocabulary: 3,
          symbols: (0..<dense.input.steps * own.count).map { Int32(($0 * 5 + update) % 3) }, lengths: own)
        func batch(from state: LayerState<Float>?) -> SequenceModel<Float>.Batch {
          isSymbols
            ? .init(symbols: symbols, targets: dense.targets, initialState: state)
            : .init(input: dense.input, targets: dense.targets, initialState: state)
        }
        var found = GradientStore<Float>(zeros: model.layout)
        let loss = carrying.gradient(
          of: batch(from: nil), parameters: parameters, mode: .inference, carriesState: update > 0,
          into: &found)

        let given = batch(from: state)
        var expected = GradientStore<Float>(zeros: model.layout)
        let fresh = ModelExecution(model, pool: pool)
        let expectedLoss = fresh.gradient(
          of: given, parameters: parameters, mode: .inference, into: &expected)
        state = fresh.finalState
        failures += [loss == expectedLoss ? nil : "loss \(loss), expected \(expectedLoss)"].compactMap(\.self)
          .map { "\(pool.threads) threads, update \(update): \($0)" }
        failures += difference(
          "\(pool.threads) threads, update \(update): gradient", found.store.values,
          expected.store.values)
        failures += difference(
          "\(pool.threads) threads, update \(update): state", carrying.finalState, fresh.finalState)
        // And the state is what the layers give by values.
        let values = model.outputs(given.input, from: given.initialState, parameters: parameters)
        failures += difference("by values", values.finalState, fresh.finalState)
      }
      return failures
    }
  }

  @Test(arguments: [
    LayerConfiguration.recurrent(CellConfiguration(.lstm, size: 4)),
    .recurrent(CellConfiguration(.gru(.resetAfter), size: 4), direction: .reverse),
    .stack([
      .bidirectional(
        forward: CellConfiguration(.gru(.resetBefore), size: 3), reverse: CellConfiguration(.lstm, size: 4)),
      .linear(outputs: 3), .recurrent(CellConfiguration(.simple(.tanh), size: 5)),
    ]),
    .recurrent(CellConfiguration(.lstm, size: 4, zoneout: 0.2, zoneoutMemory: 0.3), direction: .reverse),
    .parallel(
      [.recurrent(CellConfiguration(.lstm, size: 2)), .recurrent(CellConfiguration(.lstm, size: 3))],
      merge: .concatenate),
  ])
  func goOnWhereTheyEnded(_ body: LayerConfiguration) throws {
    #expect(try failures(body, Self.few, isSymbols: false) == [])
    #expect(try failures(body, Self.many, isSymbols: false) == [])
    #expect(try failures(body, Self.few, isSymbols: true) == [])
  }

  /// A layer of one's own carries its state as well.
  @Test func ofLayersOfOnesOwn() {
    var layout = ParameterLayout()
    let body = Stack<Float>([
      LeakyMemory<Float>(size: 3, named: "memory", in: &layout),
      RecurrentLayer(LSTMCell<Float>(inputSize: 3, hiddenSize: 2, named: "lstm", in: &layout)),
    ])
    let head = LeakyMemory<Float>(size: 2, named: "head", in: &layout)
    let model = SequenceModel<Float>(
      body: body, positions: .all, head: head, loss: .meanSquaredError, layout: layout)
    let sample = ExecutionCase(name: "", body: .dropout(rate: 0))
    let parameters = PackedParameters(ParameterStore<Float>(initializing: layout, seed: 3))
    for pool in Pools.every {
      let carrying = ModelExecution(model, pool: pool)
      var state: LayerState<Float>?
      for (update, lengths) in Self.many.enumerated() {
        let batch = sample.batch(model, lengths: lengths, update: update)
        var gradients = GradientStore<Float>(zeros: layout)
        _ = carrying.gradient(
          of: batch, parameters: parameters, mode: .inference, carriesState: update > 0, into: &gradients)
        state = model.outputs(batch.input, from: state, parameters: parameters).finalState
        #expect(difference("state", carrying.finalState, state ?? .none) == [])
      }
    }
  }
}
