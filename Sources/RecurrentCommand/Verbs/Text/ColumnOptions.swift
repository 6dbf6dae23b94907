internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// Which columns of a file are read.
enum ColumnOptions {
  static let token = Option<ColumnKey?>(
    "token-column", .conlluColumn, absent: "form of CoNLL-U, else the first",
    help: "The column of the words, from 1 or by its name in CoNLL-U.")
  static let label = Option<ColumnKey?>(
    "label-column", .conlluColumn, absent: "upos of CoNLL-U, else the last",
    help: "The column of the tags, from 1 or by its name in CoNLL-U.")

  static let laterToken = Option<ColumnKey?>(
    "token-column", .conlluColumn, absent: "as in training", help: "Of a tagger, the column of the words.")
  /// One option for whatever has labels in a column.
  static let laterLabel = Option<ColumnKey?>(
    "label-column", .column, absent: "as in training", help: "The column of the tags, or of the labels.")

  /// The settings with the columns of another file.
  static func configuration(_ tagger: Tagger, _ arguments: ParsedArguments) -> TaggerConfiguration {
    var configuration = tagger.configuration
    if let token = arguments[laterToken] { configuration.tokenColumn = token }
    if let label = arguments[laterLabel] { configuration.labelColumn = label }
    return configuration
  }

  /// Refuses a file whose columns are counted otherwise than those of the file that a tagger learned from, unless the command line
  /// names them: words would be taken from another column.
  static func requireColumns(
    of file: ColumnFile, _ tagger: Tagger, _ arguments: ParsedArguments
  ) throws(CommandError) {
    if arguments[laterToken] != nil { return }
    try requireColumns(
      of: file, tagger, remedy: "say where words and tags stand",
      named: "--token-column form --label-column upos", numbered: "--token-column 1 --label-column 2")
  }

  /// - Parameters:
  ///   - named: what a remedy for CoNLL-U is.
  ///   - numbered: what one for other columns is.
  static func requireColumns(
    of file: ColumnFile, _ tagger: Tagger, remedy: String, named: String, numbered: String
  ) throws(CommandError) {
    guard let own = tagger.configuration.tokenColumn else { return }
    let isNamed = if case .name = own { true } else { false }
    guard isNamed != file.isNumbered else { return }
    throw CommandError(
      isNamed
        ? "\(file.source): found columns without word numbers, but the model's words stood in column \(own) of CoNLL-U; \(remedy), as in \(numbered)"
        : "\(file.source): found CoNLL-U, with word numbers in column 1, but the model's words stood in column \(own) of a file without them; \(remedy), as in \(named)",
      exitCode: .data)
  }
}

extension ValueKind where Value == ColumnKey {
  /// A column by its number, or by its name in CoNLL-U.
  static var conlluColumn: ValueKind {
    ValueKind(
      placeholder: "COLUMN",
      expectation: "a number from 1, or one of \(ColumnKey.conlluNames.joined(separator: ", "))"
    ) { text throws(ValueProblem) in
      let key = ColumnKey(parsing: text)
      switch key {
      case .number(let number) where number >= 1: return key
      case .name(let name) where ColumnKey.conlluNames.contains(name.lowercased()): return key
      default: throw ValueProblem()
      }
    } describe: {
      $0.description
    }
  }
}
