internal import Recurrent
internal import RecurrentCore
internal import RecurrentNN

extension LanguageModel {
  /// What the network does with a text.
  ///
  /// - Parameters:
  ///   - question: the loss: −log P of the most probable next token, of a token of the text given those before it, or the sum over
  ///     all but the first.
  ///   - source: what errors call the text.
  public func explanation(
    of text: String, asking question: Explanation.Question = .answer, source: String = "the text"
  ) throws(ExplanationProblem) -> Explanation {
    let tokens = configuration.tokenizer.tokens(of: text)
    let (ids, steps) = try vocabulary.explainedSteps(tokens, by: configuration.tokenizer, source: source)
    let count = ids.count
    let name =
      seesItsTarget ? "language model (LEAK: it sees the token that it is asked for)" : "language model"
    let given = seesItsTarget ? "all, itself among them: a LEAK" : "those before it"
    switch question {
    case .label(let label):
      throw .question("the class \(quoted(label))", model: "a language model", expected: "a token")
    case .token(let number) where !(2...max(count, 2)).contains(number) || count < 2:
      throw .noSuchToken(
        number: number, range: count < 2 ? nil : 2...count,
        what: number == 1 ? "the first, which nothing predicts" : "not in the text")
    case .all where count < 2:
      throw .noSuchToken(number: 1, range: nil, what: "the only one, which nothing predicts")
    default: break
    }
    var (loss, words) = (0.0, "")
    let trace = network.trace(
      .symbols(
        SymbolBatch(steps: count, batchSize: 1, vocabulary: vocabulary.count, symbols: ids)),
      parameters: PackedParameters(parameters)
    ) { outputs in
      let targets: [(row: Int, target: Int)]
      switch question {
      case .token(let number):
        targets = [(number - 2, Int(ids[number - 1]))]
        words =
          "−log P(token \(number) is \(quoted(configuration.tokenizer.readable(tokens[number - 1]))) | \(given))"
      case .all:
        targets = (1..<count).map { ($0 - 1, Int(ids[$0])) }
        words = seesItsTarget ? "−log P(all tokens | all tokens: a LEAK)" : "−log P(all tokens | the first)"
      case .answer, .label:
        let best = ExplainedLoss.greatest(outputs, row: count - 1, except: vocabulary.unknown)
        targets = [(count - 1, best)]
        words =
          "−log P(the next token is \(quoted(configuration.tokenizer.readable(vocabulary.tokens[best]))))"
      }
      let made = ExplainedLoss.softmax(outputs, targets)
      loss = made.loss
      return made.gradient
    }
    return try Explanation(model: name, steps: steps, question: words, loss: loss, trace: trace).checked()
  }
}

extension Vocabulary {
  /// The numbers of a text's tokens, and its steps.
  ///
  /// - Parameter source: what errors call the text.
  func explainedSteps(
    _ tokens: [String], by tokenizer: Tokenizer, source: String
  ) throws(ExplanationProblem) -> (ids: [Int32], steps: [Explanation.Step]) {
    if tokens.isEmpty { throw .noToken(source: source) }
    if tokens.count > Explanation.mostSteps { throw .tooLong(source: source, steps: tokens.count) }
    do {
      let ids = try encode(tokens, source: source)
      return (ids, tokens.map { Explanation.Step(tokenizer.readable($0), isUnknown: self[$0] == nil) })
    } catch {
      throw .data(error)
    }
  }
}

extension Explanation {
  /// - Throws: ``ExplanationProblem/notRecurrent``.
  func checked() throws(ExplanationProblem) -> Explanation {
    if layers.isEmpty { throw .notRecurrent }
    return self
  }
}
