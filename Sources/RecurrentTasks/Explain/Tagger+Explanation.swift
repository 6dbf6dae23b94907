internal import Recurrent
internal import RecurrentCore
internal import RecurrentNN

extension Tagger {
  /// What the network does with the words of a sentence.
  ///
  /// - Parameters:
  ///   - question: the loss: −log P of the tag that it gives the last word, or another one, all other tags left open; or −log P of
  ///     all its tags together.
  ///   - source: what errors call the sentence.
  public func explanation(
    of words: [String], asking question: Explanation.Question = .answer, source: String = "the text"
  ) throws(ExplanationProblem) -> Explanation {
    if words.isEmpty { throw .noToken(source: source) }
    if words.count > Explanation.mostSteps { throw .tooLong(source: source, steps: words.count) }
    var asked: Int? = words.count - 1
    switch question {
    case .answer: break
    case .all: asked = nil
    case .token(let number):
      guard (1...words.count).contains(number) else {
        throw .noSuchToken(number: number, range: 1...words.count, what: "not in the text")
      }
      asked = number - 1
    case .label(let label):
      throw .question("the class \(quoted(label))", model: "a tagger", expected: "a token")
    }
    let (forms, numbers) = vocabulary.forms([words], configuration)
    let batch = TaggerNetwork<Float>.Batch(
      forms: forms, sentences: numbers, tags: [[]], identifiers: [0])
    let packed = PackedParameters(parameters)
    var (loss, question) = (0.0, "")
    let trace = network.trace(of: batch, parameters: packed) { scores in
      let made = TagLoss(scores, network.field, packed).loss(at: asked)
      loss = made.loss
      question =
        asked.map {
          "−log P(the tag of token \($0 + 1), \(quoted(words[$0])), is \(quoted(vocabulary.tags[made.tags[$0]])))"
        } ?? "−log P(all tags)"
      return made.gradient
    }
    let steps = words.map {
      Explanation.Step($0, isUnknown: !vocabulary.hasVector($0, configuration))
    }
    return try Explanation(
      model: "tagger", steps: steps, question: question, loss: loss, at: asked, trace: trace
    )
    .checked()
  }
}

extension TaggerNetwork {
  /// What reads the words' vectors, looked into. x of the trace is a word's vector with that of its characters.
  ///
  /// - Parameters:
  ///   - batch: one sentence.
  ///   - outputGradient: ∂L/∂scores `[T, K]`, given the scores.
  func trace(
    of batch: Batch, parameters: PackedParameters<Scalar>,
    outputGradient: (Matrix<Scalar>) -> Matrix<Scalar>
  ) -> ModelTrace<Scalar> {
    reader.trace(
      .values(inputs(of: batch, parameters: parameters)), parameters: parameters,
      outputGradient: outputGradient)
  }
}

/// The losses of the tags that a tagger gives to one sentence, with their gradients by the scores.
private struct TagLoss {
  let scores: Matrix<Float>
  let field: ConditionalRandomField<Float>?
  let parameters: PackedParameters<Float>

  init(
    _ scores: Matrix<Float>, _ field: ConditionalRandomField<Float>?, _ parameters: PackedParameters<Float>
  ) {
    (self.scores, self.field, self.parameters) = (scores, field, parameters)
  }

  /// - Parameter word: whose tag's loss it is, all others left open; `nil`: that of all tags together.
  func loss(at word: Int?) -> (loss: Double, gradient: Matrix<Float>, tags: [Int]) {
    guard let field else {
      let tags = (0..<scores.rows).map { ExplainedLoss.greatest(scores, row: $0) }
      let asked = word.map { [$0] } ?? Array(tags.indices)
      let made = ExplainedLoss.softmax(scores, asked.map { ($0, tags[$0]) })
      return (made.loss, made.gradient, tags)
    }
    let single = SequenceBatch(
      steps: scores.rows, batchSize: 1, features: scores.columns, values: scores.elements)
    // O leaves every sentence a path.
    let tags = field.bestPaths(single, parameters: parameters)[0]?.states ?? []
    guard let word else {
      var unused = ParameterStore<Float>(zeros: parameters.layout)
      let made = field.gradient(single, labels: [tags], parameters: parameters, into: &unused)
      return (
        made.value.sum,
        Matrix(rows: scores.rows, columns: scores.columns, elements: made.gradient.values), tags
      )
    }
    guard let made = field.marginalLoss(scores, step: word, label: tags[word], parameters: parameters) else {
      preconditionFailure("the tags that were found are no path")
    }
    return (made.loss, made.gradient, tags)
  }
}
