internal import Recurrent
internal import RecurrentCore
internal import RecurrentData

/// `recurrent convert tags`: the tags of entities in a column, in another scheme; every other byte as it was.
struct ConvertTagsVerb: Verb {
  static let file = Argument("FILE", .input, help: "Words and tags in columns (CoNLL); - is standard input.")
  static let to = Option.required(
    "to", .choice(of: TagScheme.self),
    help: "The scheme to write: iob1 (B- only between neighbours), bio (IOB2), bioes (IOBES).")
  static let from = Option<TagScheme?>(
    "from", .choice(), absent: "as the tags say", help: "The scheme that the tags are in.")
  static let label = Option<ColumnKey?>(
    "label-column", .conlluColumn, absent: "the last",
    help: "The column of the tags, from 1 or by its name in CoNLL-U.")
  static let repair = Flag(
    "repair", help: "Read tags that the scheme does not allow as conlleval does, in place of an error.")
  static let output = Option(
    "output", short: "o", .output, default: .standardOutput,
    help: "Where the file goes; - is standard output.")
  static let overwrite = Flag("overwrite", help: "Replace the output file where it exists.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "convert tags", summary: "write tags of entities in another scheme",
      discussion: """
        Writes the file with the tags of one column in another scheme: the same entities, written as iob1, bio or bioes. \
        Every other byte is as it was: other columns, remarks, blank lines, line ends. A tag that the scheme does not allow \
        is an error with line and column; --repair reads it as conlleval does.
        """,
      arguments: [Self.file],
      options: [
        OptionGroup("Tags", Self.to, Self.from, Self.label, Self.repair),
        OptionGroup("Output", Self.output, Self.overwrite, StandardOptions.quiet),
      ],
      examples: [
        .init(
          "recurrent convert tags tagged-english.conll --label-column 2 --to bioes -o bioes.conll",
          "The bundled text, in BIOES."),
        .init(
          "recurrent convert tags bioes.conll --from bioes --label-column 2 --to iob1",
          "From a scheme by its name, to standard output."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate, .inputOutput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let source = arguments[Self.file]
    if case .file(let path) = arguments[Self.output] {
      try InputSafety.refuse(source, amongOutputs: [path], remedy: "choose another path with -o")
    } else {
      try arguments.refuse(Self.overwrite, circumstance: "on standard output")
    }
    let (bytes, note) = try commandErrors { try convert(arguments, console) }
    switch arguments[Self.output] {
    case .standardOutput: try console.write(bytes)
    case .file(let path):
      try commandErrors { try AtomicFile.write(bytes, to: path, overwrites: arguments[Self.overwrite]) }
    }
    console.note(note)
    return .success
  }

  private func convert(_ arguments: ParsedArguments, _ console: Console) throws -> ([UInt8], String) {
    let input = try TableInput(arguments[Self.file], console: console)
    let file = try ColumnFile(input.bytes, source: input.name)
    // The last column has to be the same one everywhere.
    if arguments[Self.label] == nil { try file.requireEvenColumns() }
    let key = arguments[Self.label] ?? .number(file.columnCount)
    let column = try EntityColumn(file, column: key)
    let repairs = arguments[Self.repair]
    let scheme: String
    if let from = arguments[Self.from] {
      if !repairs, let violation = column.violations(of: from).first { throw violation }
      scheme = from.rawValue
    } else {
      do throws(DataError) {
        scheme = try column.scheme().rawValue
      } catch {
        guard repairs else { throw error }
        scheme = "mixed tags"
      }
    }
    let target = arguments[Self.to]
    // A tag that stays is written as it was, also where Unicode spells types of one entity differently.
    let tags = column.sentences.map { own in
      zip(own, target.repaired(own)).map { $0 == $1 ? $0 : $1 }
    }
    let changed = zip(column.sentences, tags).reduce(0) { $0 + zip($1.0, $1.1).count { $0 != $1 } }
    return (
      try file.replacing(key, with: tags.map { $0.map(\.description) }),
      "\(file.source): from \(scheme) to \(target.rawValue); \(changed) of \(file.wordCount) tags are written otherwise"
    )
  }
}
