internal import Recurrent

/// Training steps (forward, loss, gradients, update) on one fixed batch, on one thread and on two.
struct TrainingStepBenchmark {
  static func rows(_ harness: Harness) throws -> [Row] {
    let tiny = TrainingCase.tiny()
    let large = TrainingCase.lstm256()
    return try [
      row(tiny, unit: ("us", 1e6), harness), row(large, unit: ("ms", 1e3), harness),
    ]
  }

  private static func row(
    _ benchmark: TrainingCase, unit: (name: String, factor: Double), _ harness: Harness
  ) throws -> Row {
    var one = try benchmark.trainer(threads: 1)
    var two = try benchmark.trainer(threads: 2)
    let samples = try harness.interleaved([
      Subject(name: "1 thread", clock: .thread) { consume(try one.next()) },
      Subject(name: "1 thread", clock: .wall) { consume(try one.next()) },
      Subject(name: "2 threads", clock: .wall) { consume(try two.next()) },
    ])
    return Row("step", benchmark.name)
      .with("1 thread, of the core", samples[0].median * unit.factor, unit.name)
      .with("of the clock", samples[1].median * unit.factor, unit.name)
      .with("best", samples[1].minimum * unit.factor, unit.name)
      .with("2 threads, of the clock", samples[2].median * unit.factor, unit.name)
      .with("faster by", samples[2].ratio(to: samples[1]), "times")
      .with("peak", samples[0].medianPeak / 1e9, "GFLOP/s")
  }
}

/// A model, a batch and a rate.
struct TrainingCase {
  let name: String
  let model: SequenceModel<Float>
  let batch: SequenceModel<Float>.Batch

  /// The network 6 → 2 → 2 → 1, tanh, without biases: 64 sequences of 24 steps, one output at the end.
  static func tiny() -> TrainingCase {
    var layout = ParameterLayout()
    func cell(_ inputs: Int, _ name: String) -> RecurrentLayer<SimpleRNNCell<Float>> {
      RecurrentLayer(SimpleRNNCell(inputSize: inputs, hiddenSize: 2, bias: false, named: name, in: &layout))
    }
    let body = Stack<Float>([cell(6, "hidden1"), cell(2, "hidden2")])
    let head = Linear<Float>(inputSize: 2, outputSize: 1, bias: false, named: "output", in: &layout)
    return TrainingCase(
      name: "6-2-2-1 tanh, T 24, B 64", body: body, head: head, layout: layout, steps: 24, sequences: 64)
  }

  static func lstm256() -> TrainingCase {
    var layout = ParameterLayout()
    let body = RecurrentLayer(
      LSTMCell<Float>(inputSize: 256, hiddenSize: 256, named: "hidden", in: &layout))
    let head = Linear<Float>(inputSize: 256, outputSize: 1, named: "output", in: &layout)
    return TrainingCase(
      name: "256-256-1 LSTM, T 24, B 64", body: body, head: head, layout: layout, steps: 24, sequences: 64)
  }

  private init(
    name: String, body: any SequenceLayer<Float>, head: any SequenceLayer<Float>, layout: ParameterLayout,
    steps: Int, sequences: Int
  ) {
    self.name = name
    model = SequenceModel(
      body: body, positions: .last, head: head, loss: .meanSquaredError, layout: layout)
    batch = .init(
      input: SequenceBatch(
        steps: steps, batchSize: sequences, features: body.inputSize,
        values: ProductBenchmark.numbers(steps * sequences * body.inputSize)),
      targets: .values(
        Matrix(rows: sequences, columns: 1, elements: ProductBenchmark.numbers(sequences))))
  }

  /// A trainer whose every ``Trainer/next()`` is an update on the one batch.
  func trainer(threads: Int) throws -> Trainer<SequenceModel<Float>> {
    try Trainer(
      model: model, source: FixedBatch(batch: batch),
      options: TrainerOptions(
        epochs: 1, batchSize: 1, optimizer: .sgd(), learningRate: 0.01, shuffles: false, keepsBest: false),
      threads: threads)
  }
}

/// The same batch again and again, so that data cost nothing.
private struct FixedBatch: BatchSource {
  let batch: SequenceModel<Float>.Batch

  /// More than any run makes.
  var count: Int { 1_000_000 }
  func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch { batch }
}
