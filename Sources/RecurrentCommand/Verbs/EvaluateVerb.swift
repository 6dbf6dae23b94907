internal import RecurrentTasks

/// `recurrent evaluate`: a model's figures on a file, beside the baselines.
struct EvaluateVerb: Verb {
  static let file = Argument(
    "FILE", .input, help: "Data of the kind that it was trained on; - is standard input.")
  static let threads = ThreadCount.option("How many threads compute; they cannot change a result.")

  /// How a kind of model is evaluated.
  private struct Evaluation: Sendable {
    /// Options that mean something for it, besides the output's.
    let options: [any DefinedOption]
    let run: @Sendable (ParsedArguments, Console) throws(CommandError) -> ExitCode
  }

  private static func evaluation(of kind: RunKind) -> Evaluation {
    switch kind {
    case .forecaster: Evaluation(options: EvaluateForecast.options, run: EvaluateForecast.run)
    case .languageModel:
      Evaluation(
        options: [
          EvaluateLanguageModel.firstTokens, EvaluateLanguageModel.baselines,
          EvaluateLanguageModel.maskFuture, threads,
        ], run: EvaluateLanguageModel.run)
    case .fill: Evaluation(options: [EvaluateLanguageModel.baselines, threads], run: EvaluateFill.run)
    case .classifier:
      Evaluation(
        options: ClassifierReadingOptions.later + [EvaluateLanguageModel.baselines, threads],
        run: EvaluateClassifier.run)
    case .tagger:
      Evaluation(
        options: [ColumnOptions.laterToken, ColumnOptions.laterLabel, threads], run: EvaluateTagger.run)
    case .music: Evaluation(options: [EvaluateMusic.part, threads], run: EvaluateMusic.run)
    }
  }

  var definition: VerbDefinition {
    VerbDefinition(
      name: "evaluate", summary: "score a model on a file, beside the baselines",
      discussion: """
        Prints the same table as training does. What FILE is follows from the model: a CSV with the forecaster's columns, \
        a text for a language model or one that fills gaps, labelled examples for a classifier, columns of words \
        and tags for a tagger, pieces in JSON for a model of music.

        Of a forecaster: on the training file, '--rows held-out' repeats its figures. The model \
        knows the rows that it was trained on by their times and values: where any of them is scored, in whatever \
        part of whatever file, the verb warns and says how many.
        """,
      arguments: [LaterTable.model, Self.file],
      options: [
        OptionGroup("Rows of a forecast", EvaluateForecast.rows, LaterTable.fillRows),
        OptionGroup(
          "Text of a language model", EvaluateLanguageModel.firstTokens, EvaluateLanguageModel.baselines,
          EvaluateLanguageModel.maskFuture),
        OptionGroup("Columns", ColumnOptions.laterToken, ColumnOptions.laterLabel),
        ClassifierReadingOptions.laterGroup,
        OptionGroup("Pieces of music", EvaluateMusic.part),
        OptionGroup("Output", Self.threads, StandardOptions.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent evaluate weather.model weather.csv", "The held-out rows of the training file."),
        .init(
          "recurrent evaluate weather.model next-year.csv --rows all --json", "A new file, for a program."),
        .init("recurrent evaluate book.model other.txt --baselines-from book.txt", "A language model."),
        .init("recurrent evaluate sentiment.model sentiment.tsv", "A classifier."),
        .init("recurrent evaluate names.model tagged-english.conll", "A tagger."),
        .init("recurrent evaluate chorales.model chorales.json --part valid", "A model of music."),
      ],
      exitCodes: [.data, .noInput, .inputOutput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let folder = RunFolder(arguments[LaterTable.model])
    if !folder.isFinished, !folder.hasCheckpoint {
      throw CommandError(TaskError.noModel(path: folder.path, isInterrupted: false, verb: "train …"))
    }
    // A folder that holds something else is taken for a forecaster's, whose reader says what is wrong.
    let kind = RunKind(schema: folder.schema) ?? .forecaster
    let evaluation = Self.evaluation(of: kind)
    let own = Set(evaluation.options.map(\.definition.name))
    for option in RunKind.allCases.flatMap({ Self.evaluation(of: $0).options })
    where !own.contains(option.definition.name) {
      try arguments.refuse(option, circumstance: "for \(kind.name)")
    }
    return try evaluation.run(arguments, console)
  }
}
