internal import Recurrent
internal import RecurrentCore
internal import RecurrentNN

extension FillModel {
  /// What the network does with a sentence, which may have gaps.
  ///
  /// - Parameters:
  ///   - question: the loss: −log P of its filling of the first gap, or of the last token where there is none; of one token, given all
  ///     others; or the sum over all tokens but gaps.
  ///   - marker: what marks a gap; `nil`: the configuration's.
  ///   - source: what errors call the sentence.
  public func explanation(
    of text: String, asking question: Explanation.Question = .answer, marker: String? = nil,
    source: String = "the text"
  ) throws(ExplanationProblem) -> Explanation {
    let marker = marker ?? configuration.marker
    var tokens: [String] = []
    var gaps: [Int] = []
    for (number, part) in text.split(separator: marker, omittingEmptySubsequences: false).enumerated() {
      if number > 0 {
        gaps.append(tokens.count)
        tokens.append(marker)
      }
      var part = part[...]
      if number == 0 { part = part.drop(while: \.isWhitespace) }
      tokens += configuration.tokenizer.tokens(of: String(part))
    }
    while let last = tokens.last, last.allSatisfy(\.isWhitespace) { tokens.removeLast() }
    if tokens.isEmpty { throw .noToken(source: source) }
    if tokens.count > configuration.longestSentence {
      throw .tooLong(source: source, steps: tokens.count)
    }
    let isGap = Set(gaps)
    let known = tokens.indices.filter { !isGap.contains($0) }
    var ids = [Int32](repeating: symbols.blank, count: tokens.count)
    var steps = tokens.map { Explanation.Step($0) }
    if !known.isEmpty {
      let own = try vocabulary.explainedSteps(
        known.map { tokens[$0] }, by: configuration.tokenizer, source: source)
      for (place, index) in known.enumerated() {
        (ids[index], steps[index]) = (own.ids[place], own.steps[place])
      }
    }
    let asked: Int
    switch question {
    case .answer, .all: asked = gaps.first ?? tokens.count - 1
    case .token(let number):
      guard (1...tokens.count).contains(number) else {
        throw .noSuchToken(number: number, range: 1...tokens.count, what: "not in the text")
      }
      asked = number - 1
    case .label(let label):
      throw .question("the class \(quoted(label))", model: "a model that fills gaps", expected: "a token")
    }
    let batch = symbols.batch([ids])
    var (loss, words) = (0.0, "")
    let trace = network.trace(
      batch.source, positions: batch.positions, parameters: PackedParameters(parameters)
    ) { outputs in
      var targets: [(row: Int, target: Int)] = []
      if case .all = question {
        targets = known.map { ($0, Int(ids[$0])) }
        words = "−Σ log P(token | all others)"
      } else {
        let target =
          isGap.contains(asked)
          ? ExplainedLoss.greatest(outputs, row: asked, except: vocabulary.unknown) : Int(ids[asked])
        targets = [(asked, target)]
        words =
          "−log P(token \(asked + 1) is \(quoted(configuration.tokenizer.readable(vocabulary.tokens[target]))) | all others)"
      }
      let made = ExplainedLoss.softmax(outputs, targets)
      loss = made.loss
      return made.gradient
    }
    // The marks before and behind a sentence are steps of the network's, too.
    return try Explanation(
      model: "model that fills gaps",
      steps: [.init(Self.beginMark, isMark: true)] + steps + [.init(Self.endMark, isMark: true)],
      question: words, loss: loss, trace: trace
    ).checked()
  }

  /// What stands for the marks before and behind a sentence.
  static let beginMark = "⟨begin⟩"
  static let endMark = "⟨end⟩"
}
