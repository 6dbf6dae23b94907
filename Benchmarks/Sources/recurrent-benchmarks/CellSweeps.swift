internal import Recurrent

/// A cell over whole sequences, forward and back.
struct CellSweepBenchmark {
  static let steps = 50
  static let sequences = 32
  static let size = 256

  static func rows(_ harness: Harness) throws -> [Row] {
    var layout = ParameterLayout()
    let cell = LSTMCell<Float>(inputSize: size, hiddenSize: size, named: "cell", in: &layout)
    let sweep = CellSweep(cell, layout: layout, steps: steps, sequences: sequences)
    // Matrix products only: two operations for each multiply-add; back, one product for each gradient.
    let forward = 2 * Double(steps * sequences * 4 * size * 2 * size)
    var gradients = ParameterStore<Float>(zeros: layout)
    let samples = try harness.interleaved([
      Subject(name: "forward") { consume(sweep.run()) },
      Subject(name: "back") { consume(sweep.pullback(into: &gradients).input) },
    ])
    return [
      row("LSTM 256, T 50, B 32, forward", forward, samples[0]),
      row("LSTM 256, T 50, B 32, back", 2 * forward, samples[1]),
    ]
  }

  private static func row(_ name: String, _ operations: Double, _ samples: Samples) -> Row {
    Row("sweep", name)
      .with("median", samples.median * 1e3, "ms")
      .with("best", samples.minimum * 1e3, "ms")
      .with("products", operations / samples.median / 1e9, "GFLOP/s")
      .with("peak", samples.medianPeak / 1e9, "GFLOP/s")
      .with("share", samples.share(of: operations), "")
  }
}

/// A cell with parameters and an input, ready to be run and taken back.
struct CellSweep<Cell: RecurrentCell<Float>> {
  let cell: Cell
  let parameters: PackedParameters<Float>
  let input: SequenceBatch<Float>
  let outputGradient: SequenceBatch<Float>
  let made: CellRun<Cell>

  init(_ cell: Cell, layout: ParameterLayout, steps: Int, sequences: Int) {
    self.cell = cell
    parameters = PackedParameters(ParameterStore(initializing: layout, seed: 1))
    input = SequenceBatch(
      steps: steps, batchSize: sequences, features: cell.inputSize,
      values: ProductBenchmark.numbers(steps * sequences * cell.inputSize))
    outputGradient = SequenceBatch(
      steps: steps, batchSize: sequences, features: cell.outputSize,
      values: ProductBenchmark.numbers(steps * sequences * cell.outputSize))
    made = cell.run(
      input, from: cell.zeroState(batchSize: sequences), direction: .forward, parameters: parameters)
  }

  func run() -> CellRun<Cell> {
    cell.run(
      input, from: cell.zeroState(batchSize: input.batchSize), direction: .forward, parameters: parameters)
  }

  func runStepwise() -> SequenceBatch<Float> {
    cell.runStepwise(
      input, from: cell.zeroState(batchSize: input.batchSize), direction: .forward, parameters: parameters
    ).output
  }

  func pullback(into gradients: inout ParameterStore<Float>) -> CellGradient<Cell> {
    cell.pullback(
      outputGradient, finalStateGradient: cell.zeroState(batchSize: input.batchSize), through: made.tape,
      parameters: parameters, into: &gradients)
  }
}
