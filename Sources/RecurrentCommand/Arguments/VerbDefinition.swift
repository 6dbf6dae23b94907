/// Everything that the parser, the help pages and the machine-readable help know of a verb.
public struct VerbDefinition: Sendable {
  /// A command line that a user may copy, and what it does.
  public struct Example: Sendable, Hashable {
    public let command: String
    public let explanation: String

    public init(_ command: String, _ explanation: String) {
      self.command = command
      self.explanation = explanation
    }
  }

  /// One word, or two with a space between: "doctor", "train forecast".
  public let name: String
  /// One line without a full stop.
  public let summary: String
  /// Paragraphs, separated by empty lines.
  public let discussion: String
  public let arguments: [ArgumentDefinition]
  public let groups: [OptionGroup]
  public let examples: [Example]
  /// The codes that this verb may end with, beyond 0, 64 and 70, which all have.
  public let exitCodes: [ExitCode]

  public init(
    name: String, summary: String, discussion: String = "", arguments: [any DefinedArgument] = [],
    options groups: [OptionGroup] = [], examples: [Example], exitCodes: [ExitCode] = []
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments.map(\.definition)
    self.groups = groups
    self.examples = examples
    self.exitCodes = exitCodes
    requireDistinctOptions()
  }

  public var options: [OptionDefinition] { groups.flatMap(\.options) }

  private func requireDistinctOptions() {
    let spellings = options.flatMap { ["--" + $0.name] + ($0.short.map { ["-" + String($0)] } ?? []) }
    for (index, spelling) in spellings.enumerated() {
      precondition(
        spelling != "--help" && spelling != "-h" && !spellings[..<index].contains(spelling),
        "verb '\(name)' defines '\(spelling)' twice")
    }
  }
}

/// Options that stand under one heading in help.
public struct OptionGroup: Sendable {
  public let title: String
  public let options: [OptionDefinition]

  public init(_ title: String, _ options: any DefinedOption...) {
    self.title = title
    self.options = options.map(\.definition)
  }
}

/// Options that mean the same for every verb that has them; the tool itself acts on `quiet` and `progress`.
public enum StandardOptions {
  public static let json = Flag(
    "json", help: "Print one JSON document with a versioned schema on standard output.")
  /// Of verbs that answer one text after another.
  public static let jsonLines = Flag(
    "json", help: "Print one JSON object a line, each with a versioned schema, on standard output.")
  public static let quiet = Flag(
    "quiet", short: "q", help: "No progress and no notes on standard error; warnings and errors remain.")
  public static let progress = Option(
    "progress", .choice(of: ProgressStyle.self), default: .auto,
    help: "How progress is shown on standard error; auto is a bar on a terminal and plain lines elsewhere.")
}
