//! Trains a model of the next symbol on batches of symbols, freezes it, and lets a stream continue a text one symbol at
//! a time.

import Recurrent

let text = Array("so much depends upon a red wheel barrow glazed with rain water beside the white chickens ")
let alphabet = Array(Set(text)).sorted()
let symbols = text.map { Int32(alphabet.firstIndex(of: $0) ?? 0) }

/// Stretches of 32 symbols; what is asked at every step is the symbol that follows.
struct Stretches: BatchSource {
  let symbols: [Int32]
  let vocabulary: Int
  let length = 32

  var count: Int { symbols.count }

  /// Symbol `step` of the stretch that begins at `start`: the text goes round.
  func symbol(_ start: Int, _ step: Int) -> Int32 { symbols[(start + step) % symbols.count] }

  func batch(_ starts: [Int]) -> SequenceModel<Float>.Batch {
    let steps = 0..<length
    let input = SymbolBatch(
      steps: length, batchSize: starts.count, vocabulary: vocabulary,
      symbols: steps.flatMap { step in starts.map { symbol($0, step) } })
    // One class for each output, by step and then by sequence.
    return .init(
      symbols: input, targets: .classes(steps.flatMap { step in starts.map { Int(symbol($0, step + 1)) } }))
  }
}

var layout = ParameterLayout()
let embedding = Embedding<Float>(vocabulary: alphabet.count, size: 16, named: "embedding", in: &layout)
let memory = RecurrentLayer(LSTMCell<Float>(inputSize: 16, hiddenSize: 64, named: "memory", in: &layout))
let head = Linear<Float>(inputSize: 64, outputSize: alphabet.count, named: "head", in: &layout)
let model = SequenceModel(
  body: Stack<Float>([embedding, memory]), positions: .all, head: head, loss: .softmaxCrossEntropy(),
  layout: layout)

var trainer = try Trainer(
  model: model, source: Stretches(symbols: symbols, vocabulary: alphabet.count),
  options: TrainerOptions(epochs: 60, batchSize: 16, learningRate: 0.01), threads: 2)
while let event = try trainer.next() {
  if case .epoch(let record) = event, record.epoch % 20 == 0 {
    print("epoch \(record.epoch): \(record.trainingLoss) nats a symbol")
  }
}

/// The stream begins with the first symbol and then reads what it said.
let frozen = InferenceModel(model, parameters: trainer.state.selectedParameters)
var stream = try frozen.stream()
var scores = [Float](repeating: 0, count: frozen.outputSize)
var said = [symbols[0]]
for _ in 0..<60 {
  stream.step(symbols: [said[said.count - 1]], into: &scores)
  said.append(Int32(scores.indices.max { scores[$0] < scores[$1] } ?? 0))
}
print(String(said.map { alphabet[Int($0)] }))
