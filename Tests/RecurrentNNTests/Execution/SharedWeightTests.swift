import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// A layer that stands in a model twice: the gradients of its parameters are added, never assigned.
@Suite("Shared weights")
struct SharedWeightTests {
  enum Sharing: CaseIterable { case depth, branches, bodyAndHead, own }

  private func model(_ sharing: Sharing) -> SequenceModel<Double> {
    var layout = ParameterLayout()
    let lstm = RecurrentLayer(LSTMCell<Double>(inputSize: 4, hiddenSize: 4, named: "lstm", in: &layout))
    let linear = Linear<Double>(inputSize: 4, outputSize: 4, named: "linear", in: &layout)
    let own = LeakyMemory<Double>(size: 4, named: "own", in: &layout)
    let body: any SequenceLayer<Double>
    var head: (any SequenceLayer<Double>)?
    switch sharing {
    case .depth: body = Stack([linear, lstm, lstm, own])
    case .branches: body = Parallel([Stack([linear, lstm, own]), lstm], merge: .concatenate)
    case .bodyAndHead:
      body = Stack([linear, lstm, own])
      head = Stack([linear, linear])
    case .own: body = Stack([own, linear, own, lstm, own])
    }
    return SequenceModel(body: body, positions: .all, head: head, loss: .meanSquaredError, layout: layout)
  }

  @Test(arguments: Sharing.allCases) func gradientsAreAdded(_ sharing: Sharing) {
    let model = model(sharing)
    let sample = ExecutionCase(name: "", features: 4, body: .dropout(rate: 0))
    let batches = ExecutionCase.lengths.enumerated().map {
      sample.batch(model, lengths: $1, update: $0)
    }
    let expected = TrainingTrace(model, valuesOf: batches)
    let alone = TrainingTrace(model, batches, on: WorkerPool(threads: 1))
    for (found, expected) in zip(alone.gradients, expected.gradients) {
      // The same terms, but the layers' sums are added after those of the shards, not before.
      #expect(scaledError(found, expected) <= 1e-13)
    }
    for pool in Pools.every {
      #expect(TrainingTrace(model, batches, on: pool).difference(from: alone, model.layout) == [])
    }
  }
}
