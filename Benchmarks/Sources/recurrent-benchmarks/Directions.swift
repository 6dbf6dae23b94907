internal import Recurrent

/// A bidirectional layer against one direction alone: in turn on one thread, and on two.
struct DirectionBenchmark {
  private static let steps = 512

  static func rows(_ harness: Harness) throws -> [Row] {
    try [1, 16].flatMap { sequences in
      try [
        row("LSTM 256 forward, T 512, B \(sequences)", harness) {
          inference(sequences, isBidirectional: $0, threads: $1)
        },
        row("LSTM 256, a step, T 512, B \(sequences)", harness) {
          try training(sequences, isBidirectional: $0, threads: $1)
        },
      ]
    }
  }

  private static func row(
    _ name: String, _ harness: Harness,
    _ make: (_ isBidirectional: Bool, _ threads: Int) throws -> () throws -> Void
  ) throws -> Row {
    let samples = try harness.interleaved([
      Subject(name: "one direction", clock: .wall, run: try make(false, 1)),
      Subject(name: "two in turn", clock: .wall, run: try make(true, 1)),
      Subject(name: "two on two threads", clock: .wall, run: try make(true, 2)),
    ])
    return Row("directions", name)
      .with("one direction", samples[0].median * 1e3, "ms")
      .with("two in turn", samples[0].ratio(to: samples[1]), "times as long")
      .with("on two threads", samples[0].ratio(to: samples[2]), "times as long")
  }

  private static func inference(
    _ sequences: Int, isBidirectional: Bool, threads: Int
  ) -> () throws -> Void {
    let plain = PlainModel(inputs: 256, hidden: 256, isBidirectional: isBidirectional)
    let model = plain.model
    let parameters = ParameterStore<Float>(initializing: model.layout, seed: 1)
    let runner = InferenceModel(model, parameters: parameters).runner(threads: threads)
    let input = plain.input(steps: steps, sequences: sequences)
    var output: [Float] = []
    return { runner.run(input, into: &output) }
  }

  private static func training(
    _ sequences: Int, isBidirectional: Bool, threads: Int
  ) throws -> () throws -> Void {
    let plain = PlainModel(inputs: 256, hidden: 256, isBidirectional: isBidirectional)
    return try OneBatch.steps(
      plain.model, plain.batch(steps: steps, sequences: sequences), threads: threads)
  }
}
