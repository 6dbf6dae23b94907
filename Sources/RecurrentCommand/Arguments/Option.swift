/// An option or flag of a verb, whatever its type: what parser, help and completion need to know.
public protocol DefinedOption: Sendable {
  var definition: OptionDefinition { get }
}

/// `--name value` or `--name=value`, read into a `Value`.
///
/// Declared once, as a constant of the verb: the same constant stands in the verb's definition and reads the value,
/// `arguments[Self.epochs]`.
public struct Option<Value: Sendable>: DefinedOption {
  public let definition: OptionDefinition
  /// A value as help and messages write it: as the user would type it, or what leaving the option out means.
  let describe: @Sendable (Value) -> String

  /// An option with a default.
  public init(
    _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, default value: Value, help: String
  ) {
    definition = OptionDefinition(
      name: name, short: short, help: help, value: .init(kind), defaultText: kind.describe(value),
      fallback: Parsed(value), parse: { text throws(ValueProblem) in Parsed(try kind.parse(text)) })
    describe = kind.describe
  }

  /// An option that may be left out; it then reads `nil`.
  ///
  /// - Parameter absent: what leaving it out means, for help: "all cores".
  public init<Wrapped>(
    _ name: String, short: Character? = nil, _ kind: ValueKind<Wrapped>, absent: String? = nil, help: String
  ) where Value == Wrapped? {
    definition = OptionDefinition(
      name: name, short: short, help: help, value: .init(kind), defaultText: absent,
      fallback: Parsed<Wrapped?>(nil),
      parse: { text throws(ValueProblem) in Parsed<Wrapped?>(try kind.parse(text)) })
    describe = { $0.map(kind.describe) ?? absent ?? "none" }
  }

  /// An option that must be given.
  public static func required(
    _ name: String, short: Character? = nil, _ kind: ValueKind<Value>, help: String
  ) -> Option {
    Option(
      definition: OptionDefinition(
        name: name, short: short, help: help, value: .init(kind), isRequired: true,
        parse: { text throws(ValueProblem) in Parsed(try kind.parse(text)) }),
      describe: kind.describe)
  }

  /// An option that may be given several times, or not at all.
  public static func repeated<Element>(
    _ name: String, short: Character? = nil, _ kind: ValueKind<Element>, help: String
  ) -> Option where Value == [Element] {
    Option(
      definition: OptionDefinition(
        name: name, short: short, help: help, value: .init(kind), isRepeatable: true,
        fallback: Parsed<[Element]>([]),
        parse: { text throws(ValueProblem) in Parsed(try kind.parse(text)) },
        join: joined(Element.self)),
      describe: { $0.map(kind.describe).joined(separator: " ") })
  }

  private init(definition: OptionDefinition, describe: @escaping @Sendable (Value) -> String) {
    self.definition = definition
    self.describe = describe
  }
}

/// `--name`, without a value: false until given.
public struct Flag: DefinedOption {
  public let definition: OptionDefinition

  public init(_ name: String, short: Character? = nil, help: String) {
    definition = OptionDefinition(
      name: name, short: short, help: help, value: nil, fallback: Parsed(false),
      parse: { _ in Parsed(true) })
  }
}

/// What parser, help and completion know of an option.
public struct OptionDefinition: Sendable {
  /// What the value may be.
  public struct ValueDefinition: Sendable, Hashable {
    public let placeholder: String
    public let expectation: String
    public let choices: [String]

    init<Value>(_ kind: ValueKind<Value>) {
      placeholder = kind.placeholder
      expectation = kind.expectation
      choices = kind.choices
    }
  }

  /// Without the dashes.
  public let name: String
  public let short: Character?
  public let help: String
  /// `nil`: a flag.
  public let value: ValueDefinition?
  /// The default as the user would type it, or what leaving the option out means.
  public let defaultText: String?
  public let isRequired: Bool
  public let isRepeatable: Bool
  let fallback: (any ParsedValue)?
  let parse: @Sendable (String) throws(ValueProblem) -> any ParsedValue
  let join: @Sendable ([any ParsedValue]) -> any ParsedValue

  init(
    name: String, short: Character?, help: String, value: ValueDefinition?, defaultText: String? = nil,
    isRequired: Bool = false, isRepeatable: Bool = false, fallback: (any ParsedValue)? = nil,
    parse: @escaping @Sendable (String) throws(ValueProblem) -> any ParsedValue,
    join: @escaping @Sendable ([any ParsedValue]) -> any ParsedValue = { $0[0] }
  ) {
    self.name = name
    self.short = short
    self.help = help
    self.value = value
    self.defaultText = defaultText
    self.isRequired = isRequired
    self.isRepeatable = isRepeatable
    self.fallback = fallback
    self.parse = parse
    self.join = join
  }
}
