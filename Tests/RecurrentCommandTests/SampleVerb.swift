import RecurrentCommand

/// A verb with one of everything, which prints what it was given.
struct SampleVerb: Verb {
  enum Shade: String, CaseIterable { case light, dark }

  static let file = Argument("FILE", .input, help: "What to read.")
  static let more = Argument<[String]>.rest("MORE", .text(), isRequired: false, help: "What else.")
  static let epochs = Option("epochs", short: "e", .integer(in: 1...), default: 10, help: "How often.")
  static let rate = Option("learning-rate", .number(above: 0), default: 0.001, help: "How fast.")
  static let horizons = Option("horizon", .list(of: .integer(in: 1...)), default: [1, 2], help: "How far.")
  static let shade = Option<Shade?>("shade", .choice(), help: "Which.")
  static let columns = Option<[String]>.repeated("column", .text("NAME"), help: "Of what.")
  static let force = Flag("force", short: "f", help: "Anyway.")

  var name = "paint fence"
  var behaviour: @Sendable (ParsedArguments, Console) throws(CommandError) -> ExitCode = {
    arguments, console in
    try console.print("painted \(arguments[SampleVerb.file])")
    return .success
  }

  var definition: VerbDefinition {
    VerbDefinition(
      name: name, summary: "paint something", arguments: [Self.file, Self.more],
      options: [
        OptionGroup("Paint", Self.epochs, Self.rate, Self.horizons, Self.shade, Self.columns),
        OptionGroup("Output", Self.force, StandardOptions.quiet, StandardOptions.progress),
      ],
      examples: [.init("recurrent paint fence a.csv --epochs 3", "Three coats.")], exitCodes: [.noInput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    try behaviour(arguments, console)
  }

  static func parse(_ arguments: String...) throws(CommandError) -> ParsedArguments {
    try ArgumentParser(SampleVerb().definition).parse(arguments)
  }
}

struct OtherVerb: Verb {
  let definition = VerbDefinition(name: "paint wall", summary: "paint a wall", examples: [])
  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode { .success }
}
