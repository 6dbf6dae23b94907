public import Recurrent

/// Continues a text, a token at a time.
///
///     var generator = try TextGenerator(model, prompt: "time traveller", rule: SamplingRule(temperature: 0.7))
///     for _ in 0..<50 { print(generator.next()) }
public struct TextGenerator {
  /// Whose text it is.
  public let model: LanguageModel
  /// How tokens are drawn.
  public let rule: SamplingRule
  private let inference: InferenceModel<Float>
  private var source: Source
  private var drawn = 0

  private enum Source {
    /// A forward model: its state, and the logits of what comes next.
    case stream(InferenceStream<Float>, logits: [Float])
    /// A model that reads ahead: all tokens so far, which it is run on anew for every one.
    case whole([Int32])
  }

  /// Why a text cannot be continued.
  public enum Problem: Error, Sendable, CustomStringConvertible {
    /// The model sees the token that it is asked for, so it has not learned to continue a text.
    case seesItsTarget
    /// A prompt without a token.
    case emptyPrompt
    /// A token of the prompt that the vocabulary does not have, and none that stands for it.
    case prompt(DataError)

    public var description: String {
      switch self {
      case .seesItsTarget:
        "the model reads the text from its end too, so it has learned to copy the token that it is asked for and cannot continue a text; train one of forward layers with 'train lm', or ask for words inside a text with 'train fill' and 'fill'; --allow-leak shows what this one says"
      case .emptyPrompt: "the prompt has no token, expected one at least; give --prompt a text"
      case .prompt(let error): error.description
      }
    }
  }

  /// Reads the prompt.
  ///
  /// - Parameter allowsLeak: whether a model that ``LanguageModel/seesItsTarget`` may babble.
  public init(
    _ model: LanguageModel, prompt: String, rule: SamplingRule = SamplingRule(), allowsLeak: Bool = false
  ) throws(Problem) {
    self.model = model
    self.rule = rule
    if model.seesItsTarget && !allowsLeak { throw .seesItsTarget }
    let tokens: [Int32]
    do {
      tokens = try model.vocabulary.encode(
        model.configuration.tokenizer.tokens(of: prompt), source: "--prompt")
    } catch {
      throw .prompt(error)
    }
    if tokens.isEmpty { throw .emptyPrompt }
    inference = InferenceModel(model.network, parameters: model.parameters)
    do {
      var stream = try inference.stream()
      var logits: [Float] = []
      for token in tokens { stream.step(symbols: [token], into: &logits) }
      source = .stream(stream, logits: logits)
    } catch {
      source = .whole(tokens)
    }
  }

  /// The next token.
  public mutating func next() -> String {
    let logits: [Float]
    switch source {
    case .stream(_, let next): logits = next
    case .whole(let tokens):
      let runner = inference.runner()
      var outputs: [Float] = []
      runner.run(
        SymbolBatch(
          steps: tokens.count, batchSize: 1, vocabulary: model.vocabulary.count, symbols: tokens),
        into: &outputs)
      logits = Array(outputs.suffix(model.vocabulary.count))
    }
    let token = Int32(rule.draw(logits, number: drawn, excluding: model.vocabulary.unknown))
    drawn += 1
    switch source {
    case .stream(var stream, var logits):
      stream.step(symbols: [token], into: &logits)
      source = .stream(stream, logits: logits)
    case .whole(let tokens): source = .whole(tokens + [token])
    }
    return model.vocabulary.tokens[Int(token)]
  }
}
