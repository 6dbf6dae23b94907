internal import Recurrent
internal import RecurrentReports
internal import RecurrentTasks

/// What `generate` does for a model of music: frames of notes, as JSON.
enum GenerateMusic {
  static let pieces = Option<InputSource?>(
    "pieces", .input, absent: "--prompt has notes",
    help: "Of music: a file of pieces; --prompt is then the number of a test piece, from 1.")
  static let promptFrames = Option(
    "prompt-frames", .integer(in: 1...1_000_000), default: 16,
    help: "Of music with --pieces: frames of the piece to go on from.")

  static func run(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) -> ExitCode {
    try arguments.refuse(
      GenerateVerb.topK, GenerateVerb.topP, GenerateVerb.stop, GenerateVerb.allowLeak,
      circumstance: "for a model of music", remedy: "leave it out")
    if arguments[GenerateVerb.temperature] == 0 {
      try arguments.refuse(
        GenerateVerb.seed,
        circumstance: "with --temperature 0, which takes every note that is more probable than not")
    }
    if arguments[pieces] == nil { try arguments.refuse(promptFrames, circumstance: "without --pieces") }
    let model = try commandErrors { try MusicFolder(arguments[GenerateVerb.model]).read() }
    let prompt = try prompt(arguments, model, console)
    var generator = MusicGenerator(
      model, prompt: prompt, temperature: arguments[GenerateVerb.temperature],
      seed: arguments[GenerateVerb.seed])
    let stop = StopRequest(console, saves: false)
    let isDocument = arguments[StandardOptions.json]
    var made: [JSONValue] = []
    if !isDocument { try console.write(Array("[".utf8)) }
    var separator = "\n"
    func append(_ frame: [Int]) throws(CommandError) {
      let value = JSONValue.array(frame.map { .integer($0) })
      if isDocument {
        made.append(value)
      } else {
        try console.write(Array("\(separator)\(frame)".utf8))
        separator = ",\n"
      }
    }
    for frame in prompt { try append(frame) }
    for _ in 0..<arguments[GenerateVerb.count] {
      if stop.isRequested { break }
      try append(generator.next())
    }
    if isDocument {
      try console.print(
        JSONDocument(
          verb: "generate", ["frames": .array(made), "prompt_frames": .integer(prompt.count)]))
    } else {
      try console.print("\n]")
    }
    return stop.exitCode ?? .success
  }

  /// The frames to go on from: of a test piece, or as they are written: "60,64,67 62,65", with - for silence.
  private static func prompt(
    _ arguments: ParsedArguments, _ model: MusicModel, _ console: Console
  ) throws(CommandError) -> [[Int]] {
    let text = try GenerateVerb.given(arguments[GenerateVerb.prompt])
    if let source = arguments[pieces] {
      let test = try commandErrors {
        try PianoRollFile.read(source, model.configuration.form, console).test
      }
      guard let number = Int(text), test.indices.contains(number - 1) else {
        throw .usage(
          "--prompt: found '\(text)', expected the number of a test piece from 1 to \(test.count); or leave out --pieces and give notes"
        )
      }
      return Array(test[number - 1].frames.prefix(arguments[promptFrames]))
    }
    return try text.split(separator: " ").map { word throws(CommandError) in
      if word == "-" { return [] }
      let notes = word.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
      let known = notes.compactMap { $0 }.filter(PianoRoll.piano.contains)
      guard known.count == notes.count else {
        throw .usage(
          "--prompt: found '\(word)', expected MIDI notes of \(PianoRoll.piano.lowerBound) to \(PianoRoll.piano.upperBound) with commas between, or - for silence, and a space between frames; a number of a piece needs --pieces"
        )
      }
      return Array(Set(known)).sorted()
    }
  }
}
