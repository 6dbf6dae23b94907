/// Takes a file of vectors in pieces of any size and keeps what is wanted; the first failure ends it.
struct PretrainedVectorReader {
  private(set) var words: [String] = []
  private(set) var values: [Float] = []
  private(set) var positions: [String: Int] = [:]
  private(set) var lineCount = 0
  private(set) var failure: DataError?
  /// Whether the file has to be unpacked first.
  var dimension: Int { size ?? 0 }

  private let source: String
  private let wanted: Set<String>?
  private let hasCounts: Bool?
  /// Nil before the first line.
  private var size: Int?
  /// What the first line says, if it does.
  private var announced: Int?
  private var number = 0
  /// The beginning of a line whose end has not come.
  private var rest: [UInt8] = []

  init(source: String, wanted: Set<String>?, hasCounts: Bool?) {
    (self.source, self.wanted, self.hasCounts) = (source, wanted, hasCounts)
  }

  mutating func add(_ piece: ArraySlice<UInt8>) {
    var start = piece.startIndex
    do throws(DataError) {
      while failure == nil, let end = piece[start...].firstIndex(of: .lineFeed) {
        if rest.isEmpty {
          try read(piece[start..<end])
        } else {
          rest += piece[start..<end]
          let line = rest
          rest = []
          try read(line[...])
        }
        start = end + 1
      }
    } catch { failure = error }
    rest += piece[start...]
  }

  /// The reader after the last line.
  ///
  /// - Throws: the first failure, no vector, or fewer or more than announced.
  func finished() throws(DataError) -> PretrainedVectorReader {
    var last = self
    if let failure { throw failure }
    if !rest.isEmpty {
      last.rest = []
      try last.read(rest[...])
    }
    if last.lineCount == 0 { throw .text(.empty, at: DataError.Place(source)) }
    if let announced = last.announced, announced != last.lineCount {
      throw .sequence(
        last.lineCount < announced
          ? .cutShort(found: last.lineCount, expected: announced, of: "vector")
          : .count(found: last.lineCount, expected: announced, of: "vector below the first line"),
        at: DataError.Place(source))
    }
    return last
  }

  private mutating func read(_ line: ArraySlice<UInt8>) throws(DataError) {
    number += 1
    var line = line
    if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    while let byte = line.last, Self.isBlank(byte) || byte == .carriageReturn { line.removeLast() }
    if line.isEmpty { return }
    if number == 1, try readCounts(line) { return }
    let dimension = size ?? Self.cells(line).count - 1
    if size == nil { size = dimension }
    guard dimension > 0, let end = Self.endOfWord(line, numbers: dimension) else {
      throw .sequence(
        .count(found: Self.cells(line).count - 1, expected: max(1, dimension), of: "number behind the word"),
        at: DataError.Place(source, line: number))
    }
    lineCount += 1
    let word = line[..<end]
    // A word may hold spaces, but one that ends with a number is a line with too many.
    if let blank = word.lastIndex(where: Self.isBlank) {
      let last = Array(word[(blank + 1)...])
      if case .number = NumberParser(decimalComma: false).parse(last, last.indices) {
        throw .sequence(
          .count(found: Self.cells(line).count - 1, expected: dimension, of: "number behind the word"),
          at: DataError.Place(source, line: number))
      }
    }
    guard let text = String(validating: word, as: UTF8.self) else {
      // No wanted word has such bytes.
      if wanted != nil { return }
      let byte = word.first { $0 >= 0x80 } ?? 0
      throw .text(.notUTF8(byte: byte), at: DataError.Place(source, line: number))
    }
    guard wanted?.contains(text) ?? true, positions[text] == nil else { return }
    try appendNumbers(of: line, from: end)
    positions[text] = words.count
    words.append(text)
  }

  private mutating func appendNumbers(of line: ArraySlice<UInt8>, from end: Int) throws(DataError) {
    let bytes = Array(line[end...])
    let parser = NumberParser(decimalComma: false)
    for cell in Self.cells(bytes[...]) {
      guard case .number(let value) = parser.parse(bytes, cell), Float(value).isFinite else {
        let before = line[..<(end + cell.lowerBound)].count { $0 & 0xC0 != 0x80 }
        throw .sequence(
          .notANumber(text: String(decoding: bytes[cell], as: UTF8.self)),
          at: DataError.Place(source, line: number, column: before + 1))
      }
      values.append(Float(value))
    }
  }

  /// Whether the first line is one of counts, which are then kept.
  private mutating func readCounts(_ line: ArraySlice<UInt8>) throws(DataError) -> Bool {
    if hasCounts == false { return false }
    let cells = Self.cells(line).map { String(decoding: line[$0], as: UTF8.self) }
    let counts = cells.compactMap { Int($0) }
    if cells.count == 2, counts.count == 2, counts[0] > 0, counts[1] > 0 {
      (announced, size) = (counts[0], counts[1])
      return true
    }
    if hasCounts == true {
      throw .sequence(
        .header(
          text: cells.prefix(8).joined(separator: " "),
          expected: "two whole numbers, of words and of numbers in a vector"),
        at: DataError.Place(source, line: 1))
    }
    return false
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == .space || byte == .tab }

  private static func cells(_ line: ArraySlice<UInt8>) -> [Range<Int>] {
    line.split(whereSeparator: isBlank).map(\.indices)
  }

  /// Where the word ends before the last numbers of a line without blanks at its end; nil where there are fewer.
  private static func endOfWord(_ line: ArraySlice<UInt8>, numbers: Int) -> Int? {
    line.withUnsafeBufferPointer { bytes in
      var (index, left) = (bytes.count, numbers)
      while left > 0 {
        while index > 0, !isBlank(bytes[index - 1]) { index -= 1 }
        while index > 0, isBlank(bytes[index - 1]) { index -= 1 }
        if index == 0 { return nil }
        left -= 1
      }
      return line.startIndex + index
    }
  }
}
