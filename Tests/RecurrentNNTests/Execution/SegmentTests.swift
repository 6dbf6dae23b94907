import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Back-propagation through segments gives the bits of back-propagation through the whole.
@Suite("Segments")
struct SegmentTests {
  private static func cell(_ kind: CellConfiguration.Kind, _ size: Int) -> CellConfiguration {
    CellConfiguration(kind, size: size)
  }

  private static func noisy(_ kind: CellConfiguration.Kind, _ size: Int) -> LayerConfiguration {
    var cell = cell(kind, size)
    (cell.recurrentDropout, cell.zoneout) = (0.3, 0.4)
    if kind == .lstm { cell.zoneoutMemory = 0.2 }
    return .recurrent(cell)
  }

  static let cases: [ExecutionCase] = [
    .init(
      name: "noise in every cell, dropout of features",
      body: .stack([
        noisy(.lstm, 5), .dropout(rate: 0.3, unit: .feature), noisy(.gru(.resetAfter), 4),
        noisy(.simple(.tanh), 3),
      ]), head: .linear(outputs: 2)),
    .init(
      name: "two LSTM layers",
      body: .stack([.recurrent(cell(.lstm, 5)), .dropout(rate: 0.3), .recurrent(cell(.lstm, 4))]),
      head: .linear(outputs: 2)),
    .init(
      name: "GRU over GRU, a head with dropout",
      body: .stack([.recurrent(cell(.gru(.resetAfter), 4)), .recurrent(cell(.gru(.resetBefore), 5))]),
      head: .stack([.dropout(rate: 0.4), .linear(outputs: 3)]), loss: .softmaxCrossEntropy()),
    .init(
      name: "simple over simple, last",
      body: .stack([.recurrent(cell(.simple(.tanh), 6)), .recurrent(cell(.simple(.relu), 3))]),
      head: .linear(outputs: 2), positions: .of(.last)),
    .init(
      name: "very small cell without a head, mask", features: 1, body: .recurrent(cell(.simple(.tanh), 2)),
      positions: .mask),
    .init(
      name: "branches, first and last",
      body: .parallel(
        [.recurrent(cell(.lstm, 3)), .stack([.recurrent(cell(.gru(.resetAfter), 2)), .linear(outputs: 3)])],
        merge: .concatenate), head: .linear(outputs: 2), positions: .of(.firstAndLast)),
  ]

  private static let lengths: [[Int]] = [
    [9], [0], (0..<16).map { (7 * $0 + 4) % 10 }, (0..<33).map { (5 * $0 + 2) % 10 },
    [Int](repeating: 7, count: 33),
  ]

  /// Loss, gradient and final state of every length of a segment, on some threads.
  private func failures<Scalar: TensorScalar>(_ sample: ExecutionCase, of: Scalar.Type) throws -> [String] {
    let model: SequenceModel<Scalar> = try sample.model()
    let parameters = PackedParameters(ParameterStore<Scalar>(initializing: model.layout, seed: 3))
    let mode = RunMode.training(seed: 5, update: 2)
    return Self.lengths.enumerated().flatMap { number, lengths in
      failures(
        model, sample.batch(model, lengths: lengths, update: number), parameters, mode
      ).map { "\(lengths.count) sequences, \($0)" }
    }
  }

  private func failures<Scalar: TensorScalar>(
    _ model: SequenceModel<Scalar>, _ batch: SequenceModel<Scalar>.Batch,
    _ parameters: PackedParameters<Scalar>, _ mode: RunMode
  ) -> [String] {
    var failures: [String] = []
    var expected = GradientStore<Scalar>(zeros: model.layout)
    let whole = ModelExecution(model, pool: WorkerPool(threads: 1))
    let loss = whole.gradient(of: batch, parameters: parameters, mode: mode, into: &expected)
    let state = whole.finalState
    let inUse = whole.loss(of: batch, parameters: parameters)
    for threads in [1, 3] {
      let execution = ModelExecution(model, pool: WorkerPool(threads: threads, wakingCost: 1))
      for segment in 1...11 {
        let passage = Passage(segment: segment)
        var found = GradientStore<Scalar>(zeros: model.layout)
        let sum = execution.gradient(
          of: batch, parameters: parameters, mode: mode, passage: passage, into: &found)
        let place = "\(threads) threads, segments of \(segment)"
        if sum != loss { failures.append("\(place): loss \(sum), expected \(loss)") }
        failures += difference("\(place): gradient", found.store.values, expected.store.values)
        failures += difference("\(place): state", execution.finalState, state)
        let again = execution.loss(of: batch, parameters: parameters, passage: passage)
        if again != inUse { failures.append("\(place): loss in use \(again), expected \(inUse)") }
        execution.advance(batch, parameters: parameters, mode: mode, passage: passage)
        failures += difference("\(place): state of the body alone", execution.finalState, state)
      }
    }
    return failures
  }

  @Test(arguments: cases) func sameBits(_ sample: ExecutionCase) throws {
    #expect(try failures(sample, of: Float.self).prefix(3) == [])
    #expect(try failures(sample, of: Double.self).prefix(3) == [])
  }

  /// Symbols as one-hot vectors and through an embedding, from a state.
  @Test(arguments: [false, true]) func ofSymbols(isEmbedded: Bool) {
    var layout = ParameterLayout()
    var layers: [any SequenceLayer<Float>] = []
    if isEmbedded {
      layers.append(Embedding<Float>(vocabulary: 5, size: 3, named: "embedding", in: &layout))
    }
    layers.append(
      RecurrentLayer(
        LSTMCell<Float>(inputSize: isEmbedded ? 3 : 5, hiddenSize: 4, named: "lstm", in: &layout)))
    let head = Linear<Float>(inputSize: 4, outputSize: 5, named: "head", in: &layout)
    let model = SequenceModel<Float>(
      body: Stack(layers), positions: .all, head: head, loss: .softmaxCrossEntropy(), layout: layout)
    let parameters = PackedParameters(ParameterStore<Float>(initializing: layout, seed: 3))
    for count in [1, 16, 35] {
      let lengths = (0..<count).map { 9 - ($0 * 4) % 7 }
      let symbols = SymbolBatch(
        steps: 9, batchSize: count, vocabulary: 5,
        symbols: (0..<9 * count).map { Int32(($0 * $0 + $0 / 3) % 4) }, lengths: lengths)
      var draws = Draws(seed: 4)
      let batch = SequenceModel<Float>.Batch(
        symbols: symbols, targets: .classes((0..<lengths.reduce(0, +)).map { ($0 * 3) % 5 }),
        initialState: draws.state(like: model.body.zeroState(batchSize: count)))
      #expect(failures(model, batch, parameters, .inference).prefix(3) == [])
    }
  }

  /// What has no such order of summation is refused by name.
  @Test func whatCannotBeCut() throws {
    func problem(_ make: (inout ParameterLayout) -> SequenceModel<Float>) -> String? {
      var layout = ParameterLayout()
      return ModelExecution(make(&layout), pool: WorkerPool(threads: 1)).segmentProblem
    }
    func model(
      _ body: any SequenceLayer<Float>, _ layout: ParameterLayout, head: (any SequenceLayer<Float>)? = nil
    ) -> SequenceModel<Float> {
      SequenceModel(body: body, positions: .all, head: head, loss: .meanSquaredError, layout: layout)
    }
    #expect(
      problem { layout in
        model(
          RecurrentLayer(
            LSTMCell<Float>(inputSize: 2, hiddenSize: 3, named: "lstm", in: &layout), direction: .reverse),
          layout)
      } == "the model reads ahead")
    let stepwise =
      "a layer runs step by step and makes its gradients itself (LayerNormLSTMCell, or one of your own)"
    #expect(
      problem { layout in
        model(
          RecurrentLayer(MinimalGatedCell<Float>(inputSize: 2, hiddenSize: 3, named: "own", in: &layout)),
          layout)
      } == stepwise)
    #expect(
      problem { layout in
        model(
          RecurrentLayer(LayerNormLSTMCell<Float>(inputSize: 2, hiddenSize: 3, named: "own", in: &layout)),
          layout)
      } == stepwise)
    #expect(
      problem { layout in
        let table = Embedding<Float>(vocabulary: 4, size: 3, isShared: true, named: "embedding", in: &layout)
        return model(
          table, layout, head: Linear<Float>(sharing: table.weight, named: "output", in: &layout))
      } == "two layers share a parameter")
    #expect(
      problem { layout in
        let body = RecurrentLayer(LSTMCell<Float>(inputSize: 2, hiddenSize: 3, named: "lstm", in: &layout))
        return SequenceModel(
          body: body, objective: .connectionistTemporalClassification(.init()), layout: layout)
      } == "the loss is one of whole sequences")
  }

  /// Memory by the square root of the length, the longest segments that fit, and nothing cut that need not be.
  @Test func plans() throws {
    var layout = ParameterLayout()
    let body = RecurrentLayer(LSTMCell<Float>(inputSize: 8, hiddenSize: 64, named: "lstm", in: &layout))
    let head = Linear<Float>(inputSize: 64, outputSize: 4, named: "head", in: &layout)
    let model = SequenceModel<Float>(
      body: body, positions: .all, head: head, loss: .halfSquaredError, layout: layout)
    func plan(_ length: Int, _ bytes: Int) throws(SegmentPlan.Excess) -> SegmentPlan {
      try model.segmentPlan(steps: length, sequences: 1, within: bytes)
    }
    let whole = try plan(1000, 1 << 30)
    #expect(whole.steps == 1000 && whole.segments == 1 && whole.bytes < 1 << 30)
    let cut = try plan(1_000_000, 160_000_000)
    #expect(cut.segments > 1 && cut.segments == (999_999 + cut.steps) / cut.steps)
    #expect(cut.bytes <= 160_000_000 && cut.bytes > 150_000_000)
    func least(_ length: Int) throws -> Int {
      try #require(throws: SegmentPlan.Excess.self) { _ = try plan(length, 1_000_000) }.least
    }
    let fewest = try least(1_000_000)
    #expect(try plan(1_000_000, fewest).bytes <= fewest)
    #expect(throws: SegmentPlan.Excess.self) { _ = try plan(1_000_000, fewest - 100_000) }
    // Each copy of the parameters takes its numbers.
    let ten = try model.segmentPlan(steps: 1000, sequences: 1, copiesOfParameters: 10, within: 1 << 30)
    #expect(ten.bytes - whole.bytes == 2 * 4 * layout.count)
    // Of four times the length, what depends on it beside the batch is about twice as much.
    func own(_ length: Int) throws -> Double { Double(try least(length) - length * 48) }
    let base = try own(1)
    let ratio = (try own(4_000_000) - base) / (try own(1_000_000) - base)
    #expect(ratio > 1.9 && ratio < 2.1)
  }
}
