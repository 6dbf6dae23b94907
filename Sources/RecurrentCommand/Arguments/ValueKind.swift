/// What one value on the command line may be: how it is read, and how help and errors name it.
public struct ValueKind<Value: Sendable>: Sendable {
  /// Stands for the value in help: "N", "FILE", "NAME,…".
  public let placeholder: String
  /// What is accepted, as it stands in an error after "expected": "a whole number of at least 1".
  public let expectation: String
  /// The only words accepted, where the set is closed.
  public let choices: [String]
  let parse: @Sendable (String) throws(ValueProblem) -> Value
  /// A value as the user would type it, for the default in help.
  let describe: @Sendable (Value) -> String

  /// A kind of your own. `parse` throws a ``ValueProblem`` for text that it does not accept.
  public init(
    placeholder: String, expectation: String, choices: [String] = [],
    parse: @escaping @Sendable (String) throws(ValueProblem) -> Value,
    describe: @escaping @Sendable (Value) -> String
  ) {
    self.placeholder = placeholder
    self.expectation = expectation
    self.choices = choices
    self.parse = parse
    self.describe = describe
  }
}

/// Why text is not a value of its kind.
public struct ValueProblem: Error, Sendable, Hashable {
  /// The part of the text that is wrong; `nil`: all of it.
  public var part: String?
  /// What to say beyond the kind's expectation: "did you mean 'adam'?".
  public var advice: String?

  public init(part: String? = nil, advice: String? = nil) {
    self.part = part
    self.advice = advice
  }
}
