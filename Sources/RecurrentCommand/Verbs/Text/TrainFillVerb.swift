internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent train fill`: a text becomes a model that says what may stand in a gap, with its figures beside counting.
struct TrainFillVerb: Verb {
  static let defaults = FillConfiguration()

  static let file = Argument("FILE", .input, help: "Text in UTF-8; - is standard input.")
  static let text = TextOptions(defaults.tokenizer, defaults.vocabulary)
  static let cut = Option(
    "cut", .choice(of: SentenceCut.self), default: defaults.cut,
    help: "What a sentence is: a line, or what ends with 。！？.!? inside one.")
  static let longest = Option(
    "longest", .integer(in: 1...FillConfiguration.mostTokens), default: defaults.longestSentence,
    help: "Longer sentences are cut into pieces of so many tokens.")
  static let validationShare = Option(
    "validation-share", .number(in: 0...0.5), default: defaults.validationShare,
    help: "Share of the sentences before the held-out ones that chooses the epoch; 0: the training loss does."
  )
  static let testShare = Option(
    "test-share", .number(in: 0...0.9), default: defaults.testShare,
    help:
      "Share of the sentences, the last ones, held out for the figures; 0: figures of the training text.")
  static let directions = Option(
    "directions", .choice(of: FillDirections.self), default: defaults.directions,
    help: "Which sides of a gap are read: both, forward (before it), reverse (behind it).")
  static let embedding = Option(
    "embedding", .integer(in: 1...1_000_000), default: defaults.embeddingSize,
    help: "Size of the tokens' vectors.")
  static let marker = Option(
    "marker", .text("TEXT"), default: defaults.marker, help: "What marks a gap in a text.")
  static let blankShare = Option(
    "blank-share", .number(in: 0..<1), default: defaults.blankShare,
    help: "Share of the tokens that are gaps themselves in training, drawn anew every epoch.")
  static let network = NetworkOptions(
    defaults.forwardLayers, dropout: defaults.dropout, dropsAtEnds: true, hasSides: true)
  static let training = TrainingOptions(defaults.training, examples: "sentences")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "train fill", summary: "learn to fill gaps from a text",
      discussion: """
        Trains a network to give every token of a sentence from what stands around it: one network reads what comes \
        before, another what comes behind, and neither ever sees the token. Prints how often the right token is \
        the most probable one, and among five, and the pseudo-perplexity, on held-out sentences beside counting: the \
        unigram, and the product of the bigrams on both sides. Use 'fill' to fill the gaps of a text.

        Characters, the default, are the unit for scripts without spaces.
        """,
      arguments: [Self.file],
      options: [
        Self.text.group,
        OptionGroup("Sentences", Self.cut, Self.longest, Self.validationShare, Self.testShare),
        Self.network.group,
        OptionGroup("Gaps", Self.directions, Self.embedding, Self.marker, Self.blankShare),
        Self.training.group, RunOutputOptions.group,
      ],
      examples: [
        .init(
          "recurrent train fill story-chinese.txt --batch 4 --epochs 40 -o gaps.model",
          "Characters, a sentence a line."),
        .init(
          "recurrent train fill story-english.txt --unit words --separate-punctuation --minimum-count 1 --hidden 32 --batch 4 --epochs 60 -o words.model",
          "Words."),
        .init(
          "recurrent train fill story-chinese.txt --directions forward --hidden 32 -o before.model",
          "What the text before a gap alone says."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate, .inputOutput, .interrupted, .terminated])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let configuration = try configuration(arguments)
    let source = arguments[Self.file]
    let task = try TaskTraining(arguments, inputs: [source], console)
    let text = try commandErrors { try SentenceInput.read(source, configuration.cut, console) }
    let threads = ThreadCount.read(Self.training.threads, arguments, console)
    let training = try commandErrors { try FillTraining(configuration, text: text, threads: threads) }
    console.note(
      "\(text.source): \(training.trainingCount) sentences to learn from, \(training.validationCount) that choose the epoch, \(training.heldOutCount) held out; vocabulary of \(training.vocabulary.count); \(training.network.layout.count) parameters"
    )
    return try task.run(training, about: text.source, threads: threads) {
      evaluation throws(CommandError) in
      try Self.print(
        evaluation, verb: "train fill", arguments, console, ["folder": .string(task.folder.path)])
    }
  }

  static func print(
    _ evaluation: FillEvaluation, verb: String, _ arguments: ParsedArguments, _ console: Console,
    _ others: [String: JSONValue] = [:]
  ) throws(CommandError) {
    if arguments[StandardOptions.json] {
      var members = others
      members["evaluation"] = evaluation.json
      try console.print(JSONDocument(verb: verb, members))
    } else {
      try console.print(evaluation.table().text(emphasis: console.style.bold))
      if !evaluation.verdict.isEmpty { try console.print(evaluation.verdict) }
    }
  }

  private func configuration(_ arguments: ParsedArguments) throws(CommandError) -> FillConfiguration {
    let directions = arguments[Self.directions]
    if directions != .both {
      if arguments[Self.network.hidden].contains(where: { $0.reverse != nil }) {
        throw .usage(
          "'\(arguments.spelled(Self.network.hidden))' has two sizes with \(arguments.spelled(Self.directions)), which reads one side; give one size a layer"
        )
      }
      if arguments[Self.network.cell].forward != arguments[Self.network.cell].reverse {
        throw .usage(
          "'\(arguments.spelled(Self.network.cell))' names two cells with \(arguments.spelled(Self.directions)), which reads one side; name one"
        )
      }
    }
    var configuration = FillConfiguration()
    configuration.tokenizer = try Self.text.tokenizer(arguments)
    configuration.vocabulary = Self.text.rule(arguments, configuration.vocabulary)
    configuration.cut = arguments[Self.cut]
    configuration.longestSentence = arguments[Self.longest]
    configuration.validationShare = arguments[Self.validationShare]
    configuration.testShare = arguments[Self.testShare]
    configuration.embeddingSize = arguments[Self.embedding]
    configuration.marker = arguments[Self.marker]
    configuration.blankShare = arguments[Self.blankShare]
    configuration.dropout = arguments[Self.network.dropout]
    configuration.dropoutUnit = Self.network.unitAtEnds(arguments)
    let sides = try Self.network.sides(arguments)
    configuration.forwardLayers = directions == .reverse ? [] : sides.forward
    configuration.reverseLayers = directions == .forward ? [] : sides.reverse
    configuration.training = try Self.training.options(arguments)
    if let problem = configuration.training.problem { throw .usage(problem.description) }
    return configuration
  }
}
