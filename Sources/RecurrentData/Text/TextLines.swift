/// The lines of a text as ranges of its bytes. They end with LF, CRLF or CR, as places in files count them.
struct TextLines {
  /// Without their ends; the last is there whether or not it ends.
  let ranges: [Range<Int>]

  init(_ text: TextSource) {
    var ranges: [Range<Int>] = []
    text.bytes.withUnsafeBufferPointer { bytes in
      var (start, index) = (text.start, text.start)
      while index < bytes.count {
        let byte = bytes[index]
        if byte == .lineFeed || byte == .carriageReturn {
          ranges.append(start..<index)
          if byte == .carriageReturn, index + 1 < bytes.count, bytes[index + 1] == .lineFeed { index += 1 }
          start = index + 1
        }
        index += 1
      }
      if start < bytes.count { ranges.append(start..<bytes.count) }
    }
    self.ranges = ranges
  }
}

extension Sequence where Element == UInt8 {
  /// Nothing but white space, as Unicode has it. The bytes are UTF-8.
  var isBlankText: Bool {
    // Most lines show it by a letter among their first bytes, without being decoded.
    for byte in self where byte != .space && byte != .tab {
      if (UInt8(0x21)...0x7E).contains(byte) { return false }
      return String(decoding: Array(self), as: UTF8.self).unicodeScalars.allSatisfy(\.properties.isWhitespace)
    }
    return true
  }
}

extension UInt8 {
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
}
