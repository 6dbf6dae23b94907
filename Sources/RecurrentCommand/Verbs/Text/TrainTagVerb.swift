internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent train tag`: two columns of a file become a tagger, with its figures beside each word's most frequent tag.
struct TrainTagVerb: Verb {
  /// What tags are, on the command line.
  enum Scheme: String, CaseIterable, Sendable {
    case plain, bio, iob1, bioes

    var tags: TaggerConfiguration.Tags {
      TagScheme(rawValue: rawValue).map(TaggerConfiguration.Tags.entities) ?? .plain
    }
  }

  /// What a line of plain text is cut into.
  enum Unit: String, CaseIterable, Sendable { case words, characters }

  static let defaults = TaggerConfiguration()

  static let file = Argument(
    "FILE", .input, help: "One word a line in columns, with its tag; - is standard input.")
  static let scheme = Option<Scheme?>(
    "scheme", .choice(), absent: "as the tags say",
    help: "Of entities: how they are written as tags; plain: each tag is a name for one word.")
  static let repair = Flag("repair", help: "Mend tags that the scheme does not allow, in place of an error.")
  static let unit = Option(
    "unit", .choice(of: Unit.self), default: .words, help: "What 'tag' cuts plain text into.")
  static let validation = Option<String?>(
    "validation", .path("FILE"), absent: "--validation-share",
    help: "Sentences that choose the epoch, in the same columns.")
  static let test = Option<String?>(
    "test", .path("FILE"), absent: "--test-share", help: "Sentences that the figures are of.")
  static let validationShare = Option(
    "validation-share", .number(in: 0...0.5), default: defaults.validationShare,
    help: "Share of the sentences before the held-out ones that chooses the epoch; 0: the training loss does."
  )
  static let testShare = Option(
    "test-share", .number(in: 0...0.9), default: defaults.testShare,
    help: "Share of the sentences, the last ones, held out for the figures; 0: figures of the training text.")
  static let choice = Option(
    "choose-by", .choice(of: EpochChoice.self), default: .loss,
    help:
      "What chooses the epoch, on the sentences that do: loss, the lowest; figure, the highest F1 of entities, or else share of words tagged right."
  )
  static let wordSize = Option(
    "word-size", .integer(in: 1...100_000), default: defaults.wordSize, help: "Size of the words' vectors.")
  static let vectors = Option<String?>(
    "vectors", .path("FILE"), absent: "drawn", help: "Text file of vectors that the words' own begin with.")
  static let minimumCount = Option(
    "minimum-count", .integer(in: 1...1_000_000_000), default: defaults.minimumCount,
    help: "Rarer words have the unknown word's vector.")
  static let matchCase = Flag("match-case", help: "Words that differ in case have vectors of their own.")
  static let rareWordDropout = Option(
    "rare-word-dropout", .number(in: 0...1000), default: defaults.rareWordDropout,
    help: "A: training takes a word that it shows N times for unknown with probability A/(A+N).")
  static let wordDropout = Option(
    "word-dropout", .number(in: 0..<1), default: defaults.wordDropout,
    help: "Probability that training takes any word for unknown, besides.")
  static let characterSize = Option(
    "character-size", .integer(in: 1...100_000), default: defaults.characterSize,
    help: "Size of the characters' vectors.")
  static let characterUnits = Option(
    "character-units", .integer(in: 0...100_000), default: defaults.characterUnits,
    help: "Units of each direction that reads a word's characters; 0: they are not read.")
  static let longestWord = Option(
    "longest-word", .integer(in: 1...10_000), default: defaults.longestWord,
    help: "Most characters that are read of a word, half of them its last.")
  static let decoder = Option<TaggerConfiguration.Output?>(
    "decoder", .choice(), absent: "crf for entities, else softmax",
    help: "crf: the tags of a sentence are judged together; softmax: each by itself.")
  static let network = NetworkOptions(defaults.layers, dropout: defaults.dropout, dropsAtEnds: true)
  static let training = TrainingOptions(defaults.training, examples: "sentences")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "train tag", summary: "learn to tag words: parts of speech, names",
      discussion: """
        Trains a recurrent network on words in one column of FILE and their tags in another, with an empty line between \
        sentences (CoNLL, CoNLL-U), and prints how many words of held-out sentences it tags right, known and unknown \
        ones, beside the most frequent tag of each word. Where tags are of entities (B-PER, I-PER, O), it prints \
        precision, recall and F1 of entities too, and a conditional random field keeps to the scheme.

        A word is read as a vector of its own and as its characters, so that unknown words say something too. Tags that \
        their scheme does not allow are errors with line and column; --repair mends them. Use 'tag' to tag a text, \
        'evaluate' for figures of another file.
        """,
      arguments: [Self.file],
      options: [
        OptionGroup("Columns", ColumnOptions.token, ColumnOptions.label, Self.scheme, Self.repair, Self.unit),
        OptionGroup("Split", Self.validation, Self.test, Self.validationShare, Self.testShare, Self.choice),
        OptionGroup(
          "Words", Self.wordSize, Self.vectors, Self.minimumCount, Self.matchCase, Self.rareWordDropout,
          Self.wordDropout, Self.characterSize, Self.characterUnits, Self.longestWord),
        Self.network.group,
        OptionGroup("Tags", Self.decoder),
        Self.training.group, RunOutputOptions.group,
      ],
      examples: [
        .init(
          "recurrent train tag tagged-english.conll --label-column 2 --epochs 30 --batch 4 -o names.model",
          "Entities of the bundled text, which is so short that it needs small batches."),
        .init(
          "recurrent train tag tagged-chinese.conll --hidden 32+32 --epochs 8 -o chinese.model",
          "Parts of speech of Chinese words, by a smaller network."),
        .init(
          "recurrent train tag train.conllu --validation-share 0 --test test.conllu -o tags.model",
          "CoNLL-U: form and upos, with a file of its own for the figures."),
      ],
      exitCodes: [.data, .noInput, .cannotCreate, .inputOutput, .interrupted, .terminated])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    var configuration = try configuration(arguments)
    let source = arguments[Self.file]
    let others = [arguments[Self.validation], arguments[Self.test], arguments[Self.vectors]]
    let task = try TaskTraining(
      arguments, inputs: [source] + others.compactMap { $0.map(InputSource.file) }, console)
    let threads = ThreadCount.read(Self.training.threads, arguments, console)
    let training = try commandErrors {
      let input = try TableInput(source, console: console)
      let file = try ColumnFile(input.bytes, source: input.name)
      configuration = try configuration.resolved(for: file)
      let vectors = try arguments[Self.vectors].map { path in
        try PretrainedVectors(contentsOf: path, wanted: try configuration.words(of: file))
      }
      if let vectors { configuration.wordSize = vectors.dimension }
      return try TaggerTraining(
        configuration, file: file,
        validation: try arguments[Self.validation].map { try ColumnFile(contentsOf: $0) },
        test: try arguments[Self.test].map { try ColumnFile(contentsOf: $0) }, vectors: vectors,
        threads: threads)
    }
    note(training, arguments, console)
    return try task.run(training, about: training.trainingText.source, threads: threads) {
      evaluation throws(CommandError) in
      try Self.print(
        evaluation, verb: "train tag", arguments, console, ["folder": .string(task.folder.path)])
    }
  }

  private func note(_ training: TaggerTraining, _ arguments: ParsedArguments, _ console: Console) {
    let configuration = training.configuration
    let kind = configuration.scheme.map { "tags of entities in \($0.rawValue)" } ?? "plain tags"
    console.note(
      "\(training.trainingText.source): column \(configuration.tokenColumn.map { "\($0)" } ?? "") has the words, column \(configuration.labelColumn.map { "\($0)" } ?? "") \(kind); \(training.trainingText.words.count) sentences to learn from, \(training.validationText?.words.count ?? 0) that choose the epoch, \(training.heldOutText?.words.count ?? 0) held out; \(training.vocabulary.words.count) words with vectors, \(training.vocabulary.tags.count) tags; \(training.network.layout.count) parameters"
    )
    for (path, text) in [
      (arguments[Self.validation], training.validationText), (arguments[Self.test], training.heldOutText),
    ] {
      guard let path, let text else { continue }
      let learned = Set(training.trainingText.words)
      let known = text.words.count(where: learned.contains)
      // Short sentences come again in any text.
      if known * 2 > text.words.count {
        console.warn(
          "\(path): \(known) of \(text.words.count) sentences are learned from too, so the figures flatter; take them out of one of the files"
        )
      }
    }
    if configuration.tokenColumn == configuration.labelColumn {
      console.warn(
        "words and tags are one column; say where each stands with --token-column and --label-column")
    }
    if arguments[Self.training.optimizer] == .sparseAdam {
      console.note(
        "--optimizer sparse-adam: a tagger's gradients do not say which words' vectors a batch uses, so each update walks through all \(training.vocabulary.words.count) to find them; the vectors of other words rest all the same"
      )
    }
    if let path = arguments[Self.vectors] {
      console.note(
        "\(path): vectors for \(training.wordsWithVectors) of \(training.vocabulary.words.count) words")
      if training.wordsWithVectors == 0 {
        console.warn(
          "\(path): no word of the text has a vector in it; is it a file of vectors for these words?")
      }
    }
  }

  static func print(
    _ evaluation: TaggerEvaluation, verb: String, _ arguments: ParsedArguments, _ console: Console,
    _ others: [String: JSONValue] = [:]
  ) throws(CommandError) {
    if arguments[StandardOptions.json] {
      var members = others
      members["evaluation"] = evaluation.json
      try console.print(JSONDocument(verb: verb, members))
      return
    }
    let tables = [evaluation.table(), evaluation.entityTable(), evaluation.confusionTable()].compactMap(
      \.self)
    try console.print(
      tables.map { $0.text(emphasis: console.style.bold) }.joined(separator: "\n"))
    try console.print(evaluation.verdict)
  }

  private func configuration(_ arguments: ParsedArguments) throws(CommandError) -> TaggerConfiguration {
    try arguments.refuseBoth(
      Self.validation, Self.validationShare, reason: "the file has all sentences that choose the epoch")
    try arguments.refuseBoth(Self.test, Self.testShare, reason: "the file has all held-out sentences")
    try arguments.refuseBoth(Self.vectors, Self.wordSize, reason: "the vectors of the file have their size")
    if arguments[Self.validation] == nil && arguments[Self.validationShare] == 0 {
      try arguments.refuse(
        Self.choice, circumstance: "with --validation-share 0, which leaves no sentence to choose by")
    }
    if arguments[Self.scheme] == .plain {
      try arguments.refuse(Self.repair, circumstance: "with --scheme plain, which allows every tag")
    }
    if arguments[Self.characterUnits] == 0 {
      try arguments.refuse(
        Self.characterSize, Self.longestWord,
        circumstance: "with --character-units 0, which reads no characters")
    }
    var configuration = TaggerConfiguration()
    if let column = arguments[ColumnOptions.token], column == arguments[ColumnOptions.label] {
      throw .usage(
        "'--token-column' and '--label-column' both name column \(column), expected the words in one and their tags in another; correct one of them"
      )
    }
    configuration.tokenColumn = arguments[ColumnOptions.token]
    configuration.labelColumn = arguments[ColumnOptions.label]
    configuration.tags = arguments[Self.scheme]?.tags
    configuration.repairs = arguments[Self.repair]
    configuration.tokenizer = Tokenizer(arguments[Self.unit] == .words ? .words : .characters)
    configuration.validationShare = arguments[Self.validationShare]
    configuration.testShare = arguments[Self.testShare]
    if arguments[Self.choice] == .figure { configuration.choice = .figure }
    configuration.wordSize = arguments[Self.wordSize]
    configuration.minimumCount = arguments[Self.minimumCount]
    configuration.foldsCase = !arguments[Self.matchCase]
    configuration.rareWordDropout = arguments[Self.rareWordDropout]
    configuration.wordDropout = arguments[Self.wordDropout]
    configuration.characterSize = arguments[Self.characterSize]
    configuration.characterUnits = arguments[Self.characterUnits]
    configuration.longestWord = arguments[Self.longestWord]
    configuration.output = arguments[Self.decoder]
    configuration.dropout = arguments[Self.network.dropout]
    configuration.dropoutUnit = Self.network.unitAtEnds(arguments)
    configuration.layers = try Self.network.layers(arguments)
    configuration.training = try Self.training.options(arguments)
    if let problem = configuration.training.problem { throw .usage(problem.description) }
    return configuration
  }
}
