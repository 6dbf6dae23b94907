internal import Recurrent
internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent encode`: a text of T tokens with vectors of d numbers becomes T × (h_f + h_r).
struct EncodeVerb: Verb {
  enum Format: String, CaseIterable, Sendable { case npy, safetensors }

  static let layer = Option<Int?>(
    "layer", .integer(in: 0...1_000_000), absent: "the top one", help: "The level, by its number from 0.")
  static let format = Option(
    "format", .choice(of: Format.self), default: .npy, help: "An array for numpy.load, or tensors by name.")
  static let output = Option.required(
    "output", short: "o", .path("FILE"), help: "Where the encoding goes.")
  static let summary = Option<String?>(
    "summary", .path("FILE"), absent: "it is not written",
    help: "Where the sentences' summaries go, as an array; tensors have them.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "encode", summary: "turn a text into the hidden states of both directions",
      discussion: """
        X [T, d], the tokens' vectors, becomes H = [H→ ; H←] [T, h_f + h_r], the states of the forward and of the reverse \
        direction at each token, and the summary [H→_T ; H←_1] of each sentence. The tokens of all sentences stand one \
        below the other. With --format safetensors, the file has "inputs", "states", "summary", and "starts", the row \
        where each sentence begins and where the last one ends. Prints the shapes.
        """,
      arguments: [EmbedVerb.model, EmbedVerb.file],
      options: [
        OptionGroup("Vectors", SentenceInput.cut, Self.layer),
        OptionGroup(
          "Output", Self.format, Self.output, Self.summary, EmbedVerb.overwrite, EmbedVerb.threads,
          StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init(
          "recurrent encode words.model story-english.txt -o states.npy --summary sentences.npy",
          "Two arrays for numpy.load."),
        .init(
          "recurrent encode words.model story-english.txt --format safetensors -o states.safetensors --json",
          "All in one file."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate, .inputOutput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let isArray = arguments[Self.format] == .npy
    if !isArray {
      try arguments.refuse(Self.summary, circumstance: "with --format safetensors, which has it inside")
    }
    if isArray, arguments[Self.output].hasSuffix(".safetensors") {
      throw .usage(
        "'\(arguments[Self.output])' would hold numpy's array, expected a name that ends with .npy; give another name, or --format safetensors"
      )
    }
    let paths = [arguments[Self.output]] + (arguments[Self.summary].map { [$0] } ?? [])
    if arguments[Self.summary] == arguments[Self.output] {
      throw .usage("'--summary' names the file of --output, expected another one; give it a name of its own")
    }
    for path in RunFolder(arguments[EmbedVerb.model]).files {
      try InputSafety.refuse(.file(path), amongOutputs: paths, remedy: "choose another place with -o")
    }
    try InputSafety.refuse(
      arguments[EmbedVerb.file], amongOutputs: paths, remedy: "choose another path")
    let text = try EmbeddedText.read(
      arguments, model: EmbedVerb.model, file: EmbedVerb.file, threads: EmbedVerb.threads, console)
    let asked: VectorLayer = arguments[Self.layer].map { .level($0) } ?? .top
    let layer = try asked.checked(levels: text.levels)
    guard let level = layer.levels(of: text.levels).first else { return .success }
    let states =
      isArray ? text.array(layer, ofSentences: false).serialized() : try text.encoding(level)
    let overwrites = arguments[EmbedVerb.overwrite]
    try commandErrors { try AtomicFile.write(states, to: paths[0], overwrites: overwrites) }
    if let path = arguments[Self.summary] {
      let summary = text.array(layer, ofSentences: true).serialized()
      try commandErrors { try AtomicFile.write(summary, to: path, overwrites: overwrites) }
    }
    try print(text, level, arguments, console)
    return .success
  }

  private func print(
    _ text: EmbeddedText, _ level: Int, _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandError) {
    let (forward, reverse) = text.sizes[level]
    if arguments[StandardOptions.json] {
      try console.print(
        JSONDocument(
          verb: "encode",
          [
            "file": .string(arguments[Self.output]), "sentences": .integer(text.sentences.count),
            "tokens": .integer(text.rows), "input_size": .integer(text.staticSize),
            "level": .integer(level), "forward_size": .integer(forward), "reverse_size": .integer(reverse),
          ]))
      return
    }
    var table = ReportTable(
      [.text("array"), .number("rows"), .number("columns")],
      caption: "\(text.sentences.count) sentences, level \(level)")
    table.append(["X, the tokens' vectors", "\(text.rows)", "\(text.staticSize)"])
    table.append(["H = [H→ ; H←]", "\(text.rows)", "\(forward) + \(reverse)"])
    table.append(["[H→_T ; H←_1]", "\(text.sentences.count)", "\(forward) + \(reverse)"])
    try console.print(table.text())
  }
}
