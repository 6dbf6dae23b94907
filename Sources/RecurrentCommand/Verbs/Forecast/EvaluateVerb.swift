internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent evaluate`: a model's figures on a file, beside the baselines.
struct EvaluateVerb: Verb {
  enum Rows: String, CaseIterable, Sendable {
    case heldOut = "held-out"
    case all
  }

  static let file = Argument(
    "FILE", .input, help: "Data of the kind that it was trained on; - is standard input.")
  static let rows = Option(
    "rows", .choice(of: Rows.self), default: .heldOut,
    help: "held-out: the last share of the rows, as in training; all: for a file that the model has not seen."
  )

  var definition: VerbDefinition {
    VerbDefinition(
      name: "evaluate", summary: "score a model on a file, beside the baselines",
      discussion: """
        Prints the same table as training does. What FILE is follows from the model: a CSV with the forecaster's columns, \
        a text for a language model or one that fills gaps, columns of words and tags for a tagger, pieces in \
        JSON for a model of music.

        Of a forecaster: On the training file, '--rows held-out' repeats its figures. The model \
        knows the rows that it was trained on by their times and values: where any of them is scored, in whatever \
        part of whatever file, the verb warns and says how many.
        """,
      arguments: [LaterTable.model, Self.file],
      options: [
        OptionGroup("Rows of a forecast", Self.rows, LaterTable.fillRows),
        OptionGroup(
          "Text of a language model", EvaluateLanguageModel.firstTokens, EvaluateLanguageModel.baselines,
          EvaluateLanguageModel.maskFuture, EvaluateLanguageModel.threads),
        OptionGroup("Columns of a tagger", ColumnOptions.laterToken, ColumnOptions.laterLabel),
        OptionGroup("Pieces of music", EvaluateMusic.part),
        OptionGroup("Output", StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent evaluate weather.model weather.csv", "The held-out rows of the training file."),
        .init(
          "recurrent evaluate weather.model next-year.csv --rows all --json", "A new file, for a program."),
        .init("recurrent evaluate book.model other.txt --baselines-from book.txt", "A language model."),
        .init("recurrent evaluate names.model tagged-english.conll", "A tagger."),
        .init("recurrent evaluate chorales.model chorales.json --part valid", "A model of music."),
      ],
      exitCodes: [.data, .noInput, .inputOutput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let schema = RunFolder(arguments[LaterTable.model]).schema
    if schema == TaggerFolder.schema {
      try arguments.refuse(
        Self.rows, LaterTable.fillRows, EvaluateLanguageModel.firstTokens, EvaluateLanguageModel.baselines,
        EvaluateLanguageModel.maskFuture, circumstance: "for a tagger", remedy: "leave it out")
      return try EvaluateTagger.run(arguments, console)
    }
    try arguments.refuse(
      ColumnOptions.laterToken, ColumnOptions.laterLabel, circumstance: "for a model that is no tagger",
      remedy: "leave it out")
    if schema == MusicFolder.schema {
      try arguments.refuse(
        Self.rows, LaterTable.fillRows, EvaluateLanguageModel.firstTokens, EvaluateLanguageModel.baselines,
        EvaluateLanguageModel.maskFuture, circumstance: "for a model of music", remedy: "leave it out")
      return try EvaluateMusic.run(arguments, console)
    }
    try arguments.refuse(
      EvaluateMusic.part, circumstance: "for a model of something else than music", remedy: "leave it out")
    if schema == LanguageModelFolder.schema {
      try arguments.refuse(
        Self.rows, LaterTable.fillRows, circumstance: "for a language model", remedy: "leave it out")
      return try EvaluateLanguageModel.run(arguments, console)
    }
    if RunFolder(arguments[LaterTable.model]).schema == FillFolder.schema {
      try arguments.refuse(
        Self.rows, LaterTable.fillRows, EvaluateLanguageModel.firstTokens, EvaluateLanguageModel.maskFuture,
        circumstance: "for a model that fills gaps", remedy: "leave it out")
      return try EvaluateFill.run(arguments, console)
    }
    try arguments.refuse(
      EvaluateLanguageModel.firstTokens, EvaluateLanguageModel.baselines, EvaluateLanguageModel.maskFuture,
      EvaluateLanguageModel.threads, circumstance: "for a forecaster", remedy: "leave it out")
    let source = TableInput.name(of: arguments[Self.file])
    let (evaluation, known, notices) = try laterFileErrors(arguments, about: source) {
      let (model, data) = try LaterTable.read(arguments, file: Self.file, console: console)
      let windows =
        switch arguments[Self.rows] {
        case .heldOut: try model.heldOutWindows(of: data)
        case .all:
          try model.preparation.plan.windows(in: 0..<data.frame.rowCount, named: nil)
        }
      return (
        try model.evaluate(data, windows).evaluation, model.learned(in: windows, of: data), data.notices
      )
    }
    let learned = known.examples
    let windows = "\(evaluation.examples) window\(evaluation.examples == 1 ? "" : "s")"
    if learned > 0 {
      console.warn(
        "\(source): \(learned) of the \(windows) scored \(learned == 1 ? "asks" : "ask") for rows that the model was trained on, so the figures flatter; score rows that came later"
      )
    }
    for notice in notices { console.note(notice) }
    if arguments[Self.rows] == .heldOut && !known.hasRows {
      console.note(
        "\(source): the model was trained on none of its rows; the last share of them is scored, and --rows all scores all"
      )
    }
    console.note(
      "scored \(windows) (\(arguments[Self.rows].rawValue)), values from \(evaluation.firstTarget) to \(evaluation.lastTarget)"
    )
    for baseline in evaluation.leftOut { console.note(baseline.description) }
    if arguments[StandardOptions.json] {
      try console.print(
        JSONDocument(
          verb: "evaluate",
          ["evaluation": evaluation.json, "learned_examples": .integer(learned)]))
    } else {
      try console.print(evaluation.table().text(emphasis: console.style.bold))
      try console.print(evaluation.verdict)
    }
    return .success
  }
}
