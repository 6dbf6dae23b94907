internal import Recurrent

/// The same batch at every update.
struct OneBatch: BatchSource {
  let batch: SequenceModel<Float>.Batch
  var count: Int { 1_000_000 }
  func batch(_ examples: [Int]) -> SequenceModel<Float>.Batch { batch }

  /// A trainer's steps on it, as a closure that makes one.
  static func steps(
    _ model: SequenceModel<Float>, _ batch: SequenceModel<Float>.Batch, threads: Int,
    optimizer: OptimizerConfiguration = .sgd(), clipping: GradientClipping = .none
  ) throws -> () throws -> Void {
    var trainer = try Trainer(
      model: model, source: OneBatch(batch: batch),
      options: TrainerOptions(
        epochs: .max, batchSize: 1, optimizer: optimizer, learningRate: 1e-6, clipping: clipping,
        shuffles: false, keepsBest: false),
      threads: threads)
    return { while case .epoch? = try trainer.next() {} }
  }
}

/// An LSTM stack over vectors with four numbers as outputs at every step, half squared errors.
struct PlainModel {
  var inputs = 64
  var hidden = 64
  var layers = 1
  var isBidirectional = false

  var model: SequenceModel<Float> {
    var layout = ParameterLayout()
    var body: [any SequenceLayer<Float>] = []
    for layer in 0..<layers {
      let size = body.last?.outputSize ?? inputs
      func cell(_ name: String) -> LSTMCell<Float> {
        LSTMCell(inputSize: size, hiddenSize: hidden, named: "\(layer).\(name)", in: &layout)
      }
      body.append(
        isBidirectional
          ? Bidirectional(forward: cell("forward"), reverse: cell("reverse"))
          : RecurrentLayer(cell("forward")))
    }
    let outputs = isBidirectional ? 2 * hidden : hidden
    let head = Linear<Float>(inputSize: outputs, outputSize: 4, named: "head", in: &layout)
    return SequenceModel(
      body: layers == 1 ? body[0] : Stack(body), positions: .all, head: head, loss: .halfSquaredError,
      layout: layout)
  }

  func input(steps: Int, sequences: Int) -> SequenceBatch<Float> {
    SequenceBatch(
      steps: steps, batchSize: sequences, features: inputs,
      values: ProductBenchmark.numbers(steps * sequences * inputs))
  }

  func batch(steps: Int, sequences: Int) -> SequenceModel<Float>.Batch {
    let targets = Matrix(
      rows: steps * sequences, columns: 4, elements: ProductBenchmark.numbers(steps * sequences * 4))
    return SequenceModel<Float>.Batch(
      input: input(steps: steps, sequences: sequences), targets: .values(targets))
  }

  func with(steps: Int, sequences: Int) -> (model: SequenceModel<Float>, batch: SequenceModel<Float>.Batch) {
    (model, batch(steps: steps, sequences: sequences))
  }
}

/// An LSTM over an embedding, with four numbers as outputs at every step, half squared errors. As many symbols occur as
/// the batch has steps, up to the vocabulary, spread over all of it.
struct EmbeddingModel {
  let vocabulary: Int
  let size: Int

  func with(steps: Int, sequences: Int) -> (model: SequenceModel<Float>, batch: SequenceModel<Float>.Batch) {
    var layout = ParameterLayout()
    let words = Embedding<Float>(vocabulary: vocabulary, size: size, named: "words", in: &layout)
    let cell = LSTMCell<Float>(inputSize: size, hiddenSize: size, named: "lstm", in: &layout)
    let head = Linear<Float>(inputSize: size, outputSize: 4, named: "head", in: &layout)
    let model = SequenceModel<Float>(
      body: Stack([words, RecurrentLayer(cell)]), positions: .all, head: head, loss: .halfSquaredError,
      layout: layout)
    let count = steps * sequences
    let symbols = SymbolBatch(
      steps: steps, batchSize: sequences, vocabulary: vocabulary,
      // 7919 is prime: no symbol comes twice before all have come.
      symbols: (0..<count).map { Int32($0 * 7919 % vocabulary) })
    let targets = Matrix(rows: count, columns: 4, elements: ProductBenchmark.numbers(count * 4))
    return (model, .init(symbols: symbols, targets: .values(targets)))
  }
}
