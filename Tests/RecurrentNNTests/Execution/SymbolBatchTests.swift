import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Symbols give the loss and every gradient of the one-hot vectors that they stand for, to the bit.
@Suite("Symbols as input")
struct SymbolBatchTests {
  static let bodies: [(name: String, layer: LayerConfiguration)] = {
    func cell(_ kind: CellConfiguration.Kind, _ size: Int, bias: Bool = true) -> CellConfiguration {
      CellConfiguration(kind, size: size, bias: bias)
    }
    return [
      ("LSTM", .recurrent(cell(.lstm, 4))),
      ("reverse LSTM without bias", .recurrent(cell(.lstm, 3, bias: false), direction: .reverse)),
      ("GRU, reset after", .recurrent(cell(.gru(.resetAfter), 5))),
      ("reverse GRU, reset before", .recurrent(cell(.gru(.resetBefore), 5), direction: .reverse)),
      // As small as a cell whose gradients of dense input are made in one vector.
      ("simple", .recurrent(cell(.simple(.tanh), 2))),
      // Units that threads share.
      ("GRU of 64", .recurrent(cell(.gru(.resetAfter), 64), direction: .reverse)),
      // Enough columns for several tasks.
      ("wide simple", .recurrent(cell(.simple(.tanh), 150))),
      ("bidirectional", .bidirectional(forward: cell(.lstm, 3), reverse: cell(.gru(.resetAfter), 4))),
      ("linear first", .stack([.linear(outputs: 6), .dropout(rate: 0.2), .recurrent(cell(.lstm, 4))])),
      (
        "parallel",
        .parallel(
          [.linear(outputs: 3, bias: false), .recurrent(cell(.gru(.resetBefore), 3), direction: .reverse)],
          merge: .sum)
      ),
    ]
  }()

  /// Up to five shards; with 300 symbols most shards lack most of them, and symbol 3 stands in the first and the last
  /// shard alone.
  static let lengths: [[Int]] = [
    [4, 0, 5], [5, 5, 5, 5, 5, 5, 5, 5], (0..<70).map { (5 * $0 + 2) % 6 }, (0..<70).map { (5 * $0 + 2) % 6 },
    [0, 0],
    [Int](repeating: 3, count: 48),
  ]

  private func symbols(_ lengths: [Int], vocabulary: Int, update: Int) -> SymbolBatch {
    let steps = lengths.max() ?? 0
    let draws = CounterGenerator(seed: UInt64(update), purpose: .check)
    let symbols = (0..<steps * lengths.count).map { row -> Int32 in
      let b = row % lengths.count
      let drawn = Int32(draws.word(at: UInt64(row)) % UInt64(vocabulary))
      let isRare = b > 15 && b < 64
      return drawn == 3 && isRare ? 2 : drawn
    }
    return SymbolBatch(
      steps: steps, batchSize: lengths.count, vocabulary: vocabulary, symbols: symbols, lengths: lengths,
      identifiers: lengths.indices.map { UInt64($0 + 3 * update) })
  }

  private func failures<Scalar: TensorScalar>(
    _ body: LayerConfiguration, vocabulary: Int, _: Scalar.Type
  ) throws -> [String] {
    let sample = ExecutionCase(
      name: "", features: vocabulary, body: body, head: .linear(outputs: 4),
      loss: .softmaxCrossEntropy())
    let model = try sample.model(of: Scalar.self)
    let pairs = Self.lengths.enumerated().map { update, lengths in
      let symbols = symbols(lengths, vocabulary: vocabulary, update: update)
      let rows = SequencePositions.all.rows(lengths: lengths, steps: symbols.steps).count
      let targets = LossTargets<Scalar>.classes((0..<rows).map { ($0 * 5 + update) % 4 })
      return (
        symbols: SequenceModel<Scalar>.Batch(symbols: symbols, targets: targets),
        dense: SequenceModel<Scalar>.Batch(input: symbols.oneHot(), targets: targets)
      )
    }
    let dense = TrainingTrace(model, pairs.map(\.dense), on: WorkerPool(threads: 1))
    let byValues = TrainingTrace(model, valuesOf: pairs.map(\.symbols))
    return byValues.difference(from: dense, model.layout).map { "by values, \($0)" }
      + Pools.every.flatMap { pool in
        TrainingTrace(model, pairs.map(\.symbols), on: pool).difference(from: dense, model.layout)
          .map { "\(pool.threads) threads, \($0)" }
      }
  }

  @Test(arguments: bodies.indices, [1, 5, 300])
  func equalOneHotVectors(_ body: Int, _ vocabulary: Int) throws {
    let (name, layer) = Self.bodies[body]
    #expect(try failures(layer, vocabulary: vocabulary, Float.self) == [], "\(name)")
    if body % 2 == 0 { #expect(try failures(layer, vocabulary: vocabulary, Double.self) == [], "\(name)") }
  }

  @Test func oneHotVectorsAndShards() {
    let batch = symbols([2, 0, 4], vocabulary: 5, update: 1)
    let dense: SequenceBatch<Float> = batch.oneHot()
    for t in 0..<4 {
      for b in 0..<3 {
        let row = (0..<5).map { dense[t, b, $0] }
        let expected = (0..<5).map { Float(t < batch.lengths[b] && batch.symbols[t * 3 + b] == $0 ? 1 : 0) }
        #expect(row == expected)
      }
    }
    let part = batch.sequences(0..<2)
    #expect(part.steps == 2 && part.lengths == [2, 0] && part.identifiers == Array(batch.identifiers[..<2]))
    #expect(part.symbols == [batch.symbols[0], 0, batch.symbols[3], 0])
  }
}
