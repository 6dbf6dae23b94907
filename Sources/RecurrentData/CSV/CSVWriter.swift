/// Writes rows as comma-separated values that every reader of RFC 4180 understands.
public enum CSVWriter {
  /// A cell, in quotation marks where it holds a comma, a quotation mark, a line end, or blanks at an end.
  public static func cell(_ text: String) -> String {
    let isPlain = !text.utf8.contains {
      [UInt8(ascii: ","), .quote, .lineFeed, .carriageReturn].contains($0)
    }
    let hasBlankEnd = text.first == " " || text.last == " " || text.first == "\t" || text.last == "\t"
    return isPlain && !hasBlankEnd
      ? text
      : "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// A row with its line end (LF).
  public static func row(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\n" }
}
