/// Why a text is not a table of comma-separated values (RFC 4180).
public enum TextFault: Equatable, Sendable {
  /// No byte at all, or nothing but blank lines.
  case empty
  /// A header and no rows.
  case headerOnly
  /// A byte that no character of UTF-8 has at that place.
  case notUTF8(byte: UInt8)
  /// The file starts with the byte order mark of UTF-16.
  case utf16
  /// A byte 0, which no text has.
  case nulByte
  /// A quoted cell that never ends; the place is where it begins.
  case unterminatedQuote
  /// A quotation mark inside a cell that does not begin with one.
  case strayQuote
  /// Something other than a delimiter or a line end after a closing quotation mark.
  case textAfterQuote
  /// A row with another number of cells than the first one.
  case ragged(cells: Int, expected: Int)
  /// An empty line with rows below it.
  case emptyLine
  /// First lines that have another number of cells than all others, as remarks above a header have.
  case otherFirstLines(count: Int, cells: Int, expected: Int)
  /// Two delimiters cut the text into equally regular tables.
  case ambiguousDelimiter(first: CSVDelimiter, columns: Int, second: CSVDelimiter, secondColumns: Int)
  /// A line with fewer columns than are asked for.
  case missingColumn(found: Int, needed: Int)
  /// A line with another number of columns than an earlier one, where the last column is meant.
  case otherColumns(found: Int, expected: Int, line: Int)
  /// A column name that an earlier column has; columns count from 1.
  case duplicateColumn(name: String, firstColumn: Int)
}

extension TextFault: DataFault {
  var category: DataError.Category { .badData }

  var explanation: Explanation {
    switch self {
    case .empty:
      Explanation(
        finding: "the file is empty", expectation: "data",
        remedy: "give a file with data")
    case .headerOnly:
      Explanation(
        finding: "there is a header and no row below it", expectation: "at least one row",
        remedy: "give a file with data, or --header no if the first line is a row",
        plainRemedy: "give a file with a header and rows")
    case .notUTF8(let byte):
      Explanation(
        finding: "byte \(byte) (hexadecimal \(String(byte, radix: 16))) is not UTF-8",
        expectation: "text in UTF-8",
        remedy: "convert the file, for example with iconv -f ISO-8859-1 -t UTF-8")
    case .utf16:
      Explanation(
        finding: "the text is UTF-16", expectation: "text in UTF-8",
        remedy: "convert the file with iconv -f UTF-16 -t UTF-8")
    case .missingColumn(let found, let needed):
      Explanation(
        finding: "\(found) \(found == 1 ? "column" : "columns")", expectation: "at least \(needed)",
        remedy: "name other columns, or correct the line")
    case .otherColumns(let found, let expected, let line):
      Explanation(
        finding: counted(found, "column"), expectation: "\(grouped(expected)) as in line \(grouped(line))",
        remedy:
          "write one word a line in as many columns everywhere; or name a column that all lines have, as with --label-column"
      )
    case .nulByte:
      Explanation(
        finding: "a NUL byte", expectation: "text",
        remedy: "give a text file; this one is binary or damaged")
    case .unterminatedQuote:
      Explanation(
        finding: "a quoted cell begins here and never ends", expectation: "a closing quotation mark",
        remedy: "close it, or double a quotation mark that is part of the text")
    case .strayQuote:
      Explanation(
        finding: "a quotation mark inside a cell that does not begin with one",
        expectation: "quotes around the whole cell",
        remedy: "quote the cell and double the mark inside it")
    case .textAfterQuote:
      Explanation(
        finding: "text after a closing quotation mark", expectation: "a delimiter or the end of the line",
        remedy: "double a quotation mark that is part of the text, or check --delimiter",
        plainRemedy: "double a quotation mark that is part of the text")
    case .ragged(let cells, let expected):
      Explanation(
        finding: counted(cells, "cell") + " in this row",
        expectation: "\(grouped(expected)) as in the first line",
        remedy: "mend the row, or quote a cell that holds the delimiter")
    case .emptyLine:
      Explanation(
        finding: "an empty line", expectation: "a row, or nothing more below it",
        remedy: "remove the line")
    case .otherFirstLines(let count, let cells, let expected):
      Explanation(
        finding: counted(cells, "cell")
          + (count == 1 ? " in the first line" : " in each of the first \(grouped(count)) lines"),
        expectation: "\(grouped(expected)) as in the lines below",
        remedy: "remove what stands above the header, or name every column in it")
    case .ambiguousDelimiter(let first, let columns, let second, let secondColumns):
      Self.ambiguousDelimiter(first, columns, second, secondColumns)
    case .duplicateColumn(let name, let firstColumn):
      Explanation(
        finding: "the column name \(quoted(name)) is used before, in column \(firstColumn) of the table",
        expectation: "a different name for each column", remedy: "rename one of them")
    }
  }

  private static func ambiguousDelimiter(
    _ first: CSVDelimiter, _ columns: Int, _ second: CSVDelimiter, _ secondColumns: Int
  ) -> Explanation {
    Explanation(
      finding:
        "\(first.name) gives \(counted(columns, "column")) and \(second.name) gives \(grouped(secondColumns))",
      expectation: "one delimiter that fits", remedy: "say which with --delimiter",
      plainRemedy: "quote cells that hold a delimiter, or train again with --delimiter")
  }
}
