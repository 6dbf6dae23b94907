internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent fill`: what may stand in the gaps of a text.
struct FillVerb: Verb {
  static let model = Argument("MODEL", .path("FOLDER"), help: "Folder that 'train fill' made.")
  static let file = Argument<InputSource?>(
    "FILE", .input, help: "Texts with gaps, one a line; - is standard input.")
  static let text = Option<[String]>.repeated(
    "text", .text("TEXT"), help: "A text with gaps, in place of FILE; may be given several times.")
  static let marker = Option<String?>(
    "marker", .text("TEXT"), absent: "the model's, as trained: ___", help: "What marks a gap.")
  static let top = Option(
    "top", .integer(in: 1...1_000_000), default: 5, help: "Fillings of each gap, the most probable first.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "fill", summary: "say what may stand in the gaps of a text",
      discussion: """
        Prints, for each gap, the most probable tokens with their probabilities, and the entropy of the whole distribution \
        in nats: 0 where one token is sure, log of the vocabulary's size where nothing is known. Each gap stands for one \
        token; several gaps in one text are each filled without knowing what is in the others.
        """,
      arguments: [Self.model, Self.file],
      options: [
        OptionGroup("Gaps", Self.text, Self.marker, Self.top),
        OptionGroup("Output", StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent fill gaps.model --text '我___饿了。'", "One text."),
        .init("recurrent fill gaps.model --text '我___饿了，___吃鱼。' --top 3 --json", "Two gaps, for a program."),
        .init(
          "echo 'the cat drinks ___ .' | recurrent fill words.model -", "From a pipe, a line each."),
      ],
      exitCodes: [.data, .noInput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let texts = try texts(arguments, console)
    let filler = try commandErrors { TextFiller(try FillFolder(arguments[Self.model]).read()) }
    let marker = arguments[Self.marker] ?? filler.model.configuration.marker
    var found: [(text: String, gaps: [FilledGap])] = []
    var unknown = UnknownTokens()
    for (place, text) in texts {
      do {
        found.append((text, try filler.fill(text, top: arguments[Self.top], marker: marker)))
        unknown = unknown + filler.unknownTokens(of: text, marker: marker)
      } catch {
        throw CommandError("\(place): \(error)", exitCode: error.exitCode)
      }
    }
    if arguments[StandardOptions.json] {
      try console.print(
        JSONDocument(
          verb: "fill",
          [
            "texts": .array(found.map { json($0.text, $0.gaps) }), "unknown_tokens": unknown.json,
          ]))
    } else {
      for (text, gaps) in found { try console.print(table(text, gaps).text()) }
    }
    unknown.note(arguments[Self.file].map(TableInput.name) ?? "--text", console)
    return .success
  }

  /// Texts with the words by which errors name them.
  private func texts(
    _ arguments: ParsedArguments, _ console: Console
  ) throws(CommandError) -> [(place: String, text: String)] {
    let given = arguments[Self.text]
    guard let source = arguments[Self.file] else {
      if given.isEmpty {
        throw .usage(
          "fill: no text, expected a FILE with one a line, or --text; write ___ in place of each token that is asked for"
        )
      }
      return given.map { ("--text", $0) }
    }
    if !given.isEmpty {
      throw .usage("fill: '--text' and FILE exclude each other: both are the text; give one of them")
    }
    let sentences = try commandErrors { try SentenceInput.read(source, .lines, console) }
    return zip(sentences.lines, sentences.sentences).map { ("\(sentences.source): line \($0)", $1) }
  }

  private func table(_ text: String, _ gaps: [FilledGap]) -> ReportTable {
    var table = ReportTable(
      [.number("gap"), .text("token"), .number("probability"), .number("entropy, nats")], caption: text)
    for (number, gap) in gaps.enumerated() {
      for (rank, filling) in gap.fillings.enumerated() {
        table.append([
          rank == 0 ? "\(number + 1)" : "", Self.visible(filling.token),
          NumberFormat.fixed(4).text(filling.probability),
          rank == 0 ? NumberFormat.fixed(3).text(gap.entropy) : "",
        ])
      }
    }
    return table
  }

  /// A token of white space by its numbers.
  private static func visible(_ token: String) -> String {
    guard token.allSatisfy(\.isWhitespace) else { return token }
    return token.unicodeScalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }
      .joined(separator: " ")
  }

  private func json(_ text: String, _ gaps: [FilledGap]) -> JSONValue {
    [
      "text": .string(text),
      "gaps": .array(
        gaps.map { gap in
          [
            "position": .integer(gap.position), "entropy": .number(gap.entropy),
            "fillings": .array(
              gap.fillings.map {
                ["token": .string($0.token), "probability": .number($0.probability)]
              }),
          ]
        }),
    ]
  }
}
