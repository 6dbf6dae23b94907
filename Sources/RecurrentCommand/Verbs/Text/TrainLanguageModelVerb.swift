internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent train lm`: a text becomes a language model, with its perplexity beside n-gram models.
struct TrainLanguageModelVerb: Verb {
  static let defaults = LanguageModelConfiguration()

  static let file = Argument("FILE", .input, help: "Text in UTF-8; - is standard input.")
  static let text = TextOptions(defaults.tokenizer, defaults.vocabulary)
  static let label = Option<ColumnKey?>(
    "label-column", .column, absent: "the file is one text",
    help: "The file is a table of labelled texts: the column of the labels, its name or its number.")
  static let texts = Option(
    "text-column", .column, default: ClassifierReading().textColumn,
    help: "Of such a table, the column of the texts.")
  static let documents = Option<TokenCorpus.Documents>(
    "documents",
    .oneOf([("one", .none), ("blank-lines", .blankLines)]) { $0 == .none ? "one" : "blank-lines" },
    default: defaults.documents,
    help:
      "What a document is, at whose beginning the state is zero: the file, or what stands between blank lines."
  )
  static let firstTokens = Option<Int?>(
    "first-tokens", .integer(in: 2...), absent: "all", help: "Only so many tokens, the first ones.")
  static let validationShare = Option(
    "validation-share", .number(in: 0...0.5), default: defaults.validationShare,
    help: "Share of the tokens before the held-out ones that chooses the epoch; 0: the training loss does.")
  static let testShare = Option(
    "test-share", .number(in: 0...0.9), default: defaults.testShare,
    help: "Share of the tokens, the last ones, held out for the figures; 0: figures of the training text.")
  static let embedding = Option<Int?>(
    "embedding", .integer(in: 1...1_000_000), absent: "one-hot vectors",
    help: "Size of the tokens' vectors.")
  static let wordDropout = Option(
    "word-dropout", .number(in: 0..<1), default: 0,
    help: "Share of the tokens whose vectors are left out, in training.")
  static let tie = Flag("tie-weights", help: "The output layer has the tokens' vectors as its weights.")
  static let steps = Option(
    "steps", .integer(in: 1...LanguageModelConfiguration.mostSteps), default: defaults.steps,
    help: "k1: tokens from one update to the next.")
  static let back = Option<Int?>(
    "back", .integer(in: 1...LanguageModelConfiguration.mostSteps), absent: "as many as --steps",
    help:
      "k2: tokens that a gradient goes back. Of more than --steps, those before are run again; of fewer, only the last have a loss."
  )
  static let memory = Option<Int?>(
    "memory", .bytes, absent: "windows are held as a whole",
    help:
      "What training may take, an estimate: windows whose activations exceed it, less what parameters take, are gone through in segments, each run twice, to the same bits."
  )
  static let reset = Flag(
    "reset-state", help: "Every window starts at zeros, in place of where the one before it ended.")
  static let network = NetworkOptions(defaults.layers, dropout: defaults.dropout, dropsAtEnds: true)
  static let training = TrainingOptions(defaults.training, examples: "windows")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "train lm", summary: "learn a language model from a text",
      discussion: """
        Trains a recurrent network to give every next token of a text, by characters, words or bytes, and prints its \
        perplexity on held-out text beside unigram, bigram and Kneser–Ney models. The batch is so many stretches of \
        the text side by side; each goes on in the state where its last window ended, and gradients stop there \
        (truncated back-propagation through time): after every --steps tokens (k1) one update, whose gradient goes back \
        --back tokens (k2).

        A network that reads the text from its end too, as with --hidden 256+256, sees the token that it is asked \
        for: its perplexity is labelled a leak, and 'generate' refuses it. Use 'generate' to continue a text, \
        'evaluate' for another one.
        """,
      arguments: [Self.file],
      options: [
        Self.text.group, OptionGroup("Labelled texts", Self.label, Self.texts),
        OptionGroup("Split", Self.documents, Self.firstTokens, Self.validationShare, Self.testShare),
        Self.network.group,
        OptionGroup("Language model", Self.embedding, Self.wordDropout, Self.tie),
        OptionGroup("Windows", Self.steps, Self.back, Self.memory, Self.reset),
        Self.training.group, RunOutputOptions.group,
      ],
      examples: [
        .init("recurrent train lm book.txt -o book.model", "Characters, one LSTM layer of 256."),
        .init(
          "recurrent train lm book.txt --unit words --minimum-count 2 --embedding 128 --tie-weights --hidden 128 --dropout 0.3 --batch 8 --steps 32 -o words.model",
          "Words, with vectors that the output shares."),
        .init(
          "recurrent train lm book.txt --fold letters --hidden 256+256 -o leak.model",
          "What must not be done: a bidirectional language model."),
        .init(
          "recurrent train lm sentiment.tsv --label-column 1 --hidden 32 --batch 4 --steps 32 --epochs 3 -o remarks.model",
          "Labelled texts, for 'generate --from-class'."),
        .init(
          "recurrent train lm book.txt --hidden 32 --batch 8 --steps 16 --back 48 --epochs 2 -o reach.model",
          "An update every 16 characters, with gradients through 48."),
        .init(
          "recurrent train lm book.txt --hidden 32 --batch 1 --steps 2048 --memory 53MB --epochs 2 -o long.model",
          "Gradients through 2,048 characters in bounded memory."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate, .inputOutput, .interrupted, .terminated])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let configuration = try configuration(arguments)
    let source = arguments[Self.file]
    let task = try TaskTraining(arguments, inputs: [source], console)
    let corpus = try commandErrors { try TokenCorpus.read(source, configuration, console) }
    let threads = ThreadCount.read(Self.training.threads, arguments, console)
    let training = try commandErrors {
      try LanguageModelTraining(configuration, corpus: corpus, threads: threads)
    }
    let network = training.network
    console.note(
      "\(corpus.source): \(training.trainingText.count) \(configuration.tokenizer.unit.rawValue) to learn from, \(training.validationText?.count ?? 0) that choose the epoch, \(training.heldOutText?.count ?? 0) held out; vocabulary of \(corpus.vocabulary.count); \(network.layout.count) parameters"
    )
    if let plan = training.segments, plan.segments > 1 {
      console.note(
        "back-propagation in \(plan.segments) segments of \(plan.steps) steps, about \((plan.bytes + 999_999) / 1_000_000) MB"
      )
    }
    if let left = training.unreadTokens {
      console.note(
        "\(left) of them are never read: they stand behind the last whole window of \(configuration.steps) in each of the batch's \(configuration.training.batchSize) rows; other --steps or --batch read more"
      )
    }
    if training.model.seesItsTarget {
      console.warn(
        "a layer reads the text from its end, so the network sees the token that it is asked for: its perplexity is a leak, and it cannot continue a text"
      )
    }
    return try task.run(training, about: corpus.source, threads: threads) {
      evaluation throws(CommandError) in
      try Self.print(evaluation, verb: "train lm", arguments, console, ["folder": .string(task.folder.path)])
    }
  }

  static func print(
    _ evaluation: LanguageModelEvaluation, verb: String, _ arguments: ParsedArguments, _ console: Console,
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

  private func configuration(_ arguments: ParsedArguments) throws(CommandError) -> LanguageModelConfiguration
  {
    if arguments[Self.embedding] == nil {
      try arguments.refuse(
        Self.tie, circumstance: "without --embedding, since one-hot vectors are no weights",
        remedy: "leave it out, or give --embedding a size")
    }
    if arguments[Self.embedding] == nil && arguments[Self.wordDropout] > 0 {
      try arguments.refuse(
        Self.wordDropout, circumstance: "without --embedding, since one-hot vectors stay as they are",
        remedy: "leave it out, or give --embedding a size")
    }
    var configuration = LanguageModelConfiguration()
    if let label = arguments[Self.label] {
      var reading = ClassifierReading()
      (reading.labelColumn, reading.textColumn) = (label, arguments[Self.texts])
      configuration.classes = reading
      try arguments.refuse(
        Self.documents, circumstance: "with --label-column, since each text is a document",
        remedy: "leave it out")
    } else {
      try arguments.refuse(
        Self.texts, circumstance: "without --label-column, since the file is then one text")
    }
    configuration.tokenizer = try Self.text.tokenizer(arguments)
    configuration.vocabulary = Self.text.rule(arguments, configuration.vocabulary)
    configuration.documents = arguments[Self.documents]
    configuration.tokenLimit = arguments[Self.firstTokens]
    configuration.validationShare = arguments[Self.validationShare]
    configuration.testShare = arguments[Self.testShare]
    configuration.embeddingSize = arguments[Self.embedding]
    configuration.wordDropout = arguments[Self.wordDropout] > 0 ? arguments[Self.wordDropout] : nil
    configuration.tiesWeights = arguments[Self.tie]
    configuration.dropout = arguments[Self.network.dropout]
    configuration.dropoutUnit = Self.network.unitAtEnds(arguments)
    configuration.layers = try Self.network.layers(arguments)
    configuration.steps = arguments[Self.steps]
    configuration.memory = arguments[Self.memory]
    configuration.training = try Self.training.options(arguments)
    try refuseLongWindows(arguments, configuration)
    configuration.training.reach = arguments[Self.back]
    configuration.carriesState = !arguments[Self.reset]
    configuration.training.carriesState = configuration.carriesState
    configuration.training.shuffles = arguments[Self.reset]
    if let problem = configuration.training.problem { throw .usage(problem.description) }
    return configuration
  }

  /// What long windows need.
  private func refuseLongWindows(
    _ arguments: ParsedArguments, _ configuration: LanguageModelConfiguration
  ) throws(CommandError) {
    if arguments[Self.reset] {
      try arguments.refuse(Self.back, circumstance: "with --reset-state, since every window stands alone")
    }
    if configuration.readsAhead {
      try arguments.refuse(
        Self.back, Self.memory, circumstance: "of a network that reads the text from its end too")
    }
    if arguments[Self.tie] {
      try arguments.refuse(
        Self.memory, circumstance: "with --tie-weights, whose gradient is summed over two layers",
        remedy: "leave one of them out")
    }
    let cells = arguments[Self.network.cell]
    if [cells.forward, cells.reverse].contains(where: { $0.kind == .layerNormLSTM }) {
      try arguments.refuse(
        Self.memory,
        circumstance:
          "with \(arguments.spelled(Self.network.cell)), which runs step by step and cannot be gone through in segments",
        remedy: "leave it out, or choose another --cell")
    }
  }
}
