/// Why a piece of JSON was refused, and at which byte.
public struct StrictJSONError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was refused.
  public enum Problem: Hashable, Sendable {
    /// Another token was needed here.
    case unexpected(found: String, expected: String)
    /// The same key twice in one object. Keys that differ only by Unicode normalisation count as the same.
    case duplicateKey(String)
    /// A string that is not UTF-8, or an escape that is no Unicode scalar (a lone surrogate).
    case invalidUnicode
    /// A whole number beyond 2^63 − 1, where a size was needed.
    case numberTooLarge
    /// A number beyond the range of a double.
    case numberOutOfRange
    /// More elements in an array, members in an object or levels of nesting than any sensible file holds.
    case tooMany(what: String, limit: Int)
  }

  /// Byte offset from the start of the file.
  public let offset: Int
  /// What stands there.
  public let problem: Problem

  /// One line: place, finding, expectation.
  public var description: String { "byte \(offset): found \(found), expected \(expected)" }

  package var found: String {
    switch problem {
    case .unexpected(let found, _): found
    case .duplicateKey(let key): "the key \(quoted(key)) repeated"
    case .invalidUnicode: "text that is not Unicode"
    case .numberTooLarge: "a number beyond 2^63 - 1"
    case .numberOutOfRange: "a number beyond the range of a double"
    case .tooMany(let what, let limit): "more than \(limit) \(what)"
    }
  }

  package var expected: String {
    switch problem {
    case .unexpected(_, let expected): expected
    case .duplicateKey: "each key once"
    case .invalidUnicode: "UTF-8 and whole surrogate pairs"
    case .numberTooLarge: "a size in bytes or elements"
    case .numberOutOfRange: "a number that a double can hold"
    case .tooMany(let what, let limit): "at most \(limit) \(what)"
    }
  }
}
