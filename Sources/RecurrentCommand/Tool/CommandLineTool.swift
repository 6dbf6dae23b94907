internal import RecurrentCore

/// The command: finds the verb, reads its arguments, runs it, and turns every error into one line and an exit code.
public struct CommandLineTool: Sendable {
  public let name: String
  /// One line on what the command is for.
  public let summary: String
  public let verbs: [any Verb]

  public init(name: String = "recurrent", summary: String, verbs: [any Verb]) {
    self.name = name
    self.summary = summary
    self.verbs = verbs
  }

  /// Runs one command line.
  ///
  /// - Parameter arguments: without the program's name.
  public func run(_ arguments: [String], console: Console) -> ExitCode {
    do {
      return try dispatch(arguments, console: console)
    } catch {
      console.report(error)
      return error.exitCode
    }
  }

  private func dispatch(_ arguments: [String], console: Console) throws(CommandError) -> ExitCode {
    switch arguments.first {
    case nil:
      throw usage("no verb is given, expected one of \(firstWords.joined(separator: ", "))")
    case "--help", "-h":
      try console.print(overview)
      return .success
    case "--version":
      if arguments.count > 1 {
        throw usage("unexpected argument '\(arguments[1])' after '--version', expected none")
      }
      try console.print(Version.text)
      return .success
    case "help":
      try help(Array(arguments.dropFirst()), console: console)
      return .success
    default:
      return try runVerb(arguments, console: console)
    }
  }

  private func runVerb(_ arguments: [String], console: Console) throws(CommandError) -> ExitCode {
    if let verb = find(arguments) {
      let rest = Array(arguments.dropFirst(words(verb).count))
      if ArgumentParser.asksForHelp(rest) {
        try console.print(HelpPage(definition: verb.definition, program: name).text)
        return .success
      }
      let parsed = try ArgumentParser(verb.definition, program: name).parse(rest)
      let isQuiet = parsed.ifDefined(StandardOptions.quiet) ?? false
      let progress = parsed.ifDefined(StandardOptions.progress) ?? .auto
      if isQuiet && progress != .none {
        try parsed.refuse(StandardOptions.progress, circumstance: "with --quiet, which shows none")
      }
      console.configure(isQuiet: isQuiet, progress: progress)
      if let problem = KernelLevel.requestProblem {
        throw CommandError(problem + "; correct it or unset it", exitCode: .configuration)
      }
      return try verb.run(parsed, console: console)
    }
    if let table = taskTable(arguments), ArgumentParser.asksForHelp(arguments) {
      try console.print(table)
      return .success
    }
    throw unknownVerb(arguments)
  }

  /// The verbs that begin with the line's first word; `nil`: none does.
  private func taskTable(_ arguments: [String]) -> String? {
    let tasks = verbs.filter { words($0)[0] == arguments[0] }
    return tasks.isEmpty ? nil : verbTable(tasks, title: "TASKS OF '\(name) \(arguments[0])'")
  }

  /// The verb with the most words that the line begins with.
  private func find(_ arguments: [String]) -> (any Verb)? {
    verbs.filter { arguments.starts(with: words($0)) }.max { words($0).count < words($1).count }
  }

  private func words(_ verb: any Verb) -> [String] { verb.name.split(separator: " ").map(String.init) }

  private var firstWords: [String] {
    verbs.map { words($0)[0] }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private func unknownVerb(_ arguments: [String]) -> CommandError {
    let first = arguments[0]
    let tasks = verbs.map(words).filter { $0[0] == first && $0.count > 1 }.map { $0[1] }
    if !tasks.isEmpty {
      let list = tasks.joined(separator: ", ")
      guard arguments.count > 1, !arguments[1].hasPrefix("-") else {
        return usage("'\(first)' needs a task, expected one of \(list)")
      }
      let nearest = suggestion(arguments[1], tasks)
      let task = tasks.count == 1 ? tasks[0] : "TASK"
      let whole = ", did you mean '\(name) \(first) \(task) \(arguments[1])'?"
      return usage(
        "unknown task '\(arguments[1])' of '\(first)', expected one of \(list)"
          + (nearest.isEmpty && looksLikeFile(arguments[1]) ? whole : nearest))
    }
    if first.hasPrefix("-") {
      return usage(
        "unknown option '\(first)', expected a verb before its options"
          + suggestion(first, ["--help", "--version"]))
    }
    return usage(
      "unknown verb '\(first)', expected one of \(firstWords.joined(separator: ", "))"
        + suggestion(first, firstWords))
  }

  /// What stands where a task should is a file where it could not be a word.
  private func looksLikeFile(_ text: String) -> Bool {
    text == "-" || text.contains { $0 == "." || $0 == "/" }
  }

  private func usage(_ message: String) -> CommandError { .usage(message, help: "\(name) --help") }

  private func suggestion(_ found: String, _ names: [String]) -> String {
    nearestName(to: found, among: names).map { ", did you mean '\($0)'?" } ?? ""
  }

  // MARK: Help

  private func help(_ arguments: [String], console: Console) throws(CommandError) {
    if arguments.isEmpty { return try console.print(overview) }
    if arguments == ["--json"] { return try console.print(definitionsDocument) }
    if let verb = find(arguments) {
      return try console.print(HelpPage(definition: verb.definition, program: name).text)
    }
    if let table = taskTable(arguments), arguments.count == 1 { return try console.print(table) }
    throw unknownVerb(arguments)
  }

  private var overview: String {
    [
      "\(name): \(summary)",
      "USAGE\n  \(name) VERB [TASK] INPUT… [--option value]…",
      verbTable(verbs, title: "VERBS"),
      helpTable(
        "OPTIONS",
        [
          ("-h, --help", "Show this page; after a verb, the verb's page."),
          ("--version", "Show the version, how it was built, and the kernels in use."),
        ], width: HelpPage.width),
      helpTable(
        "ENVIRONMENT",
        [
          (
            "RECURRENT_KERNELS",
            "The kernel level to use: \(KernelLevel.allCases.map(\.name).joined(separator: ", ")); the best of this processor where unset."
          ),
          ("NO_COLOR", "No colours, where set to anything."),
          ("CLICOLOR_FORCE", "Colours even where the stream is no terminal, where set to anything but 0."),
        ], width: HelpPage.width),
      "Results go to standard output; progress, notes and errors to standard error.",
    ].joined(separator: "\n\n") + "\n"
  }

  private func verbTable(_ verbs: [any Verb], title: String) -> String {
    helpTable(title, verbs.map { ($0.name, $0.summary) }, width: HelpPage.width)
  }
}
