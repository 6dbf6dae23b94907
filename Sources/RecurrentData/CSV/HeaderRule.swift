/// Decides whether the first row of a grid is a header, and names the columns.
enum HeaderRule {
  /// A header has at least one word and no number, no time and no word for missing; an empty cell is allowed, since
  /// some writers leave the name of an index column empty.
  static func looksLikeHeader(_ reader: CellReader) -> Bool {
    var hasWord = false
    for column in 0..<reader.grid.columnCount {
      let text = reader.string(row: 0, column: column)
      if text.isEmpty { continue }
      guard reader.value(row: 0, column: column) == .text, !WrittenTime.isTime(text),
        !WrittenTime.isTooFine(text)
      else {
        return false
      }
      hasWord = true
    }
    return hasWord
  }

  /// Names from the header, or `column1`, `column2`, …; an empty name in a header becomes its column's number too.
  static func names(_ reader: CellReader, hasHeader: Bool) throws(DataError) -> ColumnNames {
    var (names, positions) = ([String](), [String: Int]())
    for column in 0..<reader.grid.columnCount {
      let written = hasHeader ? reader.string(row: 0, column: column) : ""
      let name = written.isEmpty ? "column\(column + 1)" : written
      if let first = positions.updateValue(column, forKey: name) {
        let place = reader.grid.place(row: 0, column: column)
        throw .text(.duplicateColumn(name: name, firstColumn: first + 1), at: place)
      }
      names.append(name)
    }
    return ColumnNames(all: names, positions: positions)
  }
}

/// The names of a table's columns, and where each one is: a table may have a million.
struct ColumnNames: Sendable {
  let all: [String]
  let positions: [String: Int]
}
