internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent tag`: a tagger's tags of a text, or of a column of a file.
struct TagVerb: Verb {
  enum Format: String, CaseIterable, Sendable { case text, conll }

  static let model = Argument("MODEL", .path("FOLDER"), help: "Folder that 'train tag' made.")
  static let file = Argument(
    "FILE", .input, help: "A text of one sentence a line, or columns; - is standard input.")
  static let format = Option<Format?>(
    "format", .choice(), absent: "by the file's name: .conll .conllu, else text",
    help: "text: a sentence a line; conll: columns, an empty line between sentences.")
  static let punctuation = Flag(
    "separate-punctuation", help: "Of a text: marks before and behind a word are words of their own.")
  static let probabilities = Flag(
    "probabilities", help: "The probability of each tag besides, all other tags of its sentence left open.")
  static let threads = ThreadCount.option("How many threads compute; they cannot change a result.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "tag", summary: "tag the words of a text",
      discussion: """
        Of a text, one sentence a line, prints a word a line with its tag behind a tab, and an empty line behind each \
        sentence; from a pipe, each line as soon as it has come. Of columns, prints the file with the tags in the label column, \
        or in one more column where there is none, and every other byte as it was. With --json, an object a line for \
        each sentence: its "tokens" and "tags", and its "entities" where tags are of some.
        """,
      arguments: [Self.model, Self.file],
      options: [
        OptionGroup(
          "Reading", Self.format, ColumnOptions.laterToken, ColumnOptions.laterLabel, Self.punctuation),
        OptionGroup(
          "Output", Self.probabilities, Self.threads, StandardOptions.jsonLines, StandardOptions.quiet),
      ],
      examples: [
        .init(
          "echo 'Anna Weber lives in Rome .' | recurrent tag names.model -",
          "Names in a sentence from a pipe."),
        .init(
          "recurrent tag names.model tagged-english.conll --probabilities --json", "Columns, for a program."),
        .init(
          "recurrent tag chinese.model tagged-chinese.conll > tagged.conll", "The same file with other tags."),
      ],
      exitCodes: [.data, .noInput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let source = arguments[Self.file]
    let tagger = try commandErrors { try TaggerFolder(arguments[Self.model]).read() }
    var output = TaggingOutput(
      tagger: tagger, needsProbabilities: arguments[Self.probabilities],
      isJSON: arguments[StandardOptions.jsonLines],
      threads: ThreadCount.read(Self.threads, arguments, console), console: console)
    switch arguments[Self.format] ?? Self.format(of: source) {
    case .conll:
      try arguments.refuse(
        Self.punctuation, circumstance: "for columns, which have words already",
        remedy: "leave it out, or give --format text")
      let configuration = ColumnOptions.configuration(tagger, arguments)
      try commandErrors {
        let input = try TableInput(source, console: console)
        // A pipe may bring nothing; a file that is named has something.
        if source == .standardInput && input.bytes.allSatisfy(Self.isBlank) { return }
        let file = try ColumnFile(input.bytes, source: input.name)
        try ColumnOptions.requireColumns(of: file, tagger, arguments)
        try output.write(
          file, tokens: configuration.tokenColumn ?? 1,
          labels: configuration.labelColumn ?? 2, isNamed: arguments.isGiven(ColumnOptions.laterLabel))
      }
    case .text:
      try arguments.refuse(
        ColumnOptions.laterToken, ColumnOptions.laterLabel, circumstance: "for a text, which has no columns",
        remedy: "leave it out, or give --format conll")
      var tokenizer = tagger.configuration.tokenizer
      if tokenizer.unit != .words {
        try arguments.refuse(
          Self.punctuation, circumstance: "for a tagger of characters, which cuts everywhere",
          remedy: "leave it out")
      }
      tokenizer.separatesPunctuation = arguments[Self.punctuation]
      // Lines without a word are left out.
      func sentences(_ lines: [String]) -> [[String]] {
        lines.map { tokenizer.tokens(of: $0).filter { !$0.allSatisfy(\.isWhitespace) } }
          .filter { !$0.isEmpty }
      }
      var lines = TextLineReader(TableInput.name(of: source))
      var hints = PlainTextHints(tagger, arguments, console)
      switch source {
      case .file:
        let input = try commandErrors { try TableInput(source, console: console) }
        let texts = try lines.take(input.bytes) + lines.end()
        hints.look(at: texts, in: lines.name)
        try output.write(sentences(texts))
        if output.words.count == 0 {
          throw CommandError(
            "\(lines.name): found no word, expected a sentence a line; give a file with text", exitCode: .data
          )
        }
      case .standardInput:
        while let bytes = try console.readSomeStandardInput() {
          let texts = try lines.take(bytes)
          hints.look(at: texts, in: lines.name)
          try output.write(sentences(texts))
        }
        let last = try lines.end()
        hints.look(at: last, in: lines.name)
        try output.write(sentences(last))
      }
    }
    output.words.note(
      TableInput.name(of: source), what: "words",
      consequence: "have no vector of their own: the model reads the unknown word's in their place", console)
    return .success
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  static func format(of source: InputSource) -> Format {
    guard case .file(let name) = source else { return .text }
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    return plain.hasSuffix(".conll") || plain.hasSuffix(".conllu") ? .conll : .text
  }
}
