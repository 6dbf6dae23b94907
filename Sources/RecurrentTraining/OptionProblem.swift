/// An option whose value cannot be used: which, what was found, what is expected.
public struct OptionProblem: Sendable, Hashable, CustomStringConvertible {
  /// The option's name, as a user writes it.
  public let option: String
  /// The value that was given.
  public let found: String
  /// What can be used, in words.
  public let expected: String

  /// A finding about one option.
  public init(_ option: String, found: some CustomStringConvertible, expected: String) {
    self.option = option
    self.found = found.description
    self.expected = expected
  }

  public var description: String { "\(option): found \(found), expected \(expected)" }

  static func unlessPositive(_ option: String, _ value: Double) -> OptionProblem? {
    value > 0 && value.isFinite ? nil : OptionProblem(option, found: value, expected: "a number above 0")
  }

  static func unlessPositive(_ option: String, _ value: Int) -> OptionProblem? {
    value > 0 ? nil : OptionProblem(option, found: value, expected: "a whole number above 0")
  }

  static func unlessNonnegative(_ option: String, _ value: Double) -> OptionProblem? {
    value >= 0 && value.isFinite
      ? nil : OptionProblem(option, found: value, expected: "a number of 0 or more")
  }

  static func unlessNonnegative(_ option: String, _ value: Int) -> OptionProblem? {
    value >= 0 ? nil : OptionProblem(option, found: value, expected: "a whole number of 0 or more")
  }

  /// More than any run can count to, and far from where counting on would overflow; up to here doubles hold every number.
  static let largestCount = 1 << 53

  /// For what is counted on, and may come from a file.
  static func unlessCount(_ option: String, _ value: Int) -> OptionProblem? {
    0...largestCount ~= value
      ? nil : OptionProblem(option, found: value, expected: "a whole number from 0 to \(largestCount)")
  }

  /// In [0, 1).
  static func unlessFraction(_ option: String, _ value: Double) -> OptionProblem? {
    value >= 0 && value < 1
      ? nil : OptionProblem(option, found: value, expected: "a number from 0 to below 1")
  }
}
