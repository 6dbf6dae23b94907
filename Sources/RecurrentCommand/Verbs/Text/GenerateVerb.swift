internal import Foundation
internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent generate`: a language model continues a text.
struct GenerateVerb: Verb {
  static let model = Argument("MODEL", .path("FOLDER"), help: "Folder that 'train lm' made.")
  static let prompt = Option.required("prompt", .text("TEXT"), help: "How the text begins.")
  static let count = Option(
    "count", .integer(in: 1...1_000_000_000), default: 200, help: "Tokens to generate, at most.")
  static let temperature = Option(
    "temperature", .number(in: 0...100), default: 0.8,
    help: "1: the model's own distribution; lower: more probable tokens; 0: the most probable one.")
  static let topK = Option<Int?>(
    "top-k", .integer(in: 1...), absent: "all", help: "Only so many of the most probable tokens.")
  static let topP = Option<Double?>(
    "top-p", .number(in: 0...1), absent: "all",
    help: "Only the most probable tokens that together reach this probability.")
  static let stop = Option<String?>(
    "stop", .text("TEXT"), absent: "none", help: "End before this text would appear.")
  static let seed = Option(
    "seed", .seed, default: 1, help: "Of the draws: the same seed gives the same text.")
  static let allowLeak = Flag(
    "allow-leak", help: "Let a model that sees its target babble.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "generate", summary: "continue a text with a language model",
      discussion: """
        Prints the prompt and what the model makes of it, token by token. A model that reads the text from its end \
        too has learned to copy the token that it is asked for; it is refused, unless --allow-leak shows what comes \
        of it.
        """,
      arguments: [Self.model],
      options: [
        OptionGroup(
          "Text", Self.prompt, Self.count, Self.temperature, Self.topK, Self.topP, Self.stop, Self.seed,
          Self.allowLeak),
        OptionGroup("Output", StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent generate book.model --prompt 'time traveller'", "200 characters."),
        .init(
          "recurrent generate book.model --prompt 'time traveller' --temperature 0 --count 50 --json",
          "The most probable characters, for a program."),
      ],
      exitCodes: [.data, .noInput, .interrupted, .terminated])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let rule = SamplingRule(
      temperature: arguments[Self.temperature], topK: arguments[Self.topK], topP: arguments[Self.topP],
      seed: arguments[Self.seed])
    if rule.temperature == 0 {
      try arguments.refuse(
        Self.topK, Self.topP, Self.seed,
        circumstance: "with --temperature 0, which always takes the most probable token")
    }
    let prompt = arguments[Self.prompt]
    var generator = try commandErrors {
      try TextGenerator(
        try LanguageModelFolder(arguments[Self.model]).read(), prompt: prompt, rule: rule,
        allowsLeak: arguments[Self.allowLeak])
    }
    let tokenizer = generator.model.configuration.tokenizer
    if generator.model.seesItsTarget {
      console.warn("LEAK: the model sees the token that it is asked for, so what follows means nothing")
    }
    let isPlain = !arguments[StandardOptions.json] && arguments[Self.stop] == nil
    let separator = tokenizer.unit == .words ? " " : ""
    if isPlain { try console.write(Array(prompt.utf8)) }
    let stop = StopRequest(console)
    var (tokens, text) = ([String](), "")
    for _ in 0..<arguments[Self.count] {
      if stop.isRequested { break }
      let token = generator.next()
      tokens.append(token)
      if isPlain {
        try console.write(Array((separator + tokenizer.text(of: [token])).utf8))
      } else {
        text = tokenizer.text(of: tokens)
        if let mark = arguments[Self.stop], let place = text.range(of: mark) {
          text = String(text[..<place.lowerBound])
          break
        }
      }
    }
    if isPlain {
      try console.print("")
    } else if arguments[StandardOptions.json] {
      try console.print(
        JSONDocument(
          verb: "generate",
          [
            "prompt": .string(prompt), "text": .string(text), "tokens": .integer(tokens.count),
            "leak": .boolean(generator.model.seesItsTarget),
          ]))
    } else {
      try console.print(prompt + (text.isEmpty ? "" : separator + text))
    }
    return stop.exitCode ?? .success
  }
}
