/// The text of a file as bytes, and places in it.
struct TextSource: Sendable {
  let name: String
  let bytes: [UInt8]
  /// Where the text begins: after a byte order mark.
  let start: Int

  /// - Throws: `notUTF8`, `utf16` or `nulByte` with the place of the first offence.
  init(name: String, bytes: [UInt8]) throws(DataError) {
    self.name = name
    self.bytes = bytes
    start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw .text(.utf16, at: DataError.Place(name))
    }
    if let offset = firstInvalidByte(in: bytes) {
      throw .text(bytes[offset] == 0 ? .nulByte : .notUTF8(byte: bytes[offset]), at: place(offset))
    }
  }

  var hasByteOrderMark: Bool { start > 0 }

  /// Line and column of a byte. Lines end with LF, CRLF or CR; the column counts the scalars before it on its line.
  /// Cost: one pass over the text before it, so for error messages only.
  func place(_ offset: Int) -> DataError.Place {
    var (line, lineStart, index) = (1, start, start)
    while index < offset {
      let byte = bytes[index]
      let isEnd =
        byte == .lineFeed
        || (byte == .carriageReturn && !(index + 1 < bytes.count && bytes[index + 1] == .lineFeed))
      index += 1
      if isEnd { (line, lineStart) = (line + 1, index) }
    }
    let isScalarStart = { (byte: UInt8) in byte & 0xC0 != 0x80 }
    let column = bytes[min(lineStart, offset)..<offset].count(where: isScalarStart) + 1
    return DataError.Place(name, line: line, column: column)
  }
}

/// A line of a stream as text.
///
/// - Throws: `notUTF8` or `nulByte` with line and column.
package func decodedLine(_ bytes: [UInt8], source: String, line: Int) throws(DataError) -> String {
  guard let offset = firstInvalidByte(in: bytes) else { return String(decoding: bytes, as: UTF8.self) }
  let column = bytes[..<offset].count { $0 & 0xC0 != 0x80 } + 1
  throw .text(
    bytes[offset] == 0 ? .nulByte : .notUTF8(byte: bytes[offset]),
    at: DataError.Place(source, line: line, column: column))
}

extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let quote = UInt8(ascii: "\"")
}

/// The first byte that is NUL or not part of well-formed UTF-8 (Unicode 15, table 3-7), or nil.
private func firstInvalidByte(in bytes: [UInt8]) -> Int? {
  var index = 0
  while index < bytes.count {
    let lead = bytes[index]
    if lead == 0 { return index }
    if lead < 0x80 {
      index += 1
      continue
    }
    // The second byte's range shuts out overlong forms, surrogates and what lies beyond U+10FFFF.
    let (length, second): (Int, ClosedRange<UInt8>)
    switch lead {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return index
    }
    guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return index }
    for follower in bytes[(index + 2)..<(index + length)] where follower & 0xC0 != 0x80 { return index }
    index += length
  }
  return nil
}
