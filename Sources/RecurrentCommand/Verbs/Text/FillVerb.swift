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
        token; several gaps in one text are each filled without knowing what is in the others. From a pipe, each line is \
        answered as soon as it has come. With --json, an object a line for each text.
        """,
      arguments: [Self.model, Self.file],
      options: [
        OptionGroup("Gaps", Self.text, Self.marker, Self.top),
        OptionGroup("Output", StandardOptions.jsonLines, StandardOptions.quiet),
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
    let texts = arguments[Self.text]
    let source = arguments[Self.file]
    if source == nil, texts.isEmpty {
      throw .usage(
        "fill: no text, expected a FILE with one a line, or --text; write ___ in place of each token that is asked for"
      )
    }
    if source != nil, !texts.isEmpty {
      throw .usage("fill: '--text' and FILE exclude each other: both are the text; give one of them")
    }
    let filler = try commandErrors { TextFiller(try FillFolder(arguments[Self.model]).read()) }
    let marker = arguments[Self.marker] ?? filler.model.configuration.marker
    var unknown = UnknownTokens()
    func answer(_ text: String, at place: String) throws(CommandError) {
      let gaps: [FilledGap]
      do {
        gaps = try filler.fill(text, top: arguments[Self.top], marker: marker)
      } catch {
        throw CommandError("\(place): \(error)", exitCode: error.exitCode)
      }
      let own = filler.unknownTokens(of: text, marker: marker)
      unknown = unknown + own
      if arguments[StandardOptions.jsonLines] {
        let line = try commandErrors { try json(text, gaps, own).text() }
        try console.write(Array((line + "\n").utf8))
      } else {
        try console.print(table(text, gaps).text())
      }
    }
    for text in texts { try answer(text, at: "--text") }
    if let source {
      let stream = SentenceStream(source: source, cut: .lines, console: console)
      try stream.forEachGroup { sentences throws(CommandError) in
        for (line, text) in sentences { try answer(text, at: "\(stream.name): line \(line)") }
      }
    }
    unknown.note(source.map(TableInput.name) ?? "--text", console)
    return .success
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

  private func json(_ text: String, _ gaps: [FilledGap], _ unknown: UnknownTokens) -> JSONValue {
    [
      "schema": "recurrent.filled/1", "text": .string(text), "unknown_tokens": unknown.json,
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
