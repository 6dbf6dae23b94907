public import Recurrent
internal import RecurrentNN

/// A trained model that fills gaps: its vocabulary, its network, its parameters.
public struct FillModel: Sendable {
  /// The settings that it was trained with.
  public let configuration: FillConfiguration
  /// The tokens that it may give.
  public let vocabulary: Vocabulary
  /// From tokens and marks to logits of every token, given its surroundings.
  public let network: SequenceModel<Float>
  /// Of the network, by slot.
  public let parameters: ParameterStore<Float>

  init(
    configuration: FillConfiguration, vocabulary: Vocabulary, network: SequenceModel<Float>,
    parameters: ParameterStore<Float>
  ) {
    self.configuration = configuration
    self.vocabulary = vocabulary
    self.network = network
    self.parameters = parameters
  }

  package var symbols: FillSymbols { FillSymbols(tokens: vocabulary.count) }

  /// The tokens of sentences, without those that have none; of long ones, pieces.
  ///
  /// - Throws: `DataError` for a token that the vocabulary does not have, if none stands for unknown ones.
  package func tokens(of text: TextSentences) throws(DataError) -> [[Int32]] {
    try FillTokens.encode(
      FillTokens.cut(text, configuration), by: vocabulary, source: text.source)
  }

  /// Figures of sentences: every token is asked for, given all others.
  ///
  /// - Parameter text: one token at least.
  /// - Throws: ``TaskError/text(_:)`` where no sentence has a token, and ``TaskError/data(_:)`` where one is not known.
  public func score(_ text: TextSentences, threads: Int = 1) throws(TaskError) -> FillFigures {
    let sentences = try taskErrors(DataError.self) { () throws(DataError) in try tokens(of: text) }
    if sentences.isEmpty { throw .text(.noToken(source: text.source)) }
    return score(sentences, threads: threads)
  }

  /// exp of the mean −log p of the tokens of one text, each given all others on both sides: the pseudo-perplexity, exact, from
  /// one pass.
  ///
  /// - Throws: as ``score(_:threads:)``.
  public func pseudoPerplexity(of text: String) throws(TaskError) -> Double {
    try score(TextSentences([text])).perplexity
  }

  package func score(_ sentences: [[Int32]], threads: Int) -> FillFigures {
    let runner = InferenceModel(network, parameters: parameters).runner(threads: threads)
    var figures = FillFigures(name: "network")
    var outputs: [Float] = []
    let width = vocabulary.count
    for first in stride(from: 0, to: sentences.count, by: Self.group) {
      let own = Array(sentences[first..<min(first + Self.group, sentences.count)])
      let batch = symbols.symbols(own)
      runner.run(batch, into: &outputs)
      // By step and then by sequence, as the outputs stand.
      var row = 0
      for t in 0..<batch.steps {
        for (b, sentence) in own.enumerated() where t < sentence.count + 2 {
          defer { row += 1 }
          guard t > 0, t <= sentence.count else { continue }
          outputs.withUnsafeBufferPointer { all in
            let logits = UnsafeBufferPointer(rebasing: all[row * width..<(row + 1) * width])
            figures.take(logits: logits, target: Int(own[b][t - 1]), unknown: vocabulary.unknown)
          }
        }
      }
    }
    return figures
  }

  private static let group = 32
}

/// Sentences as a model of this task reads them.
enum FillTokens {
  /// The tokens of each sentence that has some; of a long one, pieces.
  static func cut(_ text: TextSentences, _ configuration: FillConfiguration) -> [[String]] {
    text.sentences.flatMap { sentence -> [[String]] in
      let tokens = configuration.tokenizer.tokens(of: sentence)
      let longest = configuration.longestSentence
      return stride(from: 0, to: tokens.count, by: longest).map {
        Array(tokens[$0..<min($0 + longest, tokens.count)])
      }
    }
  }

  static func encode(
    _ sentences: [[String]], by vocabulary: Vocabulary, source: String
  ) throws(DataError) -> [[Int32]] {
    var encoded: [[Int32]] = []
    for tokens in sentences { encoded.append(try vocabulary.encode(tokens, source: source)) }
    return encoded
  }
}
