/// Reads single cells of a grid as numbers, words or nothing.
struct CellReader {
  let grid: CSVGrid
  private let parser: NumberParser
  /// Lower-cased.
  private let missingWords: [[UInt8]]
  private let missingNumbers: [Double]
  let decimalComma: Bool

  enum Value: Equatable {
    case missing
    case number(Double)
    case notFinite
    case text
  }

  init(_ grid: CSVGrid, options: TableOptions) {
    self.grid = grid
    decimalComma = options.decimalComma
    let parser = NumberParser(decimalComma: options.decimalComma)
    self.parser = parser
    missingWords = options.missingWords.map { Array($0.lowercased().utf8) }
    missingNumbers = options.missingWords.compactMap { word in
      let bytes = Array(word.utf8)
      return if case .number(let value) = parser.parse(bytes, bytes.indices) { value } else { nil }
    }
  }

  func value(row: Int, column: Int) -> Value {
    let range = grid.trimmed(grid.cell(row: row, column: column))
    let bytes = grid.text.bytes
    switch parser.parse(bytes, range) {
    case .number(let number): return missingNumbers.contains(number) ? .missing : .number(number)
    case .notFinite: return isMissingWord(bytes[range]) ? .missing : .notFinite
    case .text: return isMissingWord(bytes[range]) ? .missing : .text
    }
  }

  /// Whether the cell would be a number if the comma were the decimal mark.
  func isDecimalCommaNumber(row: Int, column: Int) -> Bool {
    let range = grid.trimmed(grid.cell(row: row, column: column))
    let other = NumberParser(decimalComma: true)
    if case .number = other.parse(grid.text.bytes, range) { return true }
    return false
  }

  func string(row: Int, column: Int) -> String { grid.string(grid.cell(row: row, column: column)) }

  private func isMissingWord(_ bytes: ArraySlice<UInt8>) -> Bool {
    missingWords.contains { word in
      word.count == bytes.count
        && zip(word, bytes).allSatisfy {
          $0 == ((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($1) ? $1 | 0x20 : $1)
        }
    }
  }
}
