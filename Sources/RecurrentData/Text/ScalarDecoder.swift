/// UTF-8 that comes in pieces, cut anywhere, to scalars.
package struct ScalarDecoder {
  private let source: String
  /// Bytes before the piece at hand.
  private var offset = 0
  /// Of the scalar that is not complete: what it has, how many bytes it lacks, and where the next must lie.
  private var value: UInt32 = 0
  private var lacking = 0
  private var next: ClosedRange<UInt8> = 0x80...0xBF
  /// The byte that began it, and its offset in the text: what an error names.
  private var (lead, leadOffset) = (UInt8(0), 0)
  private var isFirst = true

  package init(source: String) { self.source = source }

  /// Gives the scalars of the next piece to the scanner; a byte order mark at the text's beginning is left out.
  ///
  /// - Throws: ``TextFault`` `notUTF8`, `utf16` or `nulByte` with the byte and the line.
  package mutating func decode(_ bytes: UnsafeBufferPointer<UInt8>, into scanner: inout TokenScanner)
    throws(DataError)
  {
    for index in 0..<bytes.count {
      let byte = bytes[index]
      if lacking == 0 {
        if byte < 0x80 && byte != 0 {
          isFirst = false
          scanner.take(UInt32(byte))
          continue
        }
        (lead, leadOffset) = (byte, offset + index)
        guard begin(byte) else {
          let second = index + 1 < bytes.count ? bytes[index + 1] : nil
          throw fault(line: scanner.line, second: second)
        }
      } else {
        guard next.contains(byte) else { throw fault(line: scanner.line) }
        value = value << 6 | UInt32(byte & 0x3F)
        next = 0x80...0xBF
        lacking -= 1
        if lacking == 0 {
          if !(isFirst && value == 0xFEFF) { scanner.take(value) }
          isFirst = false
        }
      }
    }
    offset += bytes.count
  }

  /// - Throws: `notUTF8` where the text ends within a scalar.
  package func finish(_ scanner: TokenScanner) throws(DataError) {
    if lacking > 0 { throw fault(line: scanner.line) }
  }

  /// The first byte of a scalar of several (Unicode 15, table 3-7). The second byte's range shuts out overlong forms,
  /// surrogates and what lies beyond U+10FFFF.
  private mutating func begin(_ lead: UInt8) -> Bool {
    switch lead {
    case 0xC2...0xDF: (lacking, value) = (1, UInt32(lead & 0x1F))
    case 0xE0...0xEF: (lacking, value) = (2, UInt32(lead & 0x0F))
    case 0xF0...0xF4: (lacking, value) = (3, UInt32(lead & 0x07))
    default: return false
    }
    switch lead {
    case 0xE0: next = 0xA0...0xBF
    case 0xED: next = 0x80...0x9F
    case 0xF0: next = 0x90...0xBF
    case 0xF4: next = 0x80...0x8F
    default: next = 0x80...0xBF
    }
    return true
  }

  private func fault(line: Int, second: UInt8? = nil) -> DataError {
    if leadOffset == 0, (lead, second) == (0xFF, 0xFE) || (lead, second) == (0xFE, 0xFF) {
      return .text(.utf16, at: DataError.Place(source))
    }
    return .text(
      lead == 0 ? .nulByte : .notUTF8(byte: lead),
      at: DataError.Place(source, line: line, byte: leadOffset))
  }
}
