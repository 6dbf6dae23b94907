/// How the characters of a text are written as bytes.
public enum TextEncoding: String, Sendable, Hashable, CaseIterable, Codable {
  /// Anything that is not UTF-8 is an error.
  case utf8
  /// ISO 8859-1: a byte is the character of that number. Every file is valid in it, so it is never guessed.
  case latin1

  /// The same text in UTF-8.
  func utf8(_ bytes: [UInt8]) -> [UInt8] {
    guard self == .latin1 else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte < 0x80 {
        result.append(byte)
      } else {
        result.append(0xC0 | byte >> 6)
        result.append(0x80 | byte & 0x3F)
      }
    }
    return result
  }
}
