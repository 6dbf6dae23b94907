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
