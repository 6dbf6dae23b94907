/// Rows of cells between any delimiter: by the rules of a ``Table``, but between tabs as they stand.
struct LabelledRows {
  private let text: TextSource
  /// Nil between tabs.
  private let grid: CSVGrid?
  /// Between tabs: lines that are not blank, with their numbers from 1.
  private let lines: [(number: Int, range: Range<Int>)]
  private let hasHeader: Bool
  /// Line on which each row of the grid begins.
  private let rowLines: [Int]

  init(_ text: TextSource, delimiter: CSVDelimiter, hasHeader: Bool) throws(DataError) {
    (self.text, self.hasHeader) = (text, hasHeader)
    if delimiter == .tab {
      (grid, rowLines) = (nil, [])
      lines = TextLines(text).ranges.enumerated().map { ($0 + 1, $1) }.filter {
        !text.bytes[$0.1].isBlankText
      }
      if lines.isEmpty { throw .text(.empty, at: DataError.Place(text.name)) }
    } else {
      guard text.bytes.count <= Int(Int32.max) else {
        throw .file(.tooLarge(limit: Int(Int32.max)), path: text.name)
      }
      let grid = try CSVGrid(text, delimiter: delimiter)
      (self.grid, lines) = (grid, [])
      // Lines that begin at or before a row's first cell; a place by itself costs a pass over the text.
      let starts = TextLines(text).ranges.map(\.lowerBound)
      var line = 0
      rowLines = (0..<grid.rowCount).map { row in
        let start = Int(grid.cell(row: row, column: 0).start)
        while line < starts.count, starts[line] <= start { line += 1 }
        return line
      }
    }
    if hasHeader, count == 0 { throw .text(.headerOnly, at: DataError.Place(text.name)) }
  }

  /// Without the header.
  var count: Int { (grid?.rowCount ?? lines.count) - (hasHeader ? 1 : 0) }

  /// From 1.
  func number(of key: ColumnKey) throws(DataError) -> Int {
    switch key {
    case .number(let number) where number >= 1: return number
    case .number(let number):
      throw .sequence(.unknownColumn(name: "\(number)", nearest: nil), at: DataError.Place(text.name))
    case .name(let name):
      precondition(hasHeader, "LabelledTexts: column \(name) of a file without a header")
      let names = headerNames
      guard let index = names.firstIndex(of: name) else {
        throw .unknownColumn(name, among: names, in: text.name)
      }
      return index + 1
    }
  }

  private var headerNames: [String] {
    if let grid { return (0..<grid.columnCount).map { grid.string(grid.cell(row: 0, column: $0)) } }
    return text.bytes[lines[0].range].split(separator: .tab, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// - Parameters:
  ///   - row: from 0, without the header.
  ///   - column: from 1.
  func cell(_ row: Int, _ column: Int) throws(DataError) -> (text: String, place: DataError.Place) {
    let row = row + (hasHeader ? 1 : 0)
    if let grid {
      guard column <= grid.columnCount else {
        throw .text(
          .missingColumn(found: grid.columnCount, needed: column),
          at: DataError.Place(text.name, line: rowLines[row]))
      }
      return (
        grid.string(grid.cell(row: row, column: column - 1)),
        DataError.Place(text.name, line: rowLines[row])
      )
    }
    let line = lines[row]
    let cells = text.bytes[line.range].split(separator: .tab, omittingEmptySubsequences: false)
    guard cells.count >= column else {
      throw .text(
        .missingColumn(found: cells.count, needed: column),
        at: DataError.Place(text.name, line: line.number))
    }
    let cell = cells[column - 1]
    let before = text.bytes[line.range.lowerBound..<cell.startIndex].count { $0 & 0xC0 != 0x80 }
    return (
      String(decoding: cell, as: UTF8.self),
      DataError.Place(text.name, line: line.number, column: before + 1)
    )
  }
}
