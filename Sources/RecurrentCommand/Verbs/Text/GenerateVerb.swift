internal import Foundation
internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent generate`: a language model continues a text.
struct GenerateVerb: Verb {
  static let model = Argument("MODEL", .path("FOLDER"), help: "Folder that 'train lm' or 'train music' made.")
  static let prompt = Option<String?>(
    "prompt", .text("TEXT"), absent: "needed, unless --from-class is given",
    help:
      "How the text begins; of music: frames as in '60,64,67 62,65', - for silence, or a piece of --pieces.")
  static let fromClass = Option<String?>(
    "from-class", .text("NAME"), absent: "--prompt alone decides",
    help: "Of a model of labelled texts: the class of a new text, which ends by itself.")
  static let count = Option(
    "count", .integer(in: 1...1_000_000_000), default: 200,
    help: "Tokens, or frames of music, to generate, at most.")
  static let temperature = Option(
    "temperature", .number(in: 0...100), default: 0.8,
    help: "1: the model's own distribution; lower: what is more probable; 0: the most probable.")
  static let topK = Option<Int?>(
    "top-k", .integer(in: 1...), absent: "all", help: "Only so many of the most probable tokens.")
  static let topP = Option<Double?>(
    "top-p", .share, absent: "all",
    help: "Only the most probable tokens that together reach this probability.")
  static let stop = Option<String?>(
    "stop", .text("TEXT"), absent: "none", help: "End before this text would appear.")
  static let seed = Option(
    "seed", .seed, default: 1, help: "Of the draws: the same seed gives the same text.")
  static let allowLeak = Flag(
    "allow-leak", help: "Let a model that sees its target babble.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "generate", summary: "continue a text or a piece of music",
      discussion: """
        Prints the prompt and what the model makes of it, token by token; of a model of bytes, the bytes themselves, \
        whether or not they are UTF-8, and with --json U+FFFD in place of what is not. A model that reads the text from its end \
        too has learned to copy the token that it is asked for; it is refused, unless --allow-leak shows what comes \
        of it.

        Of a model of music it prints the frames of the prompt and those that follow, as JSON: a list of MIDI numbers \
        for each. Every note is drawn by its own probability.
        """,
      arguments: [Self.model],
      options: [
        OptionGroup(
          "Text", Self.prompt, Self.fromClass, Self.count, Self.temperature, Self.topK, Self.topP, Self.stop,
          Self.seed,
          Self.allowLeak),
        OptionGroup("Music", GenerateMusic.pieces, GenerateMusic.promptFrames),
        OptionGroup("Output", StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent generate book.model --prompt 'time traveller'", "200 characters."),
        .init(
          "recurrent generate book.model --prompt 'time traveller' --temperature 0 --count 50 --json",
          "The most probable characters, for a program."),
        .init("recurrent generate remarks.model --from-class positive", "A text of a class."),
        .init(
          "recurrent generate chorales.model --prompt '60,64,67 60,65,69' --count 32 > piece.json",
          "32 frames behind two chords."),
        .init(
          "recurrent generate chorales.model --pieces chorales.json --prompt 1 --prompt-frames 8 --count 32",
          "The first test piece, from its first 8 frames on."),
      ],
      exitCodes: [.data, .noInput, .interrupted, .terminated])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    if RunKind(schema: RunFolder(arguments[Self.model]).schema) == .music {
      try arguments.refuse(Self.fromClass, circumstance: "for a model of music")
      return try GenerateMusic.run(arguments, console)
    }
    try arguments.refuse(
      GenerateMusic.pieces, GenerateMusic.promptFrames, circumstance: "for a language model",
      remedy: "leave it out")
    let rule = SamplingRule(
      temperature: arguments[Self.temperature], topK: arguments[Self.topK], topP: arguments[Self.topP],
      seed: arguments[Self.seed])
    if rule.temperature == 0 {
      try arguments.refuse(
        Self.topK, Self.topP, Self.seed,
        circumstance: "with --temperature 0, which always takes the most probable token")
    }
    let label = arguments[Self.fromClass]
    let prompt = try Self.given(arguments[Self.prompt] ?? label.map { _ in "" })
    var generator = try commandErrors {
      try TextGenerator(
        try LanguageModelFolder(arguments[Self.model]).read(), prompt: prompt, fromClass: label,
        rule: rule,
        allowsLeak: arguments[Self.allowLeak])
    }
    if !generator.model.seesItsTarget {
      try arguments.refuse(Self.allowLeak, circumstance: "for a model that does not see its target")
    }
    let tokenizer = generator.model.configuration.tokenizer
    let unknown = UnknownTokens(of: tokenizer.tokens(of: prompt), in: generator.model.vocabulary)
    unknown.note("--prompt", console)
    if generator.model.seesItsTarget {
      console.warn("LEAK: the model sees the token that it is asked for, so what follows means nothing")
    }
    let isPlain = !arguments[StandardOptions.json] && arguments[Self.stop] == nil
    let separator = tokenizer.unit == .words ? " " : ""
    if isPlain { try console.write(Array(prompt.utf8)) }
    let stop = StopRequest(console, saves: false)
    var (tokens, made) = ([String](), [UInt8]())
    let mark = arguments[Self.stop].flatMap { $0.isEmpty ? nil : Array($0.utf8) }
    for _ in 0..<arguments[Self.count] {
      if stop.isRequested { break }
      guard let token = generator.next() else { break }
      tokens.append(token)
      if isPlain {
        let before = tokens.count == 1 && prompt.isEmpty ? "" : separator
        try console.write(Array(before.utf8) + tokenizer.bytes(of: [token]))
      } else {
        if tokens.count > 1 { made += separator.utf8 }
        let isSafeBefore = made.count
        made += tokenizer.bytes(of: [token])
        if let mark, let place = made.firstPlace(of: mark, from: isSafeBefore - mark.count) {
          made.removeSubrange(place...)
          // Of the last tokens, nothing or only a part is said.
          while !tokens.isEmpty && tokenizer.bytes(of: tokens).count > made.count { tokens.removeLast() }
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
            "prompt": .string(prompt), "text": .string(String(decoding: made, as: UTF8.self)),
            "tokens": .integer(tokens.count), "leak": .boolean(generator.model.seesItsTarget),
            "unknown_tokens": unknown.json,
          ]))
    } else {
      let between = made.isEmpty || prompt.isEmpty ? "" : separator
      try console.write(Array((prompt + between).utf8) + made + [UInt8(ascii: "\n")])
    }
    return stop.exitCode ?? .success
  }

  /// - Throws: where nothing says how to begin.
  static func given(_ prompt: String?) throws(CommandError) -> String {
    guard let prompt else {
      throw .usage("'--prompt' is missing: how the text begins, or of a model of labelled texts --from-class")
    }
    return prompt
  }
}

extension [UInt8] {
  /// Where some bytes begin, at `start` at the earliest.
  fileprivate func firstPlace(of part: [UInt8], from start: Int) -> Int? {
    (Swift.max(0, start)..<Swift.max(0, start, count - part.count + 1)).first {
      self[$0..<$0 + part.count].elementsEqual(part)
    }
  }
}
