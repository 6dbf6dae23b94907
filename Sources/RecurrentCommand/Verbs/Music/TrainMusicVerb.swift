internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent train music`: pieces become a model of the next frame, with its loss beside models of each note alone.
struct TrainMusicVerb: Verb {
  static let defaults = MusicConfiguration()

  static let file = Argument(
    "FILE", .input, help: "Piano rolls in JSON, with the parts train, valid and test; - is standard input.")
  static let form = Option(
    "form", .choice(of: PianoRollFile.Form.self), default: defaults.form,
    help: "What a frame's numbers are: the notes that sound, or one note for each voice with -1 for silence.")
  static let transpose = Option(
    "transpose", .integer(in: 0...MusicConfiguration.mostTranspositions), default: defaults.transpositions,
    help: "Training pieces are also learned from so many semitones up and down.")
  static let network = NetworkOptions(defaults.layers, dropout: defaults.dropout, dropsAtEnds: true)
  static let training = TrainingOptions(defaults.training, examples: "pieces")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "train music", summary: "learn which notes come next in pieces of music",
      discussion: """
        Trains a recurrent network to give, for every frame of a piece, the probability of each of a piano's 88 notes \
        from the frames before it; the first frame follows one of zeros. The epoch is chosen by the part valid. Prints \
        the mean −log probability of a test frame in nats, the sum over its notes, beside models of each note alone.

        FILE is {"train": [[[60, 64, 67], [62, 65]], …], "valid": …, "test": …}: pieces of frames of MIDI numbers from \
        21 to 108; it may be compressed with gzip. Layers read from the beginning only: one that reads from the end \
        would see the frame that it is asked for.
        """,
      arguments: [Self.file],
      options: [
        OptionGroup("Music", Self.form, Self.transpose),
        Self.network.group, Self.training.group, RunOutputOptions.group,
      ],
      examples: [
        .init("recurrent train music chorales.json -o chorales.model", "One LSTM layer of 200."),
        .init(
          "recurrent train music chorales.json --cell gru --hidden 100 --dropout 0.5 --transpose 5 --epochs 10 -o small.model",
          "A small GRU, on pieces in eleven keys."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate, .inputOutput, .interrupted, .terminated])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let configuration = try configuration(arguments)
    let source = arguments[Self.file]
    let task = try TaskTraining(arguments, inputs: [source], console)
    let threads = ThreadCount.read(Self.training.threads, arguments, console)
    let name = TableInput.name(of: source)
    let training = try commandErrors {
      try MusicTraining(
        configuration, file: try PianoRollFile.read(source, configuration.form, console), source: name,
        threads: threads)
    }
    let file = training.file
    console.note(
      "\(name): \(file.training.count) pieces to learn from, \(file.validation.count) that choose the epoch, \(file.test.count) test pieces; \(training.network.layout.count) parameters"
    )
    return try task.run(training, about: name, threads: threads) { evaluation throws(CommandError) in
      try Self.print(
        evaluation, verb: "train music", arguments, console, ["folder": .string(task.folder.path)])
    }
  }

  static func print(
    _ evaluation: MusicEvaluation, verb: String, _ arguments: ParsedArguments, _ console: Console,
    _ others: [String: JSONValue] = [:]
  ) throws(CommandError) {
    if arguments[StandardOptions.json] {
      var members = others
      members["evaluation"] = evaluation.json
      try console.print(JSONDocument(verb: verb, members))
    } else {
      try console.print(evaluation.table().text(emphasis: console.style.bold))
      try console.print(evaluation.verdict)
    }
  }

  private func configuration(_ arguments: ParsedArguments) throws(CommandError) -> MusicConfiguration {
    var configuration = MusicConfiguration()
    configuration.form = arguments[Self.form]
    configuration.transpositions = arguments[Self.transpose]
    configuration.dropout = arguments[Self.network.dropout]
    configuration.dropoutUnit = Self.network.unitAtEnds(arguments)
    configuration.layers = try Self.network.layers(arguments)
    if configuration.readsAhead {
      throw .usage(
        "'\(arguments.spelled(Self.network.hidden))' has a layer that reads from the end and would see the frame that it is asked for; write one size a layer, as in --hidden 200"
      )
    }
    configuration.training = try Self.training.options(arguments)
    if let problem = configuration.training.problem { throw .usage(problem.description) }
    return configuration
  }
}

extension PianoRollFile {
  /// The pieces of a file, or of the standard input.
  static func read(
    _ source: InputSource, _ form: Form, _ console: Console
  ) throws -> PianoRollFile {
    switch source {
    case .file(let path): try PianoRollFile(contentsOf: path, form: form)
    case .standardInput:
      try PianoRollFile(
        try console.readStandardInput(limit: DataFile.defaultLimit), source: TableInput.standardInputName,
        form: form)
    }
  }
}
