internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// Which columns of a file are read.
enum ColumnOptions {
  static let token = Option<ColumnKey?>(
    "token-column", .column, absent: "form of CoNLL-U, else the first",
    help: "The column of the words, from 1 or by its name in CoNLL-U.")
  static let label = Option<ColumnKey?>(
    "label-column", .column, absent: "upos of CoNLL-U, else the last",
    help: "The column of the tags, from 1 or by its name in CoNLL-U.")

  static let laterToken = Option<ColumnKey?>(
    "token-column", .column, absent: "as in training", help: "Of a tagger, the column of the words.")
  static let laterLabel = Option<ColumnKey?>(
    "label-column", .column, absent: "as in training", help: "Of a tagger, the column of the tags.")

  /// The settings with the columns of another file.
  static func configuration(_ tagger: Tagger, _ arguments: ParsedArguments) -> TaggerConfiguration {
    var configuration = tagger.configuration
    if let token = arguments[laterToken] { configuration.tokenColumn = token }
    if let label = arguments[laterLabel] { configuration.labelColumn = label }
    return configuration
  }
}

extension ValueKind where Value == ColumnKey {
  /// A column by number or by name.
  static var column: ValueKind {
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
