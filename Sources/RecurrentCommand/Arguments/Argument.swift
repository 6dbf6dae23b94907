/// A positional argument of a verb, whatever its type.
public protocol DefinedArgument: Sendable {
  var definition: ArgumentDefinition { get }
}

/// A value that stands by its place: `FILE`.
public struct Argument<Value: Sendable>: DefinedArgument {
  public let definition: ArgumentDefinition

  /// An argument that must be given.
  ///
  /// - Parameter name: what stands for it in help: "FILE".
  public init(_ name: String, _ kind: ValueKind<Value>, help: String) {
    definition = ArgumentDefinition(
      name: name, help: help, expectation: kind.expectation, choices: kind.choices,
      parse: { text throws(ValueProblem) in Parsed(try kind.parse(text)) })
  }

  /// An argument that may be left out; it then reads `nil`. Only after those that must be given.
  public init<Wrapped>(_ name: String, _ kind: ValueKind<Wrapped>, help: String) where Value == Wrapped? {
    definition = ArgumentDefinition(
      name: name, help: help, expectation: kind.expectation, choices: kind.choices,
      isRequired: false, fallback: Parsed<Wrapped?>(nil),
      parse: { text throws(ValueProblem) in Parsed<Wrapped?>(try kind.parse(text)) })
  }

  /// All arguments that are left. Only the last.
  ///
  /// - Parameter isRequired: whether there must be at least one.
  public static func rest<Element>(
    _ name: String, _ kind: ValueKind<Element>, isRequired: Bool = true, help: String
  ) -> Argument where Value == [Element] {
    Argument(
      definition: ArgumentDefinition(
        name: name, help: help, expectation: kind.expectation, choices: kind.choices,
        isRequired: isRequired, isRepeatable: true, fallback: Parsed<[Element]>([]),
        parse: { text throws(ValueProblem) in Parsed(try kind.parse(text)) },
        join: joined(Element.self)))
  }

  private init(definition: ArgumentDefinition) { self.definition = definition }
}

/// What parser, help and completion know of a positional argument.
public struct ArgumentDefinition: Sendable {
  public let name: String
  public let help: String
  public let expectation: String
  public let choices: [String]
  public let isRequired: Bool
  public let isRepeatable: Bool
  let fallback: (any ParsedValue)?
  let parse: @Sendable (String) throws(ValueProblem) -> any ParsedValue
  let join: @Sendable ([any ParsedValue]) -> any ParsedValue

  init(
    name: String, help: String, expectation: String, choices: [String], isRequired: Bool = true,
    isRepeatable: Bool = false, fallback: (any ParsedValue)? = nil,
    parse: @escaping @Sendable (String) throws(ValueProblem) -> any ParsedValue,
    join: @escaping @Sendable ([any ParsedValue]) -> any ParsedValue = { $0[0] }
  ) {
    self.name = name
    self.help = help
    self.expectation = expectation
    self.choices = choices
    self.isRequired = isRequired
    self.isRepeatable = isRepeatable
    self.fallback = fallback
    self.parse = parse
    self.join = join
  }
}
