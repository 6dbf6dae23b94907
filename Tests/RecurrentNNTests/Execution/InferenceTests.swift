import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Frozen models give the bits of the layers' own values, whatever the threads, the batch and the steps.
@Suite("Frozen models") struct InferenceTests {
  /// Layers whose hidden units fill panels of packed weights, so that threads may share them, and others.
  static let layers: [(name: String, configuration: LayerConfiguration)] = [
    ("rnn", .recurrent(.init(.simple(.tanh), size: 192))),
    ("lstm", .recurrent(.init(.lstm, size: 96))),
    ("gru after", .recurrent(.init(.gru(.resetAfter), size: 128))),
    ("gru before", .recurrent(.init(.gru(.resetBefore), size: 128))),
    ("odd lstm", .recurrent(.init(.lstm, size: 37))),
    ("recurrent dropout", .recurrent(.init(.lstm, size: 96, recurrentDropout: 0.4))),
    ("zoneout", .recurrent(.init(.lstm, size: 96, zoneout: 0.2, zoneoutMemory: 0.4))),
    ("zoneout of gru before", .recurrent(.init(.gru(.resetBefore), size: 128, zoneout: 0.2))),
    ("layer norm", .recurrent(.init(.layerNormLSTM, size: 37, zoneout: 0.1))),
    ("two", .stack([.recurrent(.init(.lstm, size: 96)), .recurrent(.init(.gru(.resetAfter), size: 128))])),
  ]
  static let names = layers.map(\.name)

  struct Case {
    let model: InferenceModel<Float>
    let layer: any SequenceLayer<Float>
    let parameters: PackedParameters<Float>
  }

  static func sample(_ configuration: LayerConfiguration) throws -> Case {
    var layout = ParameterLayout()
    let layer = try configuration.makeLayer(inputSize: 5, named: "layer", in: &layout, of: Float.self)
    let store = ParameterStore<Float>(initializing: layout, seed: 3)
    return Case(
      model: InferenceModel(layer: layer, parameters: store), layer: layer,
      parameters: PackedParameters(store))
  }

  static func input(_ lengths: [Int]) -> SequenceBatch<Float> {
    var draws = CounterGenerator(seed: 9, purpose: .sampling)
    let steps = lengths.max() ?? 0
    return SequenceBatch(
      steps: steps, batchSize: lengths.count, features: 5,
      values: (0..<steps * lengths.count * 5).map { _ in Float.random(in: -1...1, using: &draws) },
      lengths: lengths)
  }

  @Test(arguments: names.indices) func runnersEqualValues(_ index: Int) throws {
    let sample = try Self.sample(Self.layers[index].configuration)
    for threads in [1, 2, 3, 5] {
      let runner = InferenceRunner(sample.model, pool: WorkerPool(threads: threads, wakingCost: 1))
      for lengths in [[7], [1], [4, 0, 6], [0], [3, 3, 3, 3, 3, 3, 3, 3, 3], [7]] {
        let input = Self.input(lengths)
        let expected = sample.layer.forward(input, parameters: sample.parameters)
        #expect(runner.outputs(input).elements == expected.output.gathering(.all).elements)
        #expect(runner.finalState == expected.finalState)
      }
    }
  }

  @Test func directionsAndHeadsEqualValues() throws {
    var layout = ParameterLayout()
    let body = try LayerConfiguration.stack([
      .bidirectional(forward: .init(.lstm, size: 96), reverse: .init(.gru(.resetAfter), size: 64)),
      .bidirectional(forward: .init(.simple(.relu), size: 40), reverse: .init(.lstm, size: 96)),
    ]).makeLayer(inputSize: 5, named: "body", in: &layout, of: Float.self)
    let head = Linear<Float>(inputSize: body.outputSize, outputSize: 3, named: "head", in: &layout)
    let store = ParameterStore<Float>(initializing: layout, seed: 4)
    for positions in [SequencePositions.all, .last, .firstAndLast] {
      let model = SequenceModel(
        body: body, positions: positions, head: head, loss: .meanSquaredError, layout: layout)
      let frozen = InferenceModel(model, parameters: store)
      for threads in [1, 2, 3] {
        let runner = InferenceRunner(frozen, pool: WorkerPool(threads: threads, wakingCost: 1))
        for lengths in [[9], [5, 9, 0, 2, 9, 9, 1, 9, 4]] {
          let input = Self.input(lengths)
          #expect(
            runner.outputs(input) == model.outputs(input, parameters: PackedParameters(store)).outputs)
        }
      }
    }
  }

  @Test(arguments: names.indices) func streamsEqualWholeSequences(_ index: Int) throws {
    let sample = try Self.sample(Self.layers[index].configuration)
    for (count, threads) in [(1, 1), (1, 2), (3, 1), (8, 2)] {
      let input = Self.input([Int](repeating: 6, count: count))
      let whole = sample.layer.forward(input, parameters: sample.parameters)
      var stream = try sample.model.stream(count: count, threads: threads)
      var output: [Float] = []
      for t in 0..<6 {
        stream.step(input.step(t).elements, into: &output)
        #expect(output == whole.output.step(t).elements)
      }
      #expect(stream.state == whole.finalState)
    }
  }

  @Test func streamsAreValues() throws {
    let sample = try Self.sample(Self.layers[9].configuration)
    let input = Self.input([6])
    var output: [Float] = []
    var stream = try sample.model.stream()
    for t in 0..<3 { stream.step(input.step(t).elements, into: &output) }
    let kept = stream.state
    var copy = stream
    for t in 3..<6 { stream.step(input.step(t).elements, into: &output) }
    let expected = output
    for t in 3..<6 { copy.step(input.step(t).elements, into: &output) }
    #expect(output == expected)
    var other = try sample.model.stream(threads: 2)
    other.state = kept
    #expect(other.state == kept)
    for t in 3..<6 { other.step(input.step(t).elements, into: &output) }
    #expect(output == expected)
  }

  @Test func symbolsAreOneHot() throws {
    var layout = ParameterLayout()
    let embedding = Embedding<Float>(vocabulary: 9, size: 6, named: "embedding", in: &layout)
    let cell = LSTMCell<Float>(inputSize: 6, hiddenSize: 7, named: "cell", in: &layout)
    let direct = GRUCell<Float>(inputSize: 9, hiddenSize: 64, form: .resetAfter, named: "direct", in: &layout)
    let store = ParameterStore<Float>(initializing: layout, seed: 6)
    let batch = SymbolBatch(
      steps: 4, batchSize: 2, vocabulary: 9, symbols: [1, 8, 0, 3, 3, 5, 2, 2], lengths: [4, 3])
    for layer in [Stack<Float>([embedding, RecurrentLayer(cell)]), Stack<Float>([RecurrentLayer(direct)])] {
      let model = InferenceModel(layer: layer, parameters: store)
      var symbols: [Float] = []
      model.runner(threads: 2).run(batch, into: &symbols)
      #expect(symbols == model.runner().outputs(batch.oneHot()).elements)
      var stream = try model.stream(threads: 2)
      var output: [Float] = []
      for t in 0..<4 {
        stream.step(symbols: [batch.symbols[t * 2]], into: &output)
        let row = t == 3 ? 6 : 2 * t
        #expect(output == Array(symbols[row * model.outputSize..<(row + 1) * model.outputSize]))
      }
    }
  }

  @Test func reverseDirectionsCannotStream() throws {
    for configuration in [
      LayerConfiguration.recurrent(.init(.lstm, size: 3), direction: .reverse),
      .bidirectional(forward: .init(.lstm, size: 3), reverse: .init(.lstm, size: 3)),
      .stack([.recurrent(.init(.lstm, size: 3)), .recurrent(.init(.lstm, size: 3), direction: .reverse)]),
    ] {
      let sample = try Self.sample(configuration)
      #expect(throws: InferenceError.readsAhead) { _ = try sample.model.stream() }
    }
  }
}
