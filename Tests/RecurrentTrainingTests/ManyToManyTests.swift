import RecurrentCore
import RecurrentNN
import RecurrentTraining
import Testing

/// The many-to-many form of the source notes, a label at every step: a toy tagging set is learned without an error.
@Suite("A label at every step")
struct ManyToManyTests {
  /// The label of a step is the symbol of the step before it, 0 at the first: memory of one step is needed.
  private struct Echo: BatchSource {
    let count = 24

    func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
      let sequences = indices.map { index -> [Int] in
        var draws = CounterGenerator(seed: 3, purpose: .sampling, step: UInt64(index))
        return (0..<Int.random(in: 1...7, using: &draws)).map { _ in Int.random(in: 0..<3, using: &draws) }
      }
      let input = SequenceBatch<Float>(
        sequences: sequences.map { $0.map { symbol in (0..<3).map { $0 == symbol ? 1 : 0 } } }, features: 3)
      let rows = SequencePositions.all.rows(lengths: input.lengths, steps: input.steps)
      let classes = rows.map { row in
        let (t, b) = row.quotientAndRemainder(dividingBy: sequences.count)
        return t == 0 ? 0 : sequences[b][t - 1]
      }
      return .init(input: input, targets: .classes(classes))
    }
  }

  @Test("a simple RNN learns the toy set without an error")
  func zeroError() throws {
    var layout = ParameterLayout()
    let body = RecurrentLayer(SimpleRNNCell<Float>(inputSize: 3, hiddenSize: 8, named: "rnn", in: &layout))
    let head = Linear<Float>(inputSize: 8, outputSize: 3, named: "head", in: &layout)
    let model = SequenceModel(
      body: body, positions: .all, head: head, loss: .softmaxCrossEntropy(), layout: layout)
    var trainer = try Trainer(
      model: model, source: Echo(), options: TrainerOptions(epochs: 150, batchSize: 8, learningRate: 0.02))
    while try trainer.next() != nil {}
    let batch = Echo().batch(Array(0..<Echo().count))
    let outputs = model.outputs(
      batch.input, parameters: PackedParameters(trainer.state.selectedParameters)
    ).outputs
    guard case .classes(let classes) = batch.targets else {
      Issue.record("targets are not classes")
      return
    }
    let wrong = classes.indices.filter { row in
      let scores = outputs.row(row)
      return scores.indices.max { scores[$0] < scores[$1] } != classes[row]
    }
    #expect(wrong.isEmpty)
    #expect(classes.count > 50)
  }
}
