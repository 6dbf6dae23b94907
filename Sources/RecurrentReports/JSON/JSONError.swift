/// What is wrong with a JSON text or value, where, and what to do.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// `file:line:column` of a text, or the path of a value such as `$.losses[3]`.
  public let location: String
  /// What was found.
  public let found: String
  /// What was expected, and what to do.
  public let expected: String

  /// Describes a fault.
  public init(location: String, found: String, expected: String) {
    self.location = location
    self.found = found
    self.expected = expected
  }

  /// One line: place, finding, expectation.
  public var description: String { "\(location): found \(found); \(expected)" }
}
