internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent train classify`: labelled texts or series become a classifier, with its figures beside baselines.
struct TrainClassifierVerb: Verb {
  static let defaults = ClassifierConfiguration()

  static let data = Argument(
    "DATA", .input,
    help:
      "A table with a label and a text a line, a folder with a sub-folder or a file of lines a class, or series (.ts); - is a table on standard input."
  )
  static let test = Option<String?>(
    "test", .path("DATA"), absent: "a share of DATA",
    help: "Other examples that the figures are of, in place of --test-share.")
  static let validationShare = Option(
    "validation-share", .number(in: 0...0.5), default: defaults.validationShare,
    help: "Share of the examples that chooses the epoch; 0: the training loss does.")
  static let testShare = Option(
    "test-share", .number(in: 0...0.5), default: defaults.testShare,
    help: "Share of the examples that is held out for the figures; 0: none is.")
  static let splitSeed = Option(
    "split-seed", .seed, default: defaults.splitSeed, help: "Of the deal of examples to these parts.")
  static let choice = Option(
    "choose-by", .choice(of: EpochChoice.self), default: .loss,
    help:
      "What chooses the epoch, on the examples that do: loss, the lowest; figure, the highest share that is right."
  )
  static let text = TextOptions(defaults.tokenizer, defaults.vocabulary)
  static let firstTokens = Option<Int?>(
    "first-tokens", .integer(in: 1...), absent: "all",
    help: "Only so many tokens of each text, the first ones.")
  static let embedding = Option(
    "embedding", .integer(in: 0...1_000_000), default: defaults.embeddingSize ?? 0,
    help: "Size of the tokens' vectors; 0: one-hot vectors.")
  static let wordDropout = Option(
    "word-dropout", .number(in: 0..<1), default: defaults.wordDropout,
    help: "Share of the tokens that is left out, in training.")
  static let pooling = Option(
    "pooling", .choice(of: ClassifierConfiguration.Summary.self), default: defaults.pooling,
    help: "How the steps become one vector; ends: the final state of either direction.")
  static let classBalance = Option(
    "class-balance", .number(in: 0...1), default: defaults.classBalance,
    help:
      "How far rare classes count as much as frequent ones, in training: 0, every example counts alike; 1, every class does."
  )
  static let labelSmoothing = Option(
    "label-smoothing", .number(in: 0..<1), default: defaults.labelSmoothing,
    help: "Share of the probability that training spreads over all classes.")
  static let network = NetworkOptions(defaults.layers, dropout: defaults.dropout, dropsAtEnds: true)
  static let training = TrainingOptions(defaults.training, examples: "examples")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "train classify", summary: "learn to tell classes of texts or of series apart",
      discussion: """
        Trains a recurrent network to give every text, or every series of measurements, one of the labels that its \
        examples have, and prints accuracy and macro-F1 on held-out examples beside the most frequent class and, of \
        texts, naive Bayes on characters and on words. Examples are dealt to the parts class by class, equal texts to \
        one part; vocabulary, means and deviations are those of the examples that are learned from.

        Use 'classify' for texts or series without labels, 'evaluate' for other labelled ones.
        """,
      arguments: [Self.data],
      options: [
        ClassifierReadingOptions.group,
        OptionGroup("Split", Self.test, Self.validationShare, Self.testShare, Self.splitSeed, Self.choice),
        Self.text.group,
        Self.network.group,
        OptionGroup(
          "Classifier", Self.firstTokens, Self.embedding, Self.wordDropout, Self.pooling, Self.classBalance,
          Self.labelSmoothing),
        Self.training.group, RunOutputOptions.group,
      ],
      examples: [
        .init("recurrent train classify sentiment.tsv -o sentiment.model", "A label and a text a line."),
        .init(
          "recurrent train classify reviews.csv --text-column review --label-column stars --unit words --fold lowercase --pooling maximum --word-dropout 0.2 --dropout 0.5 -o reviews.model",
          "Words, in named columns."),
        .init(
          "recurrent train classify vowels.ts --test other-vowels.ts --cell gru --hidden 32+32 -o vowels.model",
          "Series of measurements."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate, .inputOutput, .interrupted, .terminated])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let configuration = try configuration(arguments)
    let source = arguments[Self.data]
    try ClassifierReadingOptions.refuse(arguments, for: source)
    if case .file(let path) = source, let kind = RunKind(schema: RunFolder(path).schema) {
      throw CommandError(
        "\(path): found the folder of \(kind.name), expected labelled examples; name a table, a folder of classes or series (.ts)",
        exitCode: .data)
    }
    let test = arguments[Self.test].map(InputSource.file)
    let task = try TaskTraining(arguments, inputs: [source] + (test.map { [$0] } ?? []), console)
    let (data, other) = try commandErrors {
      (
        try ClassifierData.read(source, configuration.reading, console),
        try test.map { try ClassifierData.read($0, configuration.reading, console) }
      )
    }
    if case .series = data.examples {
      let options: [any DefinedOption] = [
        Self.text.unit, Self.text.folding, Self.text.punctuation, Self.text.minimumCount, Self.text.limit,
        Self.firstTokens, Self.embedding, Self.wordDropout,
      ]
      for option in options {
        try arguments.refuse(option, circumstance: "for \(data.source), whose examples are series, not texts")
      }
    }
    let threads = ThreadCount.read(Self.training.threads, arguments, console)
    let training = try commandErrors(about: data.source) {
      try ClassifierTraining(configuration, data: data, test: other, threads: threads)
    }
    if !Self.isFolder(source) { ClassifierHints.show(data, test: other, configuration, console) }
    console.note(
      "\(data.source): \(training.trainingData.count) \(data.noun) to learn from, \(training.validationData?.count ?? 0) that choose the epoch, \(training.heldOutData?.count ?? 0) held out; \(training.labels.count) classes; \(training.network.layout.count) parameters"
    )
    return try task.run(training, about: data.source, threads: threads) {
      evaluation throws(CommandError) in
      try Self.print(
        evaluation, verb: "train classify", arguments, console, ["folder": .string(task.folder.path)])
    }
  }

  private static func isFolder(_ source: InputSource) -> Bool {
    if case .file(let path) = source { FileKind.isFolder(path) } else { false }
  }

  /// Classes that a terminal shows one by one.
  private static let mostClasses = 30

  static func print(
    _ evaluation: ClassifierEvaluation, verb: String, _ arguments: ParsedArguments, _ console: Console,
    _ others: [String: JSONValue] = [:]
  ) throws(CommandError) {
    if arguments[StandardOptions.json] {
      var members = others
      members["evaluation"] = evaluation.json
      try console.print(JSONDocument(verb: verb, members))
    } else {
      try console.print(evaluation.table().text(emphasis: console.style.bold))
      if evaluation.model.score.classes.count <= mostClasses {
        try console.print("\n" + evaluation.classTable().text())
      }
      try console.print("\n" + evaluation.verdict)
    }
  }

  private func configuration(_ arguments: ParsedArguments) throws(CommandError) -> ClassifierConfiguration {
    try arguments.refuseBoth(Self.test, Self.testShare, reason: "the figures are of one part")
    if arguments[Self.embedding] == 0 {
      try arguments.refuse(
        Self.wordDropout, circumstance: "with --embedding 0, since one-hot vectors are not drawn",
        remedy: "leave it out, or give --embedding a size")
    }
    if arguments[Self.validationShare] == 0 {
      try arguments.refuse(
        Self.choice, circumstance: "with --validation-share 0, which leaves no example to choose by")
    }
    var configuration = ClassifierConfiguration()
    configuration.reading = try ClassifierReadingOptions.reading(arguments)
    configuration.tokenizer = try Self.text.tokenizer(arguments)
    configuration.vocabulary = Self.text.rule(arguments, configuration.vocabulary)
    configuration.choice = arguments[Self.choice] == .loss ? nil : arguments[Self.choice]
    configuration.tokenLimit = arguments[Self.firstTokens]
    configuration.validationShare = arguments[Self.validationShare]
    configuration.testShare = arguments[Self.test] == nil ? arguments[Self.testShare] : 0
    configuration.splitSeed = arguments[Self.splitSeed]
    configuration.embeddingSize = arguments[Self.embedding] > 0 ? arguments[Self.embedding] : nil
    configuration.wordDropout = arguments[Self.wordDropout]
    configuration.pooling = arguments[Self.pooling]
    configuration.classBalance = arguments[Self.classBalance]
    configuration.labelSmoothing = arguments[Self.labelSmoothing]
    configuration.dropout = arguments[Self.network.dropout]
    configuration.dropoutUnit = Self.network.unitAtEnds(arguments)
    configuration.layers = try Self.network.layers(arguments)
    configuration.training = try Self.training.options(arguments)
    if let problem = configuration.training.problem { throw .usage(problem.description) }
    return configuration
  }
}
