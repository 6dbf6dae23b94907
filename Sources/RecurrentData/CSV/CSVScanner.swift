/// The bytes of one cell, without its quotation marks.
struct CSVCell: Sendable {
  var start: Int32
  var end: Int32
}

/// Cuts a text into rows of cells (RFC 4180), with line ends LF, CRLF or CR.
///
/// A quoted cell may hold delimiters, line ends and doubled quotation marks. Quotation marks anywhere else are refused
/// rather than guessed at.
struct CSVScanner {
  let text: TextSource
  let delimiter: UInt8
  private(set) var position: Int

  init(_ text: TextSource, delimiter: UInt8) {
    self.text = text
    self.delimiter = delimiter
    position = text.start
  }

  /// Appends the next row's cells; false at the end of the text. A blank line is a row of one empty cell.
  mutating func nextRow(_ cells: inout [CSVCell]) throws(DataError) -> Bool {
    let end = text.bytes.count
    guard position < end else { return false }
    while true {
      let isQuoted = position < end && text.bytes[position] == .quote
      cells.append(isQuoted ? try quotedCell() : try plainCell())
      guard position < end else { return true }
      let byte = text.bytes[position]
      position += 1
      if byte == delimiter { continue }
      if byte == .carriageReturn, position < end, text.bytes[position] == .lineFeed { position += 1 }
      return true
    }
  }

  /// Whether at least so many rows come next, the first 200 of them all with so many cells, more than one.
  func hasRows(of count: Int, atLeast least: Int) throws(DataError) -> Bool {
    var (scanner, rows) = (self, 0)
    var row: [CSVCell] = []
    while rows < CSVSniffer.sampleRows, try scanner.nextRow(&row) {
      defer { row.removeAll(keepingCapacity: true) }
      if row.count == 1, row[0].start == row[0].end { continue }
      guard row.count == count else { return false }
      rows += 1
    }
    return count > 1 && rows >= least
  }

  private mutating func plainCell() throws(DataError) -> CSVCell {
    let start = position
    let bytes = text.bytes
    while position < bytes.count {
      let byte = bytes[position]
      if byte == delimiter || byte == .lineFeed || byte == .carriageReturn { break }
      if byte == .quote { throw .text(.strayQuote, at: text.place(position)) }
      position += 1
    }
    return CSVCell(start: Int32(start), end: Int32(position))
  }

  private mutating func quotedCell() throws(DataError) -> CSVCell {
    let bytes = text.bytes
    let opening = position
    position += 1
    while position < bytes.count {
      if bytes[position] != .quote {
        position += 1
      } else if position + 1 < bytes.count, bytes[position + 1] == .quote {
        position += 2
      } else {
        let cell = CSVCell(start: Int32(opening + 1), end: Int32(position))
        position += 1
        if position < bytes.count {
          let byte = bytes[position]
          let isEnd = byte == delimiter || byte == .lineFeed || byte == .carriageReturn
          if !isEnd { throw .text(.textAfterQuote, at: text.place(position)) }
        }
        return cell
      }
    }
    throw .text(.unterminatedQuote, at: text.place(opening))
  }
}
