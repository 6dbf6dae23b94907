internal import Recurrent

/// A bidirectional layer against one direction alone: in turn on one thread, and side by side on two.
struct DirectionBenchmark {
  static func rows(_ harness: Harness) throws -> [Row] {
    try [1, 16].flatMap { sequences in
      try [
        row("LSTM 256 forward, T 512, B \(sequences)", sequences, isTraining: false, harness),
        row("LSTM 256 and back, T 512, B \(sequences)", sequences, isTraining: true, harness),
      ]
    }
  }

  private static func row(
    _ name: String, _ sequences: Int, isTraining: Bool, _ harness: Harness
  ) throws -> Row {
    let size = 256
    var layout = ParameterLayout()
    func cell(_ name: String) -> LSTMCell<Float> {
      LSTMCell(inputSize: size, hiddenSize: size, named: name, in: &layout)
    }
    let one = RecurrentLayer(cell("one"))
    let both = Bidirectional(forward: cell("forward"), reverse: cell("reverse"))
    let parameters = PackedParameters(ParameterStore<Float>(initializing: layout, seed: 1))
    let input = SequenceBatch(
      steps: 512, batchSize: sequences, features: size,
      values: ProductBenchmark.numbers(512 * sequences * size))
    func work(_ layer: any SequenceLayer<Float>) {
      let run = layer.forward(input, parameters: parameters)
      guard isTraining else { return consume(run.output) }
      var gradients = ParameterStore<Float>(zeros: layout)
      consume(run.pullback(run.output, run.finalState, &gradients).initialState)
    }
    let samples = try harness.interleaved([
      Subject(name: "one direction", clock: .wall) { work(one) },
      Subject(name: "two in turn", clock: .wall) { work(both) },
      Subject(name: "two side by side", clock: .wall) {
        DirectionParallelism.$isAllowed.withValue(true) { work(both) }
      },
    ])
    return Row("directions", name)
      .with("one direction", samples[0].median * 1e3, "ms")
      .with("two in turn", samples[0].ratio(to: samples[1]), "times as long")
      .with("side by side", samples[0].ratio(to: samples[2]), "times as long")
  }
}
