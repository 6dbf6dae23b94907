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
      parse: { text throws(ValueProblem) in try kind.parse(text) })
  }

  /// An argument that may be left out; it then reads `nil`. Only after those that must be given.
  public init<Wrapped>(_ name: String, _ kind: ValueKind<Wrapped>, help: String) where Value == Wrapped? {
    definition = ArgumentDefinition(
      name: name, help: help, expectation: kind.expectation, choices: kind.choices,
      isRequired: false, fallback: Wrapped?.none,
      parse: { text throws(ValueProblem) in Wrapped?.some(try kind.parse(text)) })
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
        isRequired: isRequired, isRepeatable: true, fallback: [Element](),
        parse: { text throws(ValueProblem) in try kind.parse(text) },
        join: { $0.compactMap { $0 as? Element } }))
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
  let fallback: (any Sendable)?
  let parse: @Sendable (String) throws(ValueProblem) -> any Sendable
  let join: @Sendable ([any Sendable]) -> any Sendable

  init(
    name: String, help: String, expectation: String, choices: [String], isRequired: Bool = true,
    isRepeatable: Bool = false, fallback: (any Sendable)? = nil,
    parse: @escaping @Sendable (String) throws(ValueProblem) -> any Sendable,
    join: @escaping @Sendable ([any Sendable]) -> any Sendable = { $0[0] }
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
