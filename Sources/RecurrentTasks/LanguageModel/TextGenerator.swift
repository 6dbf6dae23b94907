public import Recurrent
internal import RecurrentCore

/// Continues a text, a token at a time.
///
///     var generator = try TextGenerator(model, prompt: "time traveller", rule: SamplingRule(temperature: 0.7))
///     for _ in 0..<50 { if let token = generator.next() { print(token) } }
public struct TextGenerator {
  /// Whose text it is.
  public let model: LanguageModel
  /// How tokens are drawn.
  public let rule: SamplingRule
  private let inference: InferenceModel<Float>
  private var source: Source
  private var drawn = 0
  private var hasEnded = false
  /// The unknown token, and those of classes: they stand in no text.
  private let excluded: Set<Int>

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
    /// A class that the model's texts did not have; the nearest, and all.
    case unknownClass(String, nearest: String?, known: [String])
    /// A token of the prompt that the vocabulary does not have, and none that stands for it.
    case prompt(DataError)

    public var description: String {
      switch self {
      case .seesItsTarget:
        "the model reads the text from its end too, so it has learned to copy the token that it is asked for and cannot continue a text; train one of forward layers with 'train lm', or ask for words inside a text with 'train fill' and 'fill'; --allow-leak shows what this one says"
      case .emptyPrompt: "the prompt has no token, expected one at least; give --prompt a text"
      case .unknownClass(let name, _, let known) where known.isEmpty:
        "the model learned one text and no classes, expected one of labelled texts for \(quoted(name)); train with 'train lm --label-column', or give --prompt"
      case .unknownClass(let name, let nearest, let known):
        "there is no class \(quoted(name)), expected one of \(known.map(quoted).joined(separator: ", "))\(nearest.map { "; did you mean \(quoted($0))?" } ?? "; give one of them")"
      case .prompt(let error): error.description
      }
    }
  }

  /// Reads the prompt.
  ///
  /// - Parameters:
  ///   - prompt: how the text begins; may be empty where a class is given.
  ///   - label: the class of the text, of a model of labelled texts; `nil`: the prompt alone decides.
  ///   - allowsLeak: whether a model that ``LanguageModel/seesItsTarget`` may babble.
  public init(
    _ model: LanguageModel, prompt: String, fromClass label: String? = nil,
    rule: SamplingRule = SamplingRule(), allowsLeak: Bool = false
  ) throws(Problem) {
    self.model = model
    self.rule = rule
    if model.seesItsTarget && !allowsLeak { throw .seesItsTarget }
    let classes = model.classes
    excluded = Set(
      classes.compactMap { model.vocabulary[ClassTokens.beginning($0)] }
        + (model.vocabulary.unknown.map { [$0] } ?? []))
    var tokens: [Int32] = []
    if let label {
      guard let token = ClassTokens.number(of: label, in: model.vocabulary) else {
        throw .unknownClass(label, nearest: nearestName(to: label, among: classes), known: classes)
      }
      tokens = [Int32(token)]
    }
    do {
      tokens += try model.vocabulary.encode(
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

  /// The next token; `nil` once a text of labelled ones has ended.
  public mutating func next() -> String? {
    if hasEnded { return nil }
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
    let token = Int32(rule.draw(logits, number: drawn, excluding: excluded))
    drawn += 1
    if model.vocabulary.tokens[Int(token)] == ClassTokens.end {
      hasEnded = true
      return nil
    }
    switch source {
    case .stream(var stream, var logits):
      stream.step(symbols: [token], into: &logits)
      source = .stream(stream, logits: logits)
    case .whole(let tokens): source = .whole(tokens + [token])
    }
    return model.vocabulary.tokens[Int(token)]
  }
}
