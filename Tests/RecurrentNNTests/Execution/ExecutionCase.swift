import RecurrentCore
import RecurrentNN
import RecurrentTestSupport

/// A model, and where its batches have outputs: what the threads must not change.
struct ExecutionCase: CustomStringConvertible {
  let name: String
  var features = 3
  let body: LayerConfiguration
  var head: LayerConfiguration?
  var positions = Positions.of(.all)
  var loss = Loss.meanSquaredError

  enum Positions {
    case of(SequencePositions)
    /// A mask of its own for every batch.
    case mask
  }

  var description: String { name }

  func model<Scalar: TensorScalar>(of scalar: Scalar.Type = Scalar.self) throws -> SequenceModel<Scalar> {
    var layout = ParameterLayout()
    let body: any SequenceLayer<Scalar> = try body.makeLayer(inputSize: features, named: "body", in: &layout)
    let head: (any SequenceLayer<Scalar>)? = try head?.makeLayer(
      inputSize: body.outputSize, named: "head", in: &layout)
    var own = SequencePositions.all
    if case .of(let given) = positions { own = given }
    return SequenceModel(body: body, positions: own, head: head, loss: loss, layout: layout)
  }

  /// The batch of one update, of sequences with these lengths.
  func batch<Scalar: TensorScalar>(
    _ model: SequenceModel<Scalar>, lengths: [Int], update: Int
  ) -> SequenceModel<Scalar>.Batch {
    var draws = Draws(seed: UInt64(1000 + update))
    var input: SequenceBatch<Scalar> = draws.batch(lengths: lengths, features: features)
    input = SequenceBatch(
      steps: input.steps, batchSize: lengths.count, features: features, values: input.values,
      lengths: lengths, identifiers: lengths.indices.map { UInt64($0 * 7 + update) })
    var mask: SequencePositions?
    if case .mask = positions {
      mask = .mask(lengths.indices.map { b in (0..<5).map { t in (b * 3 + t + update) % 5 > 1 } })
    }
    let count = (mask ?? model.positions).rows(lengths: lengths, steps: input.steps).count
    return .init(
      input: input, targets: targets(count, width: model.head?.outputSize ?? model.body.outputSize, &draws),
      positions: mask)
  }

  private func targets<Scalar: TensorScalar>(_ count: Int, width: Int, _ draws: inout Draws) -> LossTargets<
    Scalar
  > {
    switch loss {
    case .softmaxCrossEntropy: .classes((0..<count).map { ($0 * 7 + 2) % width })
    case .binaryCrossEntropy:
      .values(Matrix(rows: count, columns: width, elements: draws.uniform(count * width).map { abs($0) }))
    case .halfSquaredError, .meanSquaredError: .values(draws.matrix(count, width))
    }
  }

  /// Batches of 1 to 64 sequences: one to four shards, full and ragged, with empty sequences, the same lengths again, and
  /// none but empty ones.
  static let lengths: [[Int]] = [
    ragged(33), ragged(33), [6], full(3), ragged(16), full(20), ragged(64), full(64), [0, 0, 0], ragged(20),
    full(16),
    ragged(3),
  ]
  private static func full(_ count: Int) -> [Int] { [Int](repeating: 5, count: count) }
  private static func ragged(_ count: Int) -> [Int] { (0..<count).map { (7 * $0 + 4) % 6 } }
}

extension ExecutionCase {
  private static func cell(_ kind: CellConfiguration.Kind, _ size: Int, bias: Bool = true)
    -> CellConfiguration
  {
    CellConfiguration(kind, size: size, bias: bias)
  }

  static let cells: [ExecutionCase] = [
    .init(name: "LSTM, all", body: .recurrent(cell(.lstm, 5)), head: .linear(outputs: 2)),
    .init(
      name: "reverse GRU, reset after, last",
      body: .recurrent(cell(.gru(.resetAfter), 5), direction: .reverse),
      head: .linear(outputs: 4), positions: .of(.last), loss: .softmaxCrossEntropy()),
    .init(
      name: "GRU, reset before, first", body: .recurrent(cell(.gru(.resetBefore), 5)),
      head: .linear(outputs: 2),
      positions: .of(.first), loss: .halfSquaredError),
    .init(
      name: "simple, first and last", body: .recurrent(cell(.simple(.tanh), 6)), head: .linear(outputs: 3),
      positions: .of(.firstAndLast), loss: .binaryCrossEntropy),
    .init(
      name: "reverse LSTM, mask", body: .recurrent(cell(.lstm, 4), direction: .reverse),
      head: .linear(outputs: 5), positions: .mask,
      loss: .softmaxCrossEntropy(ignoreIndex: 2, labelSmoothing: 0.1)),
    .init(
      name: "reverse GRU, reset before, without bias, mask", features: 1,
      body: .recurrent(cell(.gru(.resetBefore), 4, bias: false), direction: .reverse), positions: .mask,
      loss: .halfSquaredError),
    .init(name: "very small simple", features: 1, body: .recurrent(cell(.simple(.relu), 2))),
    .init(
      name: "very small LSTM without bias", features: 2, body: .recurrent(cell(.lstm, 2, bias: false)),
      positions: .of(.last)),
    // Wide enough for gradients of several tasks.
    .init(name: "wide LSTM", body: .recurrent(cell(.lstm, 40)), head: .linear(outputs: 90)),
    .init(
      name: "wide GRU", features: 50, body: .recurrent(cell(.gru(.resetAfter), 48)), positions: .of(.last)),
  ]

  private static func noisy(
    _ kind: CellConfiguration.Kind, _ size: Int, dropout: Double = 0.3, zoneout: Double = 0.2
  ) -> CellConfiguration {
    CellConfiguration(
      kind, size: size, recurrentDropout: dropout, zoneout: zoneout,
      zoneoutMemory: kind.hasMemory ? 0.4 : 0)
  }

  /// Recurrent dropout and zoneout, also where threads share the hidden units.
  static let noisy: [ExecutionCase] = [
    .init(
      name: "noisy, two directions and a layer that has no sweep",
      body: .stack([
        .bidirectional(
          forward: noisy(.gru(.resetBefore), 4), reverse: noisy(.simple(.tanh), 3, dropout: 0)),
        .dropout(rate: 0.3, unit: .feature), .recurrent(noisy(.layerNormLSTM, 4)),
      ]), head: .linear(outputs: 2)),
    .init(
      name: "noisy LSTM of 96", body: .recurrent(noisy(.lstm, 96)), head: .linear(outputs: 2),
      positions: .of(.firstAndLast)),
    .init(
      name: "noisy reverse GRU of 64, reset after",
      body: .recurrent(noisy(.gru(.resetAfter), 64), direction: .reverse), head: .linear(outputs: 2)),
    .init(
      name: "noisy GRU of 64, reset before", body: .recurrent(noisy(.gru(.resetBefore), 64, zoneout: 0)),
      positions: .mask),
    .init(
      name: "noisy reverse simple of 64",
      body: .recurrent(noisy(.simple(.relu), 64, dropout: 0.5), direction: .reverse),
      head: .linear(outputs: 2)),
  ]

  static let networks: [ExecutionCase] =
    Merge.allCases.map { merge in
      let isFree = merge == .concatenate || merge == .none
      return .init(
        name: "bidirectional, merge \(merge)",
        body: .bidirectional(
          forward: cell(.gru(.resetAfter), 4), reverse: cell(.lstm, isFree ? 3 : 4), merge: merge),
        head: .linear(outputs: 2), positions: merge == .product ? .of(.firstAndLast) : .of(.all))
    } + [
      // Sizes that are cut on no number of threads: its directions run side by side where sequences are few.
      .init(
        name: "wide bidirectional",
        body: .bidirectional(forward: cell(.lstm, 60), reverse: cell(.gru(.resetBefore), 70)),
        positions: .of(.last)),
      .init(
        name: "two layers and dropout",
        body: .stack([
          .bidirectional(forward: cell(.simple(.tanh), 4), reverse: cell(.gru(.resetBefore), 3)),
          .dropout(rate: 0.3), .recurrent(cell(.lstm, 5)), .dropout(rate: 0.2),
        ]), head: .linear(outputs: 2), positions: .of(.last)),
      .init(
        name: "a head with dropout, all", body: .recurrent(cell(.gru(.resetAfter), 5)),
        head: .stack([.dropout(rate: 0.4), .linear(outputs: 3)]), loss: .binaryCrossEntropy),
      .init(
        name: "a head with dropout, mask", body: .recurrent(cell(.lstm, 5), direction: .reverse),
        head: .stack([.linear(outputs: 6), .dropout(rate: 0.4), .linear(outputs: 3)]), positions: .mask),
      .init(
        name: "parallel stacks",
        body: .parallel(
          [
            .stack([.recurrent(cell(.lstm, 4)), .linear(outputs: 2)]),
            .stack([
              .recurrent(cell(.simple(.tanh), 3), direction: .reverse), .linear(outputs: 2, bias: false),
            ]),
            .linear(outputs: 2),
          ], merge: .mean)),
      .init(
        name: "linear, LSTM, linear",
        body: .stack([.linear(outputs: 6), .recurrent(cell(.lstm, 4)), .linear(outputs: 3, bias: false)]),
        positions: .of(.first)),
    ]

  /// Layers whose hidden units fill panels of packed weights, so that threads share them where sequences are few: of 2 to 6
  /// panels, so that some threads have more than others.
  static let wide: [ExecutionCase] = [
    .init(name: "LSTM of 96", body: .recurrent(cell(.lstm, 96)), head: .linear(outputs: 2)),
    .init(
      name: "reverse GRU of 64, reset after, last",
      body: .recurrent(cell(.gru(.resetAfter), 64), direction: .reverse), head: .linear(outputs: 40),
      positions: .of(.last), loss: .softmaxCrossEntropy()),
    .init(
      name: "GRU of 64, reset before", body: .recurrent(cell(.gru(.resetBefore), 64)),
      head: .linear(outputs: 2), positions: .mask, loss: .halfSquaredError),
    .init(
      name: "reverse simple of 96", body: .recurrent(cell(.simple(.relu), 96), direction: .reverse),
      head: .linear(outputs: 3)),
    .init(
      name: "two, of different kinds and sizes",
      body: .stack([
        .bidirectional(forward: cell(.gru(.resetBefore), 32), reverse: cell(.lstm, 64)),
        .recurrent(cell(.simple(.tanh), 64)),
      ]), head: .linear(outputs: 2), positions: .of(.firstAndLast)),
  ]
}
