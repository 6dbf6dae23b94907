//! Trains a deep network, one layer of which reads both ways, to sum sequences of different lengths.

import Recurrent

/// Sequences of 1 to 8 numbers; what is asked at the last step is their sum.
struct Sums: BatchSource {
  let count = 512

  func batch(_ examples: [Int]) -> SequenceModel<Float>.Batch {
    let sequences = examples.map { example in
      var draws = CounterGenerator(seed: 1, purpose: .sampling, step: UInt64(example))
      return (0..<Int.random(in: 1...8, using: &draws)).map { _ in [Float.random(in: -1...1, using: &draws)] }
    }
    let input = SequenceBatch(sequences: sequences, features: 1)
    // Outputs come by step, then by sequence: row t · B + b.
    let rows = SequencePositions.last.rows(lengths: input.lengths, steps: input.steps)
    let sums = rows.map { row in [sequences[row % examples.count].joined().reduce(0, +)] }
    return .init(input: input, targets: .values(Matrix(sums)))
  }
}

var layout = ParameterLayout()
let body = try LayerConfiguration.stack([
  .bidirectional(forward: .init(.gru(.resetAfter), size: 12), reverse: .init(.lstm, size: 5)),
  .recurrent(.init(.simple(.tanh), size: 8)),
]).makeLayer(inputSize: 1, named: "body", in: &layout, of: Float.self)
let head = Linear<Float>(inputSize: body.outputSize, outputSize: 1, named: "head", in: &layout)
let model = SequenceModel(
  body: body, positions: .last, head: head, loss: .meanSquaredError, layout: layout)

var trainer = try Trainer(
  model: model, source: Sums(), options: TrainerOptions(epochs: 30, learningRate: 0.01), threads: 2)
while let event = try trainer.next() {
  if case .epoch(let record) = event { print(record.epoch, record.trainingLoss) }
}
