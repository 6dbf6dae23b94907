public import Recurrent
internal import RecurrentCore
internal import RecurrentNN

extension Classifier {
  /// What the network does with a text.
  ///
  /// - Parameters:
  ///   - question: the loss: −log P of the class that it says, or of a class that is named.
  ///   - source: what errors call the text.
  public func explanation(
    of text: String, asking question: Explanation.Question = .answer, source: String = "the text"
  ) throws(ExplanationProblem) -> Explanation {
    guard case .texts(let vocabulary) = encoder else {
      throw .task(.text(.otherKind(source: source, found: "a text", expected: "series")))
    }
    let all = configuration.tokenizer.tokens(of: text)
    let (ids, steps) = try vocabulary.explainedSteps(
      Array(all.prefix(configuration.tokenLimit ?? .max)), by: configuration.tokenizer, source: source)
    return try explanation(.symbols([ids], vocabulary: vocabulary.count), steps, question)
  }

  /// What the network does with one of several series.
  ///
  /// - Parameter index: from 0. Precondition: there is such a series.
  public func explanation(
    of series: LabelledSeries, at index: Int, asking question: Explanation.Question = .answer
  ) throws(ExplanationProblem) -> Explanation {
    let one = series.selecting([index])
    let steps = one.steps(of: 0)
    if steps > Explanation.mostSteps { throw .tooLong(source: "\(series.place(index))", steps: steps) }
    let sequences: ClassifierSequences
    do {
      sequences = try encoder.encode(ClassifierData(.series(one), source: series.source), configuration)
    } catch {
      throw .task(error)
    }
    return try explanation(sequences, (0..<steps).map { .init("\($0 + 1)") }, question)
  }

  private func explanation(
    _ sequences: ClassifierSequences, _ steps: [Explanation.Step], _ question: Explanation.Question
  ) throws(ExplanationProblem) -> Explanation {
    var asked: Int?
    switch question {
    case .answer: break
    case .label(let name):
      guard let index = labels.firstIndex(of: name) else {
        throw .unknownClass(name, nearest: nearestName(to: name, among: labels), known: labels)
      }
      asked = index
    case .token, .all:
      throw .question("a token that is asked about", model: "a classifier", expected: "a class")
    }
    var (loss, words) = (0.0, "")
    let trace = network.trace(sequences.input([0]), parameters: PackedParameters(parameters)) { outputs in
      let target = asked ?? ExplainedLoss.greatest(outputs, row: 0)
      let made = ExplainedLoss.softmax(outputs, [(0, target)])
      loss = made.loss
      words = "−log P(the class is \(quoted(labels[target])))"
      return made.gradient
    }
    return try Explanation(
      model: "classifier", steps: steps, stepName: readsTexts ? "token" : "step", question: words, loss: loss,
      trace: trace
    )
    .checked()
  }
}
