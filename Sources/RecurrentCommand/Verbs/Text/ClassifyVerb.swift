internal import Recurrent
internal import RecurrentData
internal import RecurrentReports
internal import RecurrentTasks

/// `recurrent classify`: a classifier's answer for each text or series.
struct ClassifyVerb: Verb {
  static let model = Argument("MODEL", .path("FOLDER"), help: "Folder that 'train classify' made.")
  static let file = Argument<InputSource?>(
    "FILE", .input,
    help:
      "A text a line, a table with --text-column, or series (.ts), whose labels are passed over; - is lines on standard input."
  )
  static let text = Option<String?>(
    "text", .text("TEXT"), absent: "FILE is read", help: "One text, in place of FILE.")
  static let probabilities = Flag("probabilities", help: "Print the probability of every class.")
  static let json = Flag("json", help: "Print one JSON object a line.")
  static let threads = ThreadCount.option("How many threads compute; they cannot change a result.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "classify", summary: "tell the classes of texts or series with a classifier",
      discussion: """
        Prints the most probable label of every text or series and its probability, a line each, with a tab between. \
        Of a pipe every line is answered as soon as it has come. A line without a token is a text too, so output and \
        input have the same lines. A note says how many tokens the model does not know.
        """,
      arguments: [Self.model, Self.file],
      options: [
        OptionGroup(
          "Input", Self.text, ClassifierReadingOptions.laterText, ClassifierReadingOptions.delimiter,
          ClassifierReadingOptions.header, ClassifierReadingOptions.encoding),
        OptionGroup("Output", Self.probabilities, Self.threads, Self.json, StandardOptions.quiet),
      ],
      examples: [
        .init("recurrent classify sentiment.model --text 'what a lovely day'", "One text."),
        .init("recurrent classify sentiment.model texts.txt --probabilities", "Every line of a file."),
        .init(
          "cat texts.txt | recurrent classify sentiment.model - --json",
          "Every line of a pipe, for a program."),
        .init(
          "recurrent classify sentiment.model sentiment.tsv --text-column 2", "A column of a table."),
      ],
      exitCodes: [.data, .noInput, .inputOutput])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let classifier = try commandErrors { try ClassifierFolder(arguments[Self.model]).read() }
    let source = arguments[Self.file]
    guard (source == nil) != (arguments[Self.text] == nil) else {
      throw .usage(
        source == nil
          ? "there is nothing to classify; give a FILE, - for the standard input, or --text"
          : "'--text' and FILE exclude each other; give one of them")
    }
    let runner = classifier.runner(threads: ThreadCount.read(Self.threads, arguments, console))
    let isTable = arguments[ClassifierReadingOptions.laterText] != nil
    var answers = ClassifierAnswers(
      runner, all: arguments[Self.probabilities], asJSON: arguments[Self.json], console)
    if let text = arguments[Self.text] {
      try refuseTableOptions(arguments, circumstance: "with --text")
      try arguments.refuse(
        ClassifierReadingOptions.laterText, ClassifierReadingOptions.encoding, circumstance: "with --text")
      try requireTexts(classifier, "--text")
      try answers.print([text], source: "--text")
      answers.unknown.note("--text", console)
      return .success
    }
    guard let source else { return .success }
    let name = TableInput.name(of: source)
    if !isTable { try refuseTableOptions(arguments, circumstance: "without --text-column") }
    if case .file(let path) = source {
      if FileKind.isFolder(path) {
        throw CommandError(
          "\(path): is a folder, expected a file of lines, a table or series; name one file",
          exitCode: .noInput)
      }
      if ClassifierReading.isSeries(path) {
        try arguments.refuse(
          ClassifierReadingOptions.laterText, ClassifierReadingOptions.encoding,
          circumstance: "for \(path), which has no texts")
        try commandErrors { try answers.print(try LabelledSeries(timeSeriesAt: path, needsLabels: false)) }
        return .success
      }
    }
    try requireTexts(classifier, name)
    if isTable {
      try commandErrors {
        let reading = try ClassifierReadingOptions.reading(arguments, of: classifier)
        let bytes = try TableInput(source, console: console).bytes
        try answers.print(try reading.texts(ofTable: bytes, source: name), source: name)
      }
      answers.unknown.note(name, console)
      return .success
    }
    if [".csv", ".tsv", ".csv.gz", ".tsv.gz"].contains(where: name.hasSuffix) {
      console.warn("\(name): every line is taken for a text as a whole; give --text-column to read a table")
    }
    var lines = TextLineReader(
      name, arguments[ClassifierReadingOptions.encoding] ?? .utf8, remedy: ", or give --encoding latin1")
    switch source {
    case .file(let path):
      let bytes = try commandErrors { try DataFile.read(path) }
      try answers.print(try lines.take(bytes) + lines.end(), source: name)
    case .standardInput:
      while let bytes = try console.readSomeStandardInput() {
        try answers.print(try lines.take(bytes), source: name)
      }
      try answers.print(try lines.end(), source: name)
    }
    // A pipe may bring nothing; a file that is named has something.
    if lines.count == 0, source != .standardInput {
      throw CommandError(
        "\(name): found no line, expected a text a line; give a file with texts", exitCode: .data)
    }
    answers.unknown.note(name, console)
    return .success
  }

  private func refuseTableOptions(
    _ arguments: ParsedArguments, circumstance: String
  ) throws(CommandError) {
    try arguments.refuse(
      ClassifierReadingOptions.delimiter, ClassifierReadingOptions.header, circumstance: circumstance,
      remedy: "leave it out, or name a --text-column")
  }

  private func requireTexts(_ classifier: Classifier, _ name: String) throws(CommandError) {
    guard !classifier.readsTexts else { return }
    throw CommandError(TaskError.text(.otherKind(source: name, found: "a text", expected: "series")))
  }
}

/// Prints what a classifier says.
struct ClassifierAnswers {
  private let runner: ClassifierRunner
  private let showsAll: Bool
  private let isJSON: Bool
  private let console: Console
  private var number = 0
  /// Of all texts so far.
  private(set) var unknown = UnknownTokens()

  init(_ runner: ClassifierRunner, all: Bool, asJSON: Bool, _ console: Console) {
    (self.runner, showsAll, isJSON, self.console) = (runner, all, asJSON, console)
  }

  mutating func print(_ texts: [String], source: String) throws(CommandError) {
    // So many that the output of a long file goes on while it is computed.
    for first in stride(from: 0, to: texts.count, by: 1024) {
      let part = Array(texts[first..<min(first + 1024, texts.count)])
      let probabilities = try commandErrors { try runner.probabilities(of: part, source: source) }
      let own = part.map { runner.classifier.unknownTokens(of: $0) }
      unknown = own.reduce(unknown, +)
      try write(probabilities, own)
    }
  }

  mutating func print(_ series: LabelledSeries) throws(CommandError) {
    let probabilities = try commandErrors { try runner.probabilities(of: series) }
    try write(probabilities, [])
  }

  /// - Parameter unknown: of each text; empty for series.
  private mutating func write(
    _ probabilities: [[Double]], _ unknown: [UnknownTokens]
  ) throws(CommandError) {
    let labels = runner.classifier.labels
    var text = ""
    for (place, own) in probabilities.enumerated() {
      number += 1
      let best = own.firstIndex(of: own.max() ?? 0) ?? 0
      if isJSON {
        var members: [String: JSONValue] = [
          "schema": "recurrent.classify/1", "number": .integer(number), "label": .string(labels[best]),
          "probability": .number(own[best]),
        ]
        if !unknown.isEmpty { members["unknown_tokens"] = unknown[place].json }
        if showsAll {
          members["probabilities"] = .object(
            Dictionary(uniqueKeysWithValues: zip(labels, own.map { .number($0) })))
        }
        text += try commandErrors { try JSONValue.object(members).text() } + "\n"
      } else {
        if showsAll && number == 1 {
          text += (["label", "probability"] + labels.map(terminalLine)).joined(separator: "\t") + "\n"
        }
        let shown = [own[best]] + (showsAll ? own : [])
        text +=
          ([terminalLine(labels[best])] + shown.map { NumberFormat.fixed(4).text($0) })
          .joined(separator: "\t") + "\n"
      }
    }
    if !text.isEmpty { try console.write(Array(text.utf8)) }
  }
}
