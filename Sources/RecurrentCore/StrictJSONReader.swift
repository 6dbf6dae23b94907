/// Reads strict JSON (RFC 8259) token by token: no comments, no trailing commas, no repeated keys, valid UTF-8.
///
/// The caller asks for what its format wants next, so nesting is bounded by the caller's own shape, nothing is built that
/// the format does not have, and what is allocated is bounded by the text read so far. The one reader of JSON in the
/// package: headers of safetensors files and `JSONValue` are read with it.
package struct StrictJSONReader {
  private let bytes: [UInt8]
  private let end: Int
  package internal(set) var position: Int

  /// - Precondition: `range` lies inside `bytes`. Offsets in errors count from the start of `bytes`.
  package init(_ bytes: [UInt8], in range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= bytes.count, "StrictJSONReader: range outside bytes")
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  package var next: UInt8? { position < end ? bytes[position] : nil }

  package func failure(_ problem: StrictJSONError.Problem, at offset: Int? = nil) -> StrictJSONError {
    StrictJSONError(offset: offset ?? position, problem: problem)
  }

  package func unexpected(_ expected: String) -> StrictJSONError {
    failure(.unexpected(found: describe(next), expected: expected))
  }

  package mutating func skipWhitespace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  package mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  package mutating func expect(_ byte: UInt8) throws(StrictJSONError) {
    guard take(byte) else { throw unexpected(describe(byte)) }
  }

  /// An object; `member` is called after each key and must read exactly the value.
  package mutating func object(
    atMost limit: Int = .max, _ what: String = "members",
    member: (inout StrictJSONReader, _ key: String, _ keyOffset: Int) throws(StrictJSONError) -> Void
  ) throws(StrictJSONError) {
    skipWhitespace()
    guard take(UInt8(ascii: "{")) else { throw unexpected("'{'") }
    skipWhitespace()
    if take(UInt8(ascii: "}")) { return }
    var seen = Set<String>()
    repeat {
      skipWhitespace()
      let keyOffset = position
      let key = try string()
      guard seen.insert(key).inserted else { throw failure(.duplicateKey(key), at: keyOffset) }
      guard seen.count <= limit else { throw failure(.tooMany(what: what, limit: limit), at: keyOffset) }
      skipWhitespace()
      try expect(UInt8(ascii: ":"))
      skipWhitespace()
      try member(&self, key, keyOffset)
      skipWhitespace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw unexpected("',' or '}'") }
  }

  /// An array; `element` is called for each element, with its offset, and must read exactly it.
  package mutating func array(
    atMost limit: Int = .max, _ what: String = "elements",
    element: (inout StrictJSONReader) throws(StrictJSONError) -> Void
  ) throws(StrictJSONError) {
    guard take(UInt8(ascii: "[")) else { throw unexpected("'['") }
    skipWhitespace()
    if take(UInt8(ascii: "]")) { return }
    var count = 0
    repeat {
      skipWhitespace()
      let offset = position
      try element(&self)
      count += 1
      guard count <= limit else { throw failure(.tooMany(what: what, limit: limit), at: offset) }
      skipWhitespace()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw unexpected("',' or ']'") }
  }

  /// An array of whole numbers.
  package mutating func wholeNumbers(atMost limit: Int, _ what: String) throws(StrictJSONError) -> [Int] {
    var numbers: [Int] = []
    try array(atMost: limit, what) { (json) throws(StrictJSONError) in numbers.append(try json.wholeNumber())
    }
    return numbers
  }

  /// A number of 0 … 2^63 − 1, written with digits only: no sign, no fraction, no exponent, no leading zero.
  package mutating func wholeNumber() throws(StrictJSONError) -> Int {
    let start = position
    var number = 0
    while let byte = next, (0x30...0x39).contains(byte) {
      let (tenfold, overflowed) = number.multipliedReportingOverflow(by: 10)
      let (sum, carried) = tenfold.addingReportingOverflow(Int(byte - 0x30))
      guard !overflowed, !carried else { throw failure(.numberTooLarge, at: start) }
      number = sum
      position += 1
    }
    let digits = position - start
    guard digits > 0 else { throw unexpected("a whole number") }
    guard digits == 1 || bytes[start] != 0x30 else {
      throw failure(.unexpected(found: "a leading zero", expected: "a whole number"), at: start)
    }
    if let byte = next, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte) {
      throw unexpected("a whole number to end here")
    }
    return number
  }

  package mutating func string() throws(StrictJSONError) -> String {
    let start = position
    guard take(0x22) else { throw unexpected("a string") }
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case 0x22:
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw failure(.invalidUnicode, at: start)
        }
        return string
      case 0x5C: try appendEscape(to: &text)
      case 0..<0x20: throw unexpected("no control character inside a string")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw unexpected("the end of the string that starts at byte \(start)")
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws(StrictJSONError) {
    let start = position
    position += 1
    guard let letter = next else { throw unexpected("an escape letter") }
    position += 1
    switch letter {
    case 0x22, 0x5C, 0x2F: text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = try fourHexDigits()
      if (0xD800..<0xDC00).contains(code) {
        // The upper half of a pair: the lower half must follow at once.
        guard take(0x5C), take(UInt8(ascii: "u")) else { throw failure(.invalidUnicode, at: start) }
        let low = try fourHexDigits()
        guard (0xDC00..<0xE000).contains(low) else { throw failure(.invalidUnicode, at: start) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure(.invalidUnicode, at: start) }
      text.append(contentsOf: Array(String(Character(scalar)).utf8))
    default:
      position -= 1
      throw unexpected("one of \" \\ / b f n r t u after '\\'")
    }
  }

  private mutating func fourHexDigits() throws(StrictJSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}

private func describe(_ byte: UInt8?) -> String {
  guard let byte else { return "the end of the text" }
  return (0x21...0x7E).contains(byte)
    ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x" + String(byte, radix: 16, uppercase: true)
}
