import Foundation
internal import RecurrentCore

extension JSONValue {
  /// What to do with a number that JSON cannot hold: not-a-number and the infinities.
  public enum NonFinitePolicy: Sendable, Hashable {
    /// Throw, naming the place. The default: a loss that is not finite should not pass unseen.
    case refuse
    /// Write `null`.
    case null
  }

  /// The JSON text: members sorted by the bytes of their names, numbers with the fewest digits that read back as the
  /// same value, no locale, no escapes beyond those that JSON demands. Equal values give equal bytes.
  ///
  /// - Parameters:
  ///   - indented: Two spaces a level and a line for each member; otherwise all on one line without spaces.
  ///   - nonFinite: What to do with not-a-number and infinities.
  public func text(indented: Bool = false, nonFinite: NonFinitePolicy = .refuse) throws(JSONError) -> String {
    var writer = JSONWriter(isIndented: indented, policy: nonFinite)
    try writer.write(self, depth: 0)
    return writer.text
  }

  /// Any encodable value as JSON, for configurations.
  ///
  /// - Throws: `JSONError` where the value does not encode, for instance because a number is not finite.
  public init(encoding value: some Encodable) throws(JSONError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data: Data
    do {
      data = try encoder.encode(value)
    } catch EncodingError.invalidValue(let invalid, let context) {
      let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }
      throw JSONError(
        location: "$" + path.joined(), found: "\(invalid)", expected: "expected a value that JSON can hold")
    } catch {
      throw JSONError(location: "$", found: "\(error)", expected: "expected a value that JSON can hold")
    }
    self = try JSONValue(parsing: [UInt8](data), name: "\(type(of: value))")
  }
}

private struct JSONWriter {
  let isIndented: Bool
  let policy: JSONValue.NonFinitePolicy
  var text = ""
  private var path = "$"

  init(isIndented: Bool, policy: JSONValue.NonFinitePolicy) {
    self.isIndented = isIndented
    self.policy = policy
  }

  mutating func write(_ value: JSONValue, depth: Int) throws(JSONError) {
    switch value {
    case .null: text += "null"
    case .boolean(let flag): text += flag ? "true" : "false"
    case .integer(let number): text += String(number)
    case .number(let number): try write(number)
    case .string(let string): text += jsonString(string)
    case .array(let elements):
      try writeList("[", "]", elements.indices, depth) { (writer, index) throws(JSONError) in
        try writer.nested("[\(index)]") { (inner) throws(JSONError) in
          try inner.write(elements[index], depth: depth + 1)
        }
      }
    case .object(let members):
      let keys = members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      try writeList("{", "}", keys.indices, depth) { (writer, index) throws(JSONError) in
        let key = keys[index]
        writer.text += jsonString(key)
        writer.text += writer.isIndented ? ": " : ":"
        try writer.nested("." + key) { (inner) throws(JSONError) in
          try inner.write(members[key]!, depth: depth + 1)
        }
      }
    }
  }

  private mutating func nested(
    _ step: String, _ body: (inout JSONWriter) throws(JSONError) -> Void
  ) throws(JSONError) {
    let before = path
    path += step
    try body(&self)
    path = before
  }

  private mutating func writeList(
    _ open: String, _ close: String, _ indices: Range<Int>, _ depth: Int,
    _ element: (inout JSONWriter, Int) throws(JSONError) -> Void
  ) throws(JSONError) {
    text += open
    for index in indices {
      if index > 0 { text += "," }
      newline(depth + 1)
      try element(&self, index)
    }
    if !indices.isEmpty { newline(depth) }
    text += close
  }

  private mutating func newline(_ depth: Int) {
    if isIndented { text += "\n" + String(repeating: "  ", count: depth) }
  }

  private mutating func write(_ number: Double) throws(JSONError) {
    if number.isFinite {
      text += number.description
    } else if policy == .null {
      text += "null"
    } else {
      throw JSONError(
        location: path, found: "\(number)",
        expected: "expected a finite number; mend the value or choose to write null")
    }
  }
}
