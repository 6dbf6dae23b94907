import RecurrentCore
import RecurrentHMM
import RecurrentNN
import RecurrentTraining
import Testing

/// Losses of whole sequences through the trainer.
@Suite("Training for losses of whole sequences")
struct SequenceObjectiveTrainingTests {
  private static let tags = ["O", "B", "I"]

  /// Sequences of words that show their tags, O, B or I, and somewhere two words in a row that do not. Those two are B I (40 in
  /// 100), O O (30) or O B (30): O is the most probable tag of the first and I that of the second, but never both.
  private struct Spans: BatchSource {
    let count: Int
    let seed: UInt64

    func example(_ index: Int) -> (words: [Int], tags: [Int]) {
      var draws = CounterGenerator(seed: seed, purpose: .sampling, step: UInt64(index))
      func clear() -> [Int] {
        (0..<Int.random(in: 0...2, using: &draws)).flatMap { _ in
          [[0], [1], [1, 2]][Int.random(in: 0..<3, using: &draws)]
        } + [0]
      }
      let (before, after) = (clear(), clear())
      let draw = Int.random(in: 0..<100, using: &draws)
      let pair = draw < 40 ? [1, 2] : draw < 70 ? [0, 0] : [0, 1]
      return (before + [3, 3] + after, before + pair + after)
    }

    func input(_ indices: [Int]) -> SequenceBatch<Float> {
      SequenceBatch(
        sequences: indices.map { index in
          example(index).words.map { word in (0..<4).map { $0 == word ? 1 : 0 } }
        }, features: 4)
    }

    func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
      .init(input: input(indices), targets: .labels(indices.map { example($0).tags }))
    }
  }

  /// The same with a label a step.
  private struct Tags: BatchSource {
    let spans: Spans
    var count: Int { spans.count }

    func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
      let input = spans.input(indices)
      let rows = SequencePositions.all.rows(lengths: input.lengths, steps: input.steps)
      let classes = rows.map { spans.example(indices[$0 % indices.count]).tags[$0 / indices.count] }
      return .init(input: input, targets: .classes(classes))
    }
  }

  private func bidirectional(_ layout: inout ParameterLayout, features: Int, size: Int, outputs: Int) throws
    -> (body: any SequenceLayer<Float>, head: Linear<Float>)
  {
    let lstm = CellConfiguration(.lstm, size: size)
    let body: any SequenceLayer<Float> = try LayerConfiguration.bidirectional(forward: lstm, reverse: lstm)
      .makeLayer(inputSize: features, named: "lstm", in: &layout)
    return (body, Linear(inputSize: body.outputSize, outputSize: outputs, named: "head", in: &layout))
  }

  /// Tags of whole sequences that are right, and tags I that follow O or begin.
  private func judge(_ found: [[Int]], _ spans: Spans) throws -> (right: Int, broken: Int) {
    let constraints = try TransitionConstraints.bio(Self.tags)
    return (
      found.indices.count { found[$0] == spans.example($0).tags }, found.count { !constraints.allows($0) }
    )
  }

  @Test func aFieldTagsSpansBetterThanTheSoftmax() throws {
    let (training, test) = (Spans(count: 1200, seed: 1), Spans(count: 200, seed: 2))
    let options = TrainerOptions(epochs: 4, batchSize: 16, learningRate: 0.01)
    var layout = ParameterLayout()
    var parts = try bidirectional(&layout, features: 4, size: 6, outputs: 3)
    let softmax = SequenceModel(
      body: parts.body, positions: .all, head: parts.head, loss: .softmaxCrossEntropy(), layout: layout)
    var trainer = try Trainer(model: softmax, source: Tags(spans: training), options: options)
    _ = try run(&trainer)
    let all = test.input(Array(0..<test.count))
    var outputs = softmax.outputSequences(
      all, parameters: PackedParameters(trainer.state.selectedParameters))
    let byRows = (0..<test.count).map { b in
      (0..<outputs.lengths[b]).map { t in
        (0..<3).reduce(0) { outputs[t, b, $1] > outputs[t, b, $0] ? $1 : $0 }
      }
    }

    layout = ParameterLayout()
    parts = try bidirectional(&layout, features: 4, size: 6, outputs: 3)
    let field = ConditionalRandomField<Float>(
      labels: 3, constraints: try .bio(Self.tags), named: "crf", in: &layout)
    let model = SequenceModel(
      body: parts.body, head: parts.head, objective: .conditionalRandomField(field), layout: layout)
    var fieldTrainer = try Trainer(model: model, source: training, options: options)
    _ = try run(&fieldTrainer)
    let parameters = PackedParameters(fieldTrainer.state.selectedParameters)
    outputs = model.outputSequences(all, parameters: parameters)
    let byField = field.bestPaths(outputs, parameters: parameters).compactMap { $0?.states }

    let (alone, together) = (try judge(byRows, test), try judge(byField, test))
    #expect(byField.count == test.count && together.broken == 0)
    // Of 200 sequences: 155 of the softmax have I behind O and 12 are right; the field is right in 86, of the 80 or so that can be.
    #expect(alone.broken > 120 && alone.right < 30, "\(alone)")
    #expect(together.right > 60, "\(alone), \(together)")
  }

  /// Symbols 1 to 3, each shown for one to three steps with silence between, to be read without their places.
  private struct Speech: BatchSource {
    let count = 64

    func example(_ index: Int) -> (frames: [Int], labels: [Int]) {
      var draws = CounterGenerator(seed: 5, purpose: .sampling, step: UInt64(index))
      var frames = [0]
      var labels: [Int] = []
      for _ in 0..<Int.random(in: 0...4, using: &draws) {
        labels.append(Int.random(in: 1...3, using: &draws))
        let length = Int.random(in: 1...3, using: &draws)
        frames += [Int](repeating: labels[labels.count - 1], count: length) + [0]
      }
      return (frames, labels)
    }

    func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
      let frames = indices.map { index in
        example(index).frames.map { frame in (0..<4).map { $0 == frame ? Float(1) : 0 } }
      }
      return .init(
        input: SequenceBatch(sequences: frames, features: 4),
        targets: .labels(indices.map { example($0).labels }))
    }
  }

  @Test func anAlignmentIsLearntWithoutItsPlaces() throws {
    var layout = ParameterLayout()
    let parts = try bidirectional(&layout, features: 4, size: 8, outputs: 4)
    let loss = ConnectionistTemporalClassification()
    let model = SequenceModel(
      body: parts.body, head: parts.head, objective: .connectionistTemporalClassification(loss),
      layout: layout)
    let source = Speech()
    let labels = (0..<source.count).map { source.example($0).labels }
    try loss.validate(labels, lengths: (0..<source.count).map { source.example($0).frames.count }, symbols: 4)
    var trainer = try Trainer(
      model: model, source: source, options: TrainerOptions(epochs: 40, batchSize: 16, learningRate: 0.02))
    _ = try run(&trainer)
    let logits = model.outputSequences(
      source.batch(Array(0..<source.count)).input,
      parameters: PackedParameters(trainer.state.selectedParameters))
    let greedy = loss.greedyLabels(logits)
    let beam = loss.beamSearch(logits).map { $0[0].labels }
    #expect(greedy == labels, "\(zip(greedy, labels).count { $0 != $1 }) of \(labels.count) are wrong")
    #expect(beam == labels)
  }
}
