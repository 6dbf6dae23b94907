/// Every cell of a text, in rows of equal length.
struct CSVGrid: Sendable {
  let text: TextSource
  let columnCount: Int
  let rowCount: Int
  private let cells: [CSVCell]

  /// - Throws: what `CSVScanner` throws, `empty`, or `ragged` with the line of the row.
  init(_ text: TextSource, delimiter: CSVDelimiter) throws(DataError) {
    var scanner = CSVScanner(text, delimiter: delimiter.byte)
    var cells: [CSVCell] = []
    var width = 0
    // Blank lines at the end of a file are how editors leave it; one with rows below it is a row with too few cells.
    var firstBlank: CSVCell?
    while true {
      let start = cells.count
      guard try scanner.nextRow(&cells) else { break }
      let count = cells.count - start
      if count == 1, Self.isBlankLine(cells[start], in: text) {
        if firstBlank == nil, width > 1 { firstBlank = cells[start] }
        if width != 1 {
          cells.removeLast()
          continue
        }
      } else if let blank = firstBlank {
        throw .text(.emptyLine, at: Self.line(of: blank, in: text))
      }
      if width == 0 { width = count }
      guard count == width else {
        let first = start / width
        if first <= Self.mostFirstLines, try scanner.hasRows(of: count, atLeast: first) {
          throw .text(
            .otherFirstLines(count: first, cells: width, expected: count),
            at: Self.line(of: cells[0], in: text))
        }
        throw .text(.ragged(cells: count, expected: width), at: Self.line(of: cells[start], in: text))
      }
    }
    while width == 1, let last = cells.last, Self.isBlankLine(last, in: text) { cells.removeLast() }
    guard width > 0 else { throw .text(.empty, at: DataError.Place(text.name)) }
    self.text = text
    self.cells = cells
    columnCount = width
    rowCount = cells.count / width
  }

  /// More lines than this are no remarks above a header.
  private static let mostFirstLines = 10

  func cell(row: Int, column: Int) -> CSVCell { cells[row * columnCount + column] }

  func place(row: Int, column: Int) -> DataError.Place {
    let cell = cell(row: row, column: column)
    let start = Int(cell.start)
    return text.place(Self.isQuoted(cell, in: text) ? start - 1 : start)
  }

  func isQuoted(_ cell: CSVCell) -> Bool { Self.isQuoted(cell, in: text) }

  /// A cell's text: quoted cells as they are with doubled marks made single, others without blanks at either end.
  func string(_ cell: CSVCell) -> String {
    let range = Int(cell.start)..<Int(cell.end)
    guard isQuoted(cell) else { return String(decoding: text.bytes[trimmed(range)], as: UTF8.self) }
    let string = String(decoding: text.bytes[range], as: UTF8.self)
    return string.contains("\"")
      ? string.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"") : string
  }

  /// A cell's bytes without blanks at either end, quoted or not: for numbers, times and words for missing.
  func trimmed(_ cell: CSVCell) -> Range<Int> { trimmed(Int(cell.start)..<Int(cell.end)) }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    while start < end, isBlank(text.bytes[start]) { start += 1 }
    while start < end, isBlank(text.bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  /// No cell without quotes can follow a quotation mark, so the byte before a cell tells.
  private static func isQuoted(_ cell: CSVCell, in text: TextSource) -> Bool {
    cell.start > 0 && text.bytes[Int(cell.start) - 1] == .quote
  }

  private static func isBlankLine(_ cell: CSVCell, in text: TextSource) -> Bool {
    cell.start == cell.end && !isQuoted(cell, in: text)
  }

  private static func line(of cell: CSVCell, in text: TextSource) -> DataError.Place {
    var place = text.place(isQuoted(cell, in: text) ? Int(cell.start) - 1 : Int(cell.start))
    place.column = nil
    return place
  }
}
