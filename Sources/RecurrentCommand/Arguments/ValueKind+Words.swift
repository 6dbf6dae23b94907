internal import RecurrentCore

extension ValueKind where Value == String {
  /// Any text but none.
  public static func text(_ placeholder: String = "TEXT") -> ValueKind {
    ValueKind(placeholder: placeholder, expectation: "some text") { text throws(ValueProblem) in
      if text.isEmpty { throw ValueProblem() }
      return text
    } describe: {
      $0
    }
  }

  /// The path of a file or directory. `-` is refused, since it would mean a standard stream; ``ValueKind/input``
  /// and ``ValueKind/output`` accept it.
  public static func path(_ placeholder: String = "FILE") -> ValueKind {
    ValueKind(placeholder: placeholder, expectation: "a path") { text throws(ValueProblem) in
      if text.isEmpty { throw ValueProblem() }
      if text == "-" { throw ValueProblem(advice: "a standard stream is not accepted here") }
      return text
    } describe: {
      $0
    }
  }

  /// One of a closed set of words.
  public static func choice(of words: [String], placeholder: String = "NAME") -> ValueKind {
    oneOf(words.map { ($0, $0) }, placeholder: placeholder) { $0 }
  }
}

extension ValueKind where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of an enum's cases, by raw value.
  public static func choice(of type: Value.Type = Value.self, placeholder: String = "NAME") -> ValueKind {
    oneOf(Value.allCases.map { ($0.rawValue, $0) }, placeholder: placeholder, word: \.rawValue)
  }
}

extension ValueKind {
  /// One of named values.
  ///
  /// - Parameter word: the name of a value, for the default in help.
  public static func oneOf(
    _ named: [(name: String, value: Value)], placeholder: String = "NAME",
    word: @escaping @Sendable (Value) -> String
  ) -> ValueKind {
    let names = named.map(\.name)
    // A long list would bury what is wrong; help has it.
    let list = names.count <= 12 ? names.joined(separator: ", ") : "the \(names.count) names that help lists"
    return ValueKind(
      placeholder: placeholder, expectation: "one of " + list, choices: names
    ) { text throws(ValueProblem) in
      if let found = named.first(where: { $0.name == text }) { return found.value }
      throw ValueProblem(advice: nearestName(to: text, among: names).map { "did you mean '\($0)'?" })
    } describe: {
      word($0)
    }
  }

  /// A kind of which each value is made from one of this kind. `transform` returns `nil` for a value to be refused.
  public func map<Result: Sendable>(
    _ transform: @escaping @Sendable (Value) -> Result?, back: @escaping @Sendable (Result) -> Value
  ) -> ValueKind<Result> {
    ValueKind<Result>(placeholder: placeholder, expectation: expectation, choices: choices) {
      text throws(ValueProblem) in
      guard let result = transform(try parse(text)) else { throw ValueProblem() }
      return result
    } describe: {
      describe(back($0))
    }
  }
}
