//! Trains two taggers on sequences in which the next symbol decides the label: one that reads both ways, and one that
//! reads forward only and cannot know.

import Recurrent

/// Sentences of 2 to 9 symbols 0, 1, 2. The label of a step is (its symbol + the next one) mod 3; the last step has no
/// next symbol and no label.
struct Sentences: BatchSource {
  let count: Int
  let seed: UInt64

  static let unlabelled = -1

  /// A pure function of the example's number, as a trainer needs it.
  func symbols(_ index: Int) -> [Int] {
    var generator = CounterGenerator(seed: seed, purpose: .sampling, step: UInt64(index))
    let length = Int.random(in: 2...9, using: &generator)
    return (0..<length).map { _ in Int.random(in: 0..<3, using: &generator) }
  }

  func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    let sentences = indices.map(symbols)
    let oneHot = sentences.map { sentence in
      sentence.map { symbol in (0..<3).map { $0 == symbol ? Float(1) : 0 } }
    }
    let input = SequenceBatch(sequences: oneHot, features: 3)
    // One class for each output, by step and then by sequence.
    var classes: [Int] = []
    for t in 0..<input.steps {
      for sentence in sentences where t < sentence.count {
        classes.append(t + 1 < sentence.count ? (sentence[t] + sentence[t + 1]) % 3 : Self.unlabelled)
      }
    }
    return .init(input: input, targets: .classes(classes))
  }
}

/// A layer with a linear head upon it, an output at every step.
func tagger(_ layer: LayerConfiguration) throws -> SequenceModel<Float> {
  var layout = ParameterLayout()
  let body = try layer.makeLayer(inputSize: 3, named: "body", in: &layout, of: Float.self)
  let head = Linear<Float>(inputSize: body.outputSize, outputSize: 3, named: "head", in: &layout)
  return SequenceModel(
    body: body, positions: .all, head: head,
    loss: .softmaxCrossEntropy(ignoreIndex: Sentences.unlabelled), layout: layout)
}

/// The share of labelled steps whose greatest output is their class.
func accuracy(
  _ model: SequenceModel<Float>, _ batch: SequenceModel<Float>.Batch, _ parameters: PackedParameters<Float>
) -> Double {
  guard case .classes(let classes) = batch.targets else { return 0 }
  let outputs = model.outputs(batch.input, parameters: parameters).outputs
  let labelled = classes.indices.filter { classes[$0] != Sentences.unlabelled }
  let right = labelled.count { row in
    let scores = outputs.row(row)
    return scores.indices.max { scores[$0] < scores[$1] } == classes[row]
  }
  return Double(right) / Double(labelled.count)
}

/// Trains, printing every fifth epoch's loss, and returns the accuracy on sentences that were not trained on.
func train(_ name: String, _ layer: LayerConfiguration) throws -> Double {
  let model = try tagger(layer)
  var trainer = try Trainer(
    model: model, source: Sentences(count: 512, seed: 1), validation: Sentences(count: 128, seed: 2),
    options: TrainerOptions(epochs: 20, batchSize: 32, learningRate: 0.01))
  while let event = try trainer.next() {
    if case .epoch(let record) = event, record.epoch == 1 || record.epoch % 5 == 0 {
      print("\(name), epoch \(record.epoch): training loss \(record.trainingLoss)")
    }
  }
  let unseen = Sentences(count: 256, seed: 3)
  let parameters = PackedParameters(trainer.state.selectedParameters)
  return accuracy(model, unseen.batch(Array(0..<unseen.count)), parameters)
}

let forward = CellConfiguration(.gru(.resetAfter), size: 12)
let reverse = CellConfiguration(.gru(.resetAfter), size: 8)
let both = try train("both directions", .bidirectional(forward: forward, reverse: reverse))
let ahead = try train("forward only", .recurrent(forward))
print("accuracy on unseen sentences: both directions \(both), forward only \(ahead); chance is 1/3")
