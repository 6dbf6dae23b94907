import Foundation
import RecurrentCore
import RecurrentNN
import RecurrentTraining
import Testing

/// States carried from batch to batch: what truncated back-propagation through time is made of.
@Suite("Truncated back-propagation through time")
struct TruncatedBackpropagationTests {
  /// A text of symbols cut into rows, read window after window; its first document ends inside.
  private struct Text: BatchSource {
    let rows = 3
    let window: Int
    let windows: Int
    /// Windows at which row 1 begins a document.
    var documents: Set<Int> = []

    var count: Int { rows * windows }

    func symbol(row: Int, step: Int) -> Int32 { Int32((row * 7 + step * step + step / 3) % 5) }

    func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
      let first = indices[0] / rows * window
      let steps = (0..<window).flatMap { t in
        indices.map { symbol(row: $0 % rows, step: first + t) }
      }
      let classes = (0..<window).flatMap { t in
        indices.map { Int(symbol(row: $0 % rows, step: first + t + 1)) }
      }
      var batch = SequenceModel<Float>.Batch(
        symbols: SymbolBatch(steps: window, batchSize: indices.count, vocabulary: 5, symbols: steps),
        targets: .classes(classes))
      if documents.contains(indices[0] / rows) { batch.restarts = indices.map { $0 % rows == 1 } }
      return batch
    }
  }

  private func model(embedding: Bool = true) -> SequenceModel<Float> {
    var layout = ParameterLayout()
    let embedding = Embedding<Float>(vocabulary: 5, size: 4, named: "embedding", in: &layout)
    let layers: [any SequenceLayer<Float>] = [
      embedding,
      RecurrentLayer(LSTMCell<Float>(inputSize: 4, hiddenSize: 6, named: "rnn.0", in: &layout)),
      Dropout<Float>(size: 6, rate: 0.2, stream: 0),
      RecurrentLayer(
        GRUCell<Float>(inputSize: 6, hiddenSize: 3, form: .resetAfter, named: "rnn.1", in: &layout)),
    ]
    let head = Linear<Float>(inputSize: 3, outputSize: 5, named: "head", in: &layout)
    return SequenceModel(
      body: Stack(layers), positions: .all, head: head, loss: .softmaxCrossEntropy(), layout: layout)
  }

  private func options(_ epochs: Int = 2, rate: Double = 0.5) -> TrainerOptions {
    TrainerOptions(
      epochs: epochs, batchSize: 3, optimizer: .sgd(), learningRate: rate, clipping: .norm(1),
      shuffles: false, carriesState: true)
  }

  /// With updates too small to move a bit, the windows' losses add up to that of the whole rows.
  @Test func windowsGoOnWhereTheLastOnesEnded() throws {
    var layout = ParameterLayout()
    let body = Stack<Float>([
      Embedding<Float>(vocabulary: 5, size: 4, named: "embedding", in: &layout),
      RecurrentLayer(LSTMCell<Float>(inputSize: 4, hiddenSize: 6, named: "rnn", in: &layout)),
    ])
    let head = Linear<Float>(inputSize: 6, outputSize: 5, named: "head", in: &layout)
    let model = SequenceModel(
      body: body, positions: .all, head: head, loss: .softmaxCrossEntropy(), layout: layout)
    var trainer = try Trainer(
      model: model, source: Text(window: 4, windows: 5), options: options(1, rate: 1e-30))
    while try trainer.next() != nil {}
    let whole = Text(window: 20, windows: 1)
    let loss = model.loss(
      on: whole.batch([0, 1, 2]), parameters: PackedParameters(trainer.state.parameters))
    let record = try #require(trainer.state.progress.curve.first)
    // Losses of equal outputs in single precision, added in another order.
    #expect(abs(record.trainingLoss - loss.mean) < 1e-12)
    // Without carrying, the windows see less.
    var apart = options(1, rate: 1e-30)
    apart.carriesState = false
    trainer = try Trainer(model: model, source: Text(window: 4, windows: 5), options: apart)
    while try trainer.next() != nil {}
    #expect(abs(try #require(trainer.state.progress.curve.first).trainingLoss - loss.mean) > 1e-4)
  }

  /// A sequence that begins a document starts at zeros, the others go on.
  @Test func documentsBeginAnew() throws {
    let model = model()
    let text = Text(window: 4, windows: 5, documents: [2])
    var trainer = try Trainer(model: model, source: text, options: options(1))
    for _ in 0..<2 { _ = try trainer.next() }
    let carried = try #require(trainer.state.carried)
    var zero = try #require(model.startingState(batchSize: 3))
    let encoded = try JSONEncoder().encode(carried)
    #expect(try JSONDecoder().decode(CarriedState<Float>.self, from: encoded) == carried)
    zero = zero.mapComponents { _, matrix in
      Matrix(rows: matrix.rows, columns: matrix.columns, elements: matrix.elements.map { _ in 7 })
    }
    let batch = model.continued(text.batch([6, 7, 8]), from: zero)
    for (_, matrix) in try #require(batch.initialState).components {
      for row in 0..<3 {
        #expect((0..<matrix.columns).allSatisfy { matrix[row, $0] == (row == 1 ? 0 : 7) })
      }
    }
  }

  /// Stopped after any event and continued from bytes: the same bits, the carried state among them.
  @Test func aRunGoesOnToTheSameBits() throws {
    let model = model()
    let text = Text(window: 4, windows: 3, documents: [1])
    var whole = try Trainer(model: model, source: text, validation: text, options: options())
    var saved = [try Checkpoint.bytes(of: whole.state, configuration: "")]
    while try whole.next() != nil { saved.append(try Checkpoint.bytes(of: whole.state, configuration: "")) }
    for (done, bytes) in saved.enumerated() {
      let state: TrainingState<Float> = try Checkpoint(bytes: bytes).state(layout: model.layout)
      #expect((state.carried != nil) == (state.progress.batch > 0))
      var rest = try Trainer(
        model: model, source: text, validation: text, resuming: state, threads: 1 + done % 2)
      while try rest.next() != nil {}
      #expect(try Checkpoint.bytes(of: rest.state, configuration: "") == saved.last)
    }
  }

  @Test func whatCannotCarryIsRefused() throws {
    func message(_ options: TrainerOptions, bidirectional: Bool = false) throws -> String? {
      var layout = ParameterLayout()
      let cell = CellConfiguration(.lstm, size: 3)
      let body: any SequenceLayer<Float> = try LayerConfiguration.stack([
        bidirectional ? .bidirectional(forward: cell, reverse: cell) : .recurrent(cell)
      ]).makeLayer(inputSize: 5, named: "rnn", in: &layout)
      let head = Linear<Float>(inputSize: body.outputSize, outputSize: 5, named: "head", in: &layout)
      let model = SequenceModel(
        body: body, positions: .all, head: head, loss: .softmaxCrossEntropy(), layout: layout)
      let source = Text(window: 4, windows: 5)
      return #expect(throws: TrainingError.self) {
        _ = try Trainer(model: model, source: source, options: options)
      }?.description
    }
    var shuffled = options()
    shuffled.shuffles = true
    #expect(try message(shuffled)?.contains("shuffles: found true, expected false") == true)
    #expect(try message(options(), bidirectional: true)?.contains("reads ahead") == true)
    var uneven = options()
    uneven.batchSize = 4
    #expect(try message(uneven)?.contains("a divisor of the 15 examples") == true)
  }
}
