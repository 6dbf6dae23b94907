import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Of an embedding only the rows of a batch's symbols have a gradient: it is that of the layers' values, to the bit, and
/// its support holds nothing else.
@Suite("Gradients of embeddings")
struct EmbeddingGradientTests {
  enum Use: CaseIterable { case alone, two, shared, ontoItself, tied }

  private static let vocabulary = 90

  private func model<Scalar: TensorScalar>(_ use: Use, _: Scalar.Type) -> SequenceModel<Scalar> {
    var layout = ParameterLayout()
    func embedding(_ name: String, _ size: Int) -> Embedding<Scalar> {
      Embedding(vocabulary: Self.vocabulary, size: size, named: name, in: &layout)
    }
    func lstm(_ size: Int, _ name: String) -> RecurrentLayer<LSTMCell<Scalar>> {
      RecurrentLayer(LSTMCell(inputSize: size, hiddenSize: 4, named: name, in: &layout))
    }
    let body: any SequenceLayer<Scalar>
    switch use {
    case .alone: body = Stack([embedding("words", 5), lstm(5, "lstm")])
    case .two:
      body = Parallel(
        [
          Stack([embedding("words", 3), lstm(3, "one")]), Stack([embedding("tags", 150), lstm(150, "two")]),
        ],
        merge: .concatenate)
    case .shared:
      let words = embedding("words", 5)
      body = Parallel([Stack([words, lstm(5, "one")]), Stack([words, lstm(5, "two")])], merge: .sum)
    case .ontoItself:
      // Back to as many numbers as there are symbols, which the same table then reads as a vector.
      let words = embedding("words", 5)
      let back = Linear<Scalar>(inputSize: 5, outputSize: Self.vocabulary, named: "back", in: &layout)
      body = Stack([words, back, words])
    case .tied:
      let words = Embedding<Scalar>(
        vocabulary: Self.vocabulary, size: 4, isShared: true, named: "words", in: &layout)
      let out = Linear<Scalar>(sharing: words.weight, named: "out", in: &layout)
      body = Stack([words, lstm(4, "lstm"), out])
    }
    let head = Linear<Scalar>(inputSize: body.outputSize, outputSize: 4, named: "head", in: &layout)
    return SequenceModel(
      body: body, positions: .all, head: head, loss: .softmaxCrossEntropy(), layout: layout)
  }

  /// Ragged, with empty sequences, batches of none but those, the same lengths again, and vectors between symbols.
  private func batches<Scalar: TensorScalar>(_ model: SequenceModel<Scalar>) -> [SequenceModel<Scalar>.Batch]
  {
    let lengths: [[Int]] = [
      [4, 0, 5], [5, 5, 5, 5], [5, 5, 5, 5], (0..<70).map { (5 * $0 + 2) % 6 }, [0, 0], [2, 1], [3, 3],
      (0..<20).map { (3 * $0 + 1) % 5 },
    ]
    return lengths.enumerated().map { update, lengths in
      let steps = lengths.max() ?? 0
      let draws = CounterGenerator(seed: UInt64(update), purpose: .check)
      let symbols = SymbolBatch(
        steps: steps, batchSize: lengths.count, vocabulary: Self.vocabulary,
        symbols: (0..<steps * lengths.count).map {
          Int32(draws.word(at: UInt64($0)) % UInt64(Self.vocabulary))
        }, lengths: lengths)
      let targets = LossTargets<Scalar>.classes((0..<lengths.reduce(0, +)).map { ($0 * 5 + update) % 4 })
      return update == 5
        ? .init(input: symbols.oneHot(), targets: targets) : .init(symbols: symbols, targets: targets)
    }
  }

  private func failures<Scalar: TensorScalar>(_ use: Use, _: Scalar.Type) -> [String] {
    let model = model(use, Scalar.self)
    let batches = batches(model)
    let expected = TrainingTrace(model, valuesOf: batches)
    return Pools.every.flatMap { pool -> [String] in
      let found = TrainingTrace(model, batches, on: pool)
      if use == .shared || use == .ontoItself || use == .tied {
        // Shared tables add their layers' sums after those of the shards, not before: other roundings of the same terms.
        let alone = TrainingTrace(model, batches, on: WorkerPool(threads: 1))
        let error = zip(found.gradients, expected.gradients).map { scaledError($0, $1) }.max() ?? .infinity
        let bound = Scalar.self == Float.self ? 1e-5 : 1e-13
        return found.difference(from: alone, model.layout) + (error <= bound ? [] : ["error \(error)"])
      }
      return found.difference(from: expected, model.layout).map { "\(pool.threads) threads, \($0)" }
    }
  }

  @Test(arguments: Use.allCases) func areThoseOfTheValues(_ use: Use) {
    #expect(failures(use, Float.self) == [])
    #expect(failures(use, Double.self) == [])
  }

  /// The places of the support are those of all weights and of the rows that occur.
  @Test(arguments: Use.allCases) func supportIsTheRowsThatOccur(_ use: Use) {
    let model = model(use, Float.self)
    let execution = ModelExecution(model, pool: WorkerPool(threads: 2, wakingCost: 1))
    let parameters = PackedParameters(ParameterStore<Float>(initializing: model.layout, seed: 5))
    var gradients = GradientStore<Float>(zeros: model.layout)
    for batch in batches(model) {
      _ = execution.gradient(of: batch, parameters: parameters, mode: .inference, into: &gradients)
      var isIn = [Bool](repeating: false, count: model.layout.count)
      gradients.support.forEachPlace(in: isIn.indices) { for place in $0 { isIn[place] = true } }
      #expect(gradients.store.values.indices.allSatisfy { isIn[$0] || gradients.store.values[$0] == 0 })
      #expect(gradients.norm(on: nil) == gradients.store.norm)
      guard use == .alone || use == .two, case .symbols(let symbols) = batch.source else { continue }
      let occurring = Set(
        symbols.lengths.indices.flatMap { b in
          (0..<symbols.lengths[b]).map { Int(symbols.symbols[$0 * symbols.batchSize + b]) }
        })
      for slot in model.layout.slots {
        for row in 0..<slot.rows {
          let isExpected = slot.rows != Self.vocabulary || occurring.contains(row)
          let places = slot.offset + row * slot.columns..<slot.offset + (row + 1) * slot.columns
          #expect(places.allSatisfy { isIn[$0] == isExpected }, "\(slot.name), row \(row)")
        }
      }
    }
  }
}
