internal import Recurrent

/// A bidirectional layer against one direction alone: in turn on one thread, and side by side on two.
struct DirectionBenchmark {
  static func rows(_ harness: Harness) throws -> [Row] {
    try [1, 16].flatMap { sequences in
      try [
        row("LSTM 256 forward, T 512, B \(sequences)", sequences, isTraining: false, harness),
        row("LSTM 256, a step, T 512, B \(sequences)", sequences, isTraining: true, harness),
      ]
    }
  }

  private static func row(
    _ name: String, _ sequences: Int, isTraining: Bool, _ harness: Harness
  ) throws -> Row {
    let make = isTraining ? trainingStep : inference
    let alone = try make(sequences, false, 1)
    let subjects = [
      Subject(name: "one direction", clock: .wall, run: alone),
      Subject(name: "two in turn", clock: .wall, run: try make(sequences, true, 1)),
      Subject(name: "two on two threads", clock: .wall, run: try make(sequences, true, 2)),
    ]
    let samples = try harness.interleaved(subjects)
    return Row("directions", name)
      .with("one direction", samples[0].median * 1e3, "ms")
      .with("two in turn", samples[0].ratio(to: samples[1]), "times as long")
      .with("on two threads", samples[0].ratio(to: samples[2]), "times as long")
  }

  private static let (size, steps) = (256, 512)

  /// An LSTM in one direction or in two, whose outputs are half squared errors of 4 numbers a step.
  private static func model(_ isBidirectional: Bool) -> SequenceModel<Float> {
    var layout = ParameterLayout()
    func cell(_ name: String) -> LSTMCell<Float> {
      LSTMCell(inputSize: size, hiddenSize: size, named: name, in: &layout)
    }
    let body: any SequenceLayer<Float> =
      isBidirectional
      ? Bidirectional(forward: cell("forward"), reverse: cell("reverse")) : RecurrentLayer(cell("one"))
    let head = Linear<Float>(inputSize: body.outputSize, outputSize: 4, named: "head", in: &layout)
    return SequenceModel(
      body: body, positions: .all, head: head, loss: .halfSquaredError, layout: layout)
  }

  private static func input(_ sequences: Int) -> SequenceBatch<Float> {
    SequenceBatch(
      steps: steps, batchSize: sequences, features: size,
      values: ProductBenchmark.numbers(steps * sequences * size))
  }

  private static func inference(
    _ sequences: Int, _ isBidirectional: Bool, _ threads: Int
  ) throws -> () throws -> Void {
    let model = model(isBidirectional)
    let parameters = ParameterStore<Float>(initializing: model.layout, seed: 1)
    let runner = InferenceModel(model, parameters: parameters).runner(threads: threads)
    let input = input(sequences)
    var output: [Float] = []
    return { runner.run(input, into: &output) }
  }

  private static func trainingStep(
    _ sequences: Int, _ isBidirectional: Bool, _ threads: Int
  ) throws -> () throws -> Void {
    let targets = Matrix(
      rows: steps * sequences, columns: 4, elements: ProductBenchmark.numbers(steps * sequences * 4))
    let source = OneBatch(
      batch: SequenceModel<Float>.Batch(input: input(sequences), targets: .values(targets)))
    var trainer = try Trainer(
      model: model(isBidirectional), source: source,
      options: TrainerOptions(
        epochs: .max, batchSize: 1, optimizer: .sgd(), learningRate: 1e-6, shuffles: false, keepsBest: false),
      threads: threads)
    return { while case .epoch? = try trainer.next() {} }
  }

  private struct OneBatch: BatchSource {
    let batch: SequenceModel<Float>.Batch
    var count: Int { 1_000_000 }
    func batch(_ examples: [Int]) -> SequenceModel<Float>.Batch { batch }
  }
}
