internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent embed`: the vectors of a text's tokens and sentences.
struct EmbedVerb: Verb {
  enum Format: String, CaseIterable, Sendable { case json, npy, safetensors }

  static let model = Argument("MODEL", .path("FOLDER"), help: "Folder that 'train lm' or 'train fill' made.")
  static let file = Argument("FILE", .input, help: "Text in UTF-8; - is standard input.")
  static let layer = Option(
    "layer", .vectorLayer, default: .top,
    help:
      "Hidden states of the top level, of a level by its number from 0, of all; or static, the tokens' own.")
  static let tokens = Flag("tokens", help: "The tokens' vectors alone.")
  static let sentences = Flag("sentences", help: "The sentences' summaries alone.")
  static let cosine = Option<String?>(
    "cosine", .text("TOKEN"), absent: "none",
    help: "In place of vectors: the cosine of every two places where the token stands.")
  static let format = Option(
    "format", .choice(of: Format.self), default: .json,
    help: "json, an object a line for each sentence; an array for numpy.load; or tensors by name.")
  static let output = Option(
    "output", short: "o", .output, default: .standardOutput,
    help: "Where the vectors go; - is standard output, of JSON alone.")
  static let overwrite = Flag("overwrite", help: "Replace the file where it exists.")
  static let json = Flag("json", help: "Of --cosine: one JSON document with a versioned schema.")
  static let threads = ThreadCount.option("That share sentences; they cannot change a result.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "embed", summary: "give the vectors of a text's tokens and sentences",
      discussion: """
        A token's static vector depends on the token alone: its row of the embedding, or of a model without one its \
        column of the first layer's input weights. Its contextual vector is the hidden states of the directions, one \
        behind the other, at its place. A sentence's summary is what the forward direction ends with at the last token, and the \
        reverse one at the first. Every sentence is read alone, whatever stands beside it in the file.

        In an array (npy) the tokens of all sentences stand one below the other; tensors (safetensors) have \
        "static", "level.K.forward" and "level.K.reverse" by token, "level.K.summary" by sentence, the tokens' "ids", and "starts", the row where each sentence begins and where the last one ends.
        """,
      arguments: [Self.model, Self.file],
      options: [
        OptionGroup("Vectors", SentenceInput.cut, Self.layer, Self.tokens, Self.sentences, Self.cosine),
        OptionGroup(
          "Output", Self.format, Self.output, Self.overwrite, Self.threads, Self.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent embed words.model story-english.txt --sentences", "A vector for each sentence."),
        .init("recurrent embed words.model story-english.txt --format npy -o tokens.npy", "For numpy.load."),
        .init(
          "recurrent embed words.model story-english.txt --cosine bank --json",
          "One word, in all of its contexts."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate, .inputOutput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    try refuseContradictions(arguments)
    if arguments[Self.cosine] == nil, arguments[Self.format] == .json {
      try VectorLines(arguments, console).write()
      return .success
    }
    let text = try EmbeddedText.read(
      arguments, model: Self.model, file: Self.file, threads: Self.threads, console)
    let layer = try arguments[Self.layer].checked(levels: text.levels)
    if let token = arguments[Self.cosine] {
      try CosineTable(text, token: token, layer: layer).print(isJSON: arguments[Self.json], console)
      return .success
    }
    let bytes =
      arguments[Self.format] == .npy
      ? text.array(layer, ofSentences: arguments[Self.sentences]).serialized()
      : try text.tensors(Self.parts(arguments, layer))
    // Standard output has been refused.
    if case .file(let path) = arguments[Self.output] {
      try commandErrors { try AtomicFile.write(bytes, to: path, overwrites: arguments[Self.overwrite]) }
      console.note(
        "\(counted(text.rows, "token")) in \(counted(text.sentences.count, "sentence")): \(path)")
    }
    return .success
  }

  static func parts(_ arguments: ParsedArguments, _ layer: VectorLayer) -> VectorParts {
    VectorParts(layer: layer, hasTokens: !arguments[sentences], hasSentences: !arguments[tokens])
  }

  private func refuseContradictions(_ arguments: ParsedArguments) throws(CommandError) {
    try arguments.refuseBoth(Self.tokens, Self.sentences, reason: "without either, both are given")
    if arguments[Self.cosine] != nil {
      try arguments.refuse(
        Self.tokens, Self.sentences, Self.format, Self.output, Self.overwrite,
        circumstance: "with --cosine, which prints a table")
    } else {
      try arguments.refuse(Self.json, circumstance: "without --cosine: vectors are --format json")
    }
    if arguments[Self.layer] == .staticVectors {
      try arguments.refuse(
        Self.sentences, circumstance: "with --layer static: a summary is made of hidden states")
    }
    guard case .file(let path) = arguments[Self.output] else {
      if arguments[Self.format] != .json {
        throw .usage("embed: \(arguments.spelled(Self.format)) is no text, expected -o with a path")
      }
      return try arguments.refuse(Self.overwrite, circumstance: "on standard output")
    }
    if arguments[Self.format] == .npy && arguments[Self.layer] == .all {
      throw .usage(
        "embed: one array cannot hold levels of different sizes; give --layer one of them, or --format safetensors"
      )
    }
    try InputSafety.refuse(
      arguments[Self.file], amongOutputs: [path], remedy: "choose another path with -o")
  }
}

/// Which vectors are asked for.
enum VectorLayer: Sendable, Hashable {
  case staticVectors
  case level(Int)
  case top
  case all

  /// With the top level by its number.
  ///
  /// - Throws: where there is no such level.
  func checked(levels: Int) throws(CommandError) -> VectorLayer {
    switch self {
    case .top: return .level(levels - 1)
    case .level(let level) where level >= levels:
      throw .usage(
        "--layer \(level): the model has levels 0 to \(levels - 1); give one of them, or top, all, static")
    default: return self
    }
  }

  /// Levels that are asked for.
  func levels(of count: Int) -> Range<Int> {
    switch self {
    case .staticVectors: 0..<0
    case .level(let level): level..<level + 1
    case .top: count - 1..<count
    case .all: 0..<count
    }
  }
}

extension ValueKind where Value == VectorLayer {
  static var vectorLayer: ValueKind {
    ValueKind(placeholder: "LAYER", expectation: "top, all, static, or a level's number from 0") {
      text throws(ValueProblem) in
      switch text {
      case "top": return .top
      case "all": return .all
      case "static": return .staticVectors
      default:
        guard let level = Int(text), level >= 0 else { throw ValueProblem() }
        return .level(level)
      }
    } describe: {
      switch $0 {
      case .top: "top"
      case .all: "all"
      case .staticVectors: "static"
      case .level(let level): "\(level)"
      }
    }
  }
}
