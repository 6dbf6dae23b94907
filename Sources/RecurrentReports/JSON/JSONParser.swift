internal import RecurrentCore

extension JSONValue {
  /// Levels of arrays and objects inside one another that are read: more is refused, so that no text can use up the stack.
  private static let deepest = 128

  /// Reads a JSON text, strictly by RFC 8259: no comments, no trailing commas, no repeated names, valid UTF-8.
  ///
  /// - Parameters:
  ///   - bytes: The text.
  ///   - name: What the text is called in errors, for instance its file.
  ///   - line: The number of its first line.
  /// - Throws: `JSONError` at `name:line:column`; also for nesting deeper than 128.
  public init(parsing bytes: [UInt8], name: String, line: Int = 1) throws(JSONError) {
    do throws(StrictJSONError) {
      var reader = StrictJSONReader(bytes, in: bytes.indices)
      reader.skipWhitespace()
      self = try Self.value(&reader, depth: 0)
      reader.skipWhitespace()
      guard reader.next == nil else { throw reader.unexpected("the end of the text") }
    } catch {
      let before = bytes[..<error.offset]
      let newline = UInt8(ascii: "\n")
      let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
      let lines = before.count { $0 == newline }
      throw JSONError(
        location: "\(name):\(line + lines):\(error.offset - lineStart + 1)", found: error.found,
        expected: "expected \(error.expected)")
    }
  }

  private static func value(
    _ json: inout StrictJSONReader, depth: Int
  ) throws(StrictJSONError) -> JSONValue {
    guard depth <= deepest else { throw json.failure(.tooMany(what: "levels", limit: deepest)) }
    switch json.next {
    case UInt8(ascii: "{"):
      var members: [String: JSONValue] = [:]
      try json.object { (json, key, _) throws(StrictJSONError) in
        members[key] = try value(&json, depth: depth + 1)
      }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try json.array { (json) throws(StrictJSONError) in
        elements.append(try value(&json, depth: depth + 1))
      }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try json.string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true), &json)
    case UInt8(ascii: "f"): return try word("false", .boolean(false), &json)
    case UInt8(ascii: "n"): return try word("null", .null, &json)
    default:
      switch try json.number() {
      case .whole(let number): return .integer(number)
      case .decimal(let number): return .number(number)
      }
    }
  }

  private static func word(
    _ text: StaticString, _ value: JSONValue, _ json: inout StrictJSONReader
  ) throws(StrictJSONError) -> JSONValue {
    try json.word(text)
    return value
  }
}
