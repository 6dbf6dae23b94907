/// Where a verb reads from: a file, or `-`, the standard input.
public enum InputSource: Sendable, Hashable, CustomStringConvertible {
  case standardInput
  case file(String)

  /// As the user typed it.
  public var description: String {
    switch self {
    case .standardInput: "-"
    case .file(let path): path
    }
  }
}

/// Where a verb writes to: a file, or `-`, the standard output.
public enum OutputTarget: Sendable, Hashable, CustomStringConvertible {
  case standardOutput
  case file(String)

  /// As the user typed it.
  public var description: String {
    switch self {
    case .standardOutput: "-"
    case .file(let path): path
    }
  }
}

extension ValueKind where Value == InputSource {
  /// A file, or `-` for the standard input.
  public static var input: ValueKind {
    ValueKind(placeholder: "FILE", expectation: "a path, or - for the standard input") {
      text throws(ValueProblem) in
      if text.isEmpty { throw ValueProblem() }
      return text == "-" ? .standardInput : .file(text)
    } describe: {
      $0.description
    }
  }
}

extension ValueKind where Value == OutputTarget {
  /// A file, or `-` for the standard output.
  public static var output: ValueKind {
    ValueKind(placeholder: "FILE", expectation: "a path, or - for the standard output") {
      text throws(ValueProblem) in
      if text.isEmpty { throw ValueProblem() }
      return text == "-" ? .standardOutput : .file(text)
    } describe: {
      $0.description
    }
  }
}
