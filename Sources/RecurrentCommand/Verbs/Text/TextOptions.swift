internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// How a text is cut into tokens.
struct TextOptions: Sendable {
  let unit: Option<TokenUnit>
  let folding: Option<TextFolding>
  let punctuation: Flag
  let minimumCount: Option<Int>
  let limit: Option<Int?>

  /// - Parameters:
  ///   - tokenizer: the task's own.
  ///   - rule: of its vocabulary.
  init(_ tokenizer: Tokenizer, _ rule: Vocabulary.Rule) {
    unit = Option(
      "unit", .choice(of: TokenUnit.self), default: tokenizer.unit,
      help: "What a token is; characters for scripts without spaces.")
    folding = Option(
      "fold", .choice(of: TextFolding.self), default: tokenizer.folding,
      help: "lowercase, or letters: small letters with single spaces between, nothing else.")
    punctuation = Flag(
      "separate-punctuation", help: "Of words: marks before and behind a word are tokens of their own.")
    minimumCount = Option(
      "minimum-count", .integer(in: 1...1_000_000_000), default: rule.minimumCount,
      help: "Rarer tokens are unknown ones.")
    limit = Option(
      "vocabulary", .integer(in: 2...Vocabulary.largestCount), absent: rule.limit.map { "\($0)" } ?? "all",
      help: "Most tokens of the vocabulary; the rarest are unknown ones.")
  }

  var group: OptionGroup { OptionGroup("Text", unit, folding, punctuation, minimumCount, limit) }

  func tokenizer(_ arguments: ParsedArguments) throws(CommandError) -> Tokenizer {
    if arguments[unit] != .words {
      try arguments.refuse(
        punctuation, circumstance: "with \(arguments.spelled(unit)), which cuts everywhere",
        remedy: "leave it out, or give --unit words")
    }
    return Tokenizer(
      arguments[unit], folding: arguments[folding], separatesPunctuation: arguments[punctuation])
  }

  func rule(_ arguments: ParsedArguments, _ usual: Vocabulary.Rule) -> Vocabulary.Rule {
    var rule = usual
    rule.minimumCount = arguments[minimumCount]
    rule.limit = arguments[limit] ?? usual.limit
    return rule
  }
}

extension TokenCorpus {
  /// The tokens of a file in bounded memory, or of the standard input; labelled texts are read whole.
  ///
  /// - Parameter vocabulary: `nil`: the text's own, by the configuration's rule.
  static func read(
    _ source: InputSource, _ configuration: LanguageModelConfiguration, vocabulary: Vocabulary? = nil,
    _ console: Console
  ) throws -> TokenCorpus {
    let (tokenizer, rule) = (configuration.tokenizer, configuration.vocabulary)
    let documents = configuration.documents
    if let reading = configuration.classes {
      let data = try ClassifierData.read(source, reading, console)
      guard case .texts(let texts) = data.examples else {
        throw CommandError.usage("'--label-column' is for a table of texts")
      }
      return try TokenCorpus(
        texts, source: data.source, tokenizer: tokenizer, rule: rule, vocabulary: vocabulary)
    }
    switch source {
    case .file(let path):
      if let vocabulary {
        return try TokenCorpus(
          contentsOf: path, tokenizer: tokenizer, vocabulary: vocabulary, documents: documents)
      }
      return try TokenCorpus(
        contentsOf: path, tokenizer: tokenizer, documents: documents, rule: rule)
    case .standardInput:
      let name = TableInput.standardInputName
      let bytes = try console.readStandardInput(limit: DataFile.defaultLimit)
      if let vocabulary {
        return try TokenCorpus(
          bytes: bytes, source: name, tokenizer: tokenizer, vocabulary: vocabulary, documents: documents)
      }
      return try TokenCorpus(
        bytes: bytes, source: name, tokenizer: tokenizer, documents: documents, rule: rule)
    }
  }
}
