/// A command line that was read and found right: every option and argument of the verb has a value of its type.
public struct ParsedArguments: Sendable {
  let verb: String
  var values: [String: any ParsedValue] = [:]
  var given: Set<String> = []

  public subscript<Value: Sendable>(option: Option<Value>) -> Value { value("--" + option.definition.name) }
  public subscript(flag: Flag) -> Bool { value("--" + flag.definition.name) }
  public subscript<Value: Sendable>(argument: Argument<Value>) -> Value { value(argument.definition.name) }

  /// Whether the option stands on the command line, rather than having its default.
  public func isGiven(_ option: any DefinedOption) -> Bool { given.contains("--" + option.definition.name) }

  /// The verb's options as they are typed, with those that are not given.
  var optionNames: Set<String> { Set(values.keys.filter { $0.hasPrefix("--") }) }

  /// The option's value; `nil` where the verb has no such option.
  func ifDefined<Value: Sendable>(_ option: Option<Value>) -> Value? {
    (values["--" + option.definition.name] as? Parsed<Value>)?.value
  }
  func ifDefined(_ flag: Flag) -> Bool? {
    (values["--" + flag.definition.name] as? Parsed<Bool>)?.value
  }

  private func value<Value: Sendable>(_ key: String) -> Value {
    guard let stored = values[key], let parsed = stored as? Parsed<Value> else {
      preconditionFailure("verb '\(verb)' does not define '\(key)' as \(Value.self)")
    }
    return parsed.value
  }
}
