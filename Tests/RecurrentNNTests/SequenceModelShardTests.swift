import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// A batch cut into shards is the batch.
@Suite("Shards of a model's batch")
struct SequenceModelShardTests {
  private static let lengths = (0..<40).map { (7 * $0 + 3) % 6 }
  /// Its period has no common divisor with the size of a shard.
  private static let mask = (0..<40).map { b in (0..<5).map { t in (b * 3 + t) % 5 != 1 } }

  @Test(arguments: [
    SequencePositions.all, .last, .first, .firstAndLast, .mask(mask),
  ])
  func lossAndGradientsAddUp(_ positions: SequencePositions) throws {
    // The positions are the batch's, or the model's: a mask has a row for each sequence of the whole batch.
    for isOfBatch in [true, false] {
      let (model, whole, parameters) = try make(positions, isOfBatch: isOfBatch)
      let shards = model.shards(of: whole)
      #expect(shards.map(\.input.batchSize) == [16, 16, 8])
      var expected = ParameterStore<Double>(zeros: model.layout)
      let loss = model.accumulateGradients(
        on: whole, parameters: parameters, mode: .training(seed: 1, update: 2), into: &expected)
      var found = ParameterStore<Double>(zeros: model.layout)
      var sum = LossSum()
      for shard in shards {
        sum =
          sum
          + model.accumulateGradients(
            on: shard, parameters: parameters, mode: .training(seed: 1, update: 2), into: &found)
      }
      #expect(sum.count == loss.count)
      // Sums of some hundred terms, grouped otherwise.
      #expect(scaledError([sum.sum], [loss.sum]) <= 1e-14)
      #expect(scaledError(found.values, expected.values) <= 1e-14)
    }
  }

  @Test func classesGoWithTheirSequences() throws {
    let (model, whole, _) = try make(.mask(Self.mask), isOfBatch: true)
    let rows = SequencePositions.mask(Self.mask).rows(lengths: Self.lengths, steps: 5)
    guard case .classes(let classes) = whole.targets else {
      Issue.record("targets are no classes")
      return
    }
    for (index, shard) in model.shards(of: whole).enumerated() {
      let own = zip(rows, classes).filter { ($0.0 % 40) / 16 == index }.map(\.1)
      #expect(shard.targets == .classes(own))
    }
  }

  @Test func aSmallBatchIsOneShard() throws {
    let (model, whole, _) = try make(.all, isOfBatch: false)
    let small = SequenceModel<Double>.Batch(input: whole.input.sequences(0..<16), targets: .classes([]))
    #expect(model.shards(of: small).count == 1)
  }

  private func make(
    _ positions: SequencePositions, isOfBatch: Bool
  ) throws -> (SequenceModel<Double>, SequenceModel<Double>.Batch, PackedParameters<Double>) {
    var layout = ParameterLayout()
    let gru = CellConfiguration(.gru(.resetAfter), size: 5)
    let body: any SequenceLayer<Double> = try LayerConfiguration.stack([
      .bidirectional(forward: gru, reverse: gru), .dropout(rate: 0.3), .linear(outputs: 4),
    ]).makeLayer(inputSize: 3, named: "body", in: &layout)
    let model = SequenceModel(
      body: body, positions: isOfBatch ? .all : positions, loss: .softmaxCrossEntropy(), layout: layout)
    var draws = Draws(seed: 41)
    let input: SequenceBatch<Double> = draws.batch(lengths: Self.lengths, features: 3)
    let count = positions.rows(lengths: Self.lengths, steps: input.steps).count
    let batch = SequenceModel<Double>.Batch(
      input: input, targets: .classes((0..<count).map { ($0 * 7) % 4 }),
      initialState: draws.state(like: body.zeroState(batchSize: 40)),
      positions: isOfBatch ? positions : nil)
    return (model, batch, PackedParameters(ParameterStore(initializing: layout, seed: 42)))
  }
}
