internal import RecurrentReports

extension CommandLineTool {
  /// All verbs, options and exit codes for programs that make man pages or completions: `recurrent help --json`.
  var definitionsDocument: JSONDocument {
    JSONDocument(
      verb: "help",
      [
        "command": .string(name), "summary": .string(summary), "version": .string(Version.number),
        "verbs": .array(verbs.map(\.definition.json)),
        "exit_codes": .array(
          ExitCode.allCases.map {
            ["code": .integer(Int($0.rawValue)), "meaning": .string($0.meaning)]
          }),
      ])
  }
}

extension VerbDefinition {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "summary": .string(summary), "discussion": .string(discussion),
      "arguments": .array(arguments.map(\.json)),
      "groups": .array(
        groups.map { ["title": .string($0.title), "options": .array($0.options.map(\.json))] }),
      "examples": .array(
        examples.map { ["command": .string($0.command), "explanation": .string($0.explanation)] }),
      "exit_codes": .array(exitCodes.map { .integer(Int($0.rawValue)) }),
    ]
  }
}

extension ArgumentDefinition {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "help": .string(help), "expectation": .string(expectation),
      "choices": .array(choices.map { .string($0) }), "required": .boolean(isRequired),
      "repeatable": .boolean(isRepeatable),
    ]
  }
}

extension OptionDefinition {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "name": .string(name), "help": .string(help), "required": .boolean(isRequired),
      "repeatable": .boolean(isRepeatable), "flag": .boolean(value == nil),
    ]
    if let short { members["short"] = .string(String(short)) }
    if let defaultText { members["default"] = .string(defaultText) }
    if let value {
      members["placeholder"] = .string(value.placeholder)
      members["expectation"] = .string(value.expectation)
      members["choices"] = .array(value.choices.map { .string($0) })
    }
    return .object(members)
  }
}
