import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// One or two long sequences, of which waiting threads take directions: too few to be shared out themselves.
@Suite struct SideBySideTests {
  /// Of sizes that cannot be cut, so that branches run side by side.
  private func model(_ merge: Merge, sizes: (Int, Int)) -> SequenceModel<Float> {
    var layout = ParameterLayout()
    let below = Bidirectional(
      forward: LSTMCell<Float>(inputSize: 16, hiddenSize: sizes.0, named: "below.f", in: &layout),
      reverse: GRUCell<Float>(
        inputSize: 16, hiddenSize: sizes.1, form: .resetAfter, named: "below.r", in: &layout),
      merge: merge)
    let above = Bidirectional(
      forward: SimpleRNNCell<Float>(
        inputSize: below.outputSize, hiddenSize: 20, named: "above.f", in: &layout),
      reverse: LSTMCell<Float>(inputSize: below.outputSize, hiddenSize: 33, named: "above.r", in: &layout))
    let head = Linear<Float>(inputSize: 53, outputSize: 3, named: "head", in: &layout)
    return SequenceModel(
      body: Stack([below, above]), positions: .all, head: head, loss: .halfSquaredError, layout: layout)
  }

  @Test(arguments: [([300], 40, 64), ([300, 0, 211], 40, 64)])
  func theBitsAreThoseOfDirectionsInTurn(lengths: [Int], forward: Int, reverse: Int) {
    var draws = Draws(seed: 4)
    let batches = (0..<2).map { _ in
      SequenceModel<Float>.Batch(
        input: draws.batch(lengths: lengths, features: 16),
        targets: .values(draws.matrix(lengths.reduce(0, +), 3)))
    }
    #expect(threadDifferences(model(.concatenate, sizes: (forward, reverse)), batches) == [])
    #expect(threadDifferences(model(.sum, sizes: (52, 52)), batches) == [])
  }
}
