extension JSONValue {
  /// Reads a JSON text, strictly by RFC 8259: no comments, no trailing commas, no repeated names, valid UTF-8.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - name: What the text is called in errors, for instance its file.
  ///   - line: The number of its first line.
  /// - Throws: `JSONError` at `name:line:column`; also for nesting deeper than 128.
  public init(parsing bytes: [UInt8], name: String, line: Int = 1) throws(JSONError) {
    try self.init(parsing: bytes[...], name: name, line: line)
  }

  init(parsing bytes: ArraySlice<UInt8>, name: String, line: Int) throws(JSONError) {
    var parser = JSONParser(bytes: bytes, name: name, line: line)
    parser.skipSpace()
    self = try parser.value(depth: 0)
    parser.skipSpace()
    if parser.index < bytes.endIndex { throw parser.fault("expected the end of the text") }
  }
}

private struct JSONParser {
  let bytes: ArraySlice<UInt8>
  let name: String
  var line: Int
  var index: Int
  var lineStart: Int

  init(bytes: ArraySlice<UInt8>, name: String, line: Int) {
    (self.bytes, self.name, self.line) = (bytes, name, line)
    (index, lineStart) = (bytes.startIndex, bytes.startIndex)
  }

  var current: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

  func fault(_ expected: String, at place: Int? = nil) -> JSONError {
    let place = place ?? index
    let found: String
    if place >= bytes.endIndex {
      found = "the end"
    } else if (0x21..<0x7F).contains(bytes[place]) {
      found = "'\(Character(UnicodeScalar(bytes[place])))'"
    } else {
      found = "byte \(bytes[place])"
    }
    return JSONError(
      location: "\(name):\(line):\(place - lineStart + 1)", found: found, expected: expected)
  }

  mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      index += 1
      if byte == 0x0A { (line, lineStart) = (line + 1, index) }
    }
  }

  mutating func accept(_ character: UnicodeScalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    index += 1
    return true
  }

  mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= 128 else { throw fault("expected at most 128 levels") }
    switch current {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    guard bytes[index...].starts(with: text.utf8) else { throw fault("expected a JSON value") }
    index += text.utf8.count
    return value
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
    index += 1
    var elements: [JSONValue] = []
    skipSpace()
    if accept("]") { return .array([]) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if accept("]") { return .array(elements) }
      guard accept(",") else { throw fault("expected ',' or ']'") }
      skipSpace()
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
    index += 1
    var members: [String: JSONValue] = [:]
    skipSpace()
    if accept("}") { return .object([:]) }
    while true {
      guard current == UInt8(ascii: "\"") else { throw fault("expected a name in quotes") }
      let place = index
      let key = try string()
      skipSpace()
      guard accept(":") else { throw fault("expected ':'") }
      skipSpace()
      let member = try value(depth: depth + 1)
      guard members.updateValue(member, forKey: key) == nil else {
        throw fault("expected each name once, \"\(key)\" is repeated", at: place)
      }
      skipSpace()
      if accept("}") { return .object(members) }
      guard accept(",") else { throw fault("expected ',' or '}'") }
      skipSpace()
    }
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = index
    _ = accept("-")
    guard let first = current, isDigit(first) else { throw fault("expected a JSON value", at: start) }
    if !accept("0") { skipDigits() }
    var isWhole = true
    if accept(".") {
      isWhole = false
      guard let byte = current, isDigit(byte) else { throw fault("expected a digit") }
      skipDigits()
    }
    if accept("e") || accept("E") {
      isWhole = false
      if !accept("+") { _ = accept("-") }
      guard let byte = current, isDigit(byte) else { throw fault("expected a digit") }
      skipDigits()
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isWhole, text != "-0", let whole = Int(text) { return .integer(whole) }
    guard let decimal = Double(text), decimal.isFinite else {
      throw fault("expected a number that a double can hold", at: start)
    }
    return .number(decimal)
  }

  private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private mutating func skipDigits() {
    while let byte = current, isDigit(byte) { index += 1 }
  }

  private mutating func string() throws(JSONError) -> String {
    let start = index
    index += 1
    var text: [UInt8] = []
    while let byte = current {
      index += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let result = String(validating: text, as: UTF8.self) else {
          throw fault("expected valid UTF-8", at: start)
        }
        return result
      case UInt8(ascii: "\\"): text += Array(String(try escape()).utf8)
      case 0..<0x20: throw fault("expected control characters to be escaped", at: index - 1)
      default: text.append(byte)
      }
    }
    throw fault("expected a closing quote")
  }

  private mutating func escape() throws(JSONError) -> UnicodeScalar {
    let byte = current
    index += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let start = index
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), accept("\\"), accept("u") {
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else {
          throw fault("expected the second half of a surrogate pair", at: start)
        }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = UnicodeScalar(code) else {
        throw fault("expected a whole surrogate pair", at: start)
      }
      return scalar
    default: throw fault("expected an escape that JSON knows", at: index - 1)
    }
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw fault("expected four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
      index += 1
    }
    return code
  }
}
