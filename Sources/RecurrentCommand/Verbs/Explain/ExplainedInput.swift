internal import Foundation
internal import Recurrent
internal import RecurrentCore
internal import RecurrentData
internal import RecurrentTasks

/// The model and the text of `explain`.
struct ExplainedInput {
  private let arguments: ParsedArguments
  private let console: Console
  private let path: String

  init(_ arguments: ParsedArguments, _ console: Console) {
    (self.arguments, self.console, path) = (arguments, console, arguments[ExplainVerb.model])
  }

  func explanation() throws(CommandError) -> Explanation {
    let question =
      arguments[ExplainVerb.at] ?? arguments[ExplainVerb.label].map { .label($0) } ?? .answer
    let schema = RunFolder(path).schema
    return try commandErrors {
      switch RunKind(schema: schema) {
      case .languageModel:
        let model = try LanguageModelFolder(path).read()
        let (text, source) = try text(keepsLines: true)
        return try model.explanation(of: text, asking: question, source: source)
      case .fill:
        let model = try FillFolder(path).read()
        let (text, source) = try text()
        return try model.explanation(of: text, asking: question, source: source)
      case .tagger:
        let model = try TaggerFolder(path).read()
        if let (words, source) = try sentence(of: model) {
          return try model.explanation(of: words, asking: question, source: source)
        }
        let (text, source) = try text()
        let words = model.configuration.tokenizer.tokens(of: text).filter { !$0.allSatisfy(\.isWhitespace) }
        return try model.explanation(of: words, asking: question, source: source)
      case .classifier:
        let model = try ClassifierFolder(path).read()
        if let series = try series(of: model) {
          return try model.explanation(of: series.data, at: series.index, asking: question)
        }
        let (text, source) = try text()
        return try model.explanation(of: text, asking: question, source: source)
      case .forecaster:
        let model = try ForecastDirectory(path).read()
        return try model.explanation(of: try table(of: model), asking: question)
      case .music, nil: throw refusal(schema)
      }
    }
  }

  // MARK: - Models

  private static let expected =
    "the folder of a language model, a tagger, a classifier, a forecaster, or a model that fills gaps"

  /// Why what stands at the path is not explained.
  private func refusal(_ schema: String?) -> any Error {
    if let schema {
      let found = RunKind(schema: schema)?.name ?? "a model of the kind \(schema)"
      return CommandError(
        "\(path): found \(found), expected \(Self.expected); 'inspect' shows its layers",
        exitCode: .data)
    }
    if FileManager.default.fileExists(atPath: path), !FileKind.isFolder(path) {
      let isMarkov = (try? DataFile.read(path, limit: 1 << 26)).map {
        String(decoding: $0.prefix(200), as: UTF8.self).contains("recurrent.hmm")
      }
      return CommandError(
        "\(path): found \(isMarkov == true ? "a hidden Markov model, which has no gates" : "a file"), expected \(Self.expected); 'hmm posterior' shows the states of a hidden Markov model",
        exitCode: .data)
    }
    return TaskError.noModel(
      path: path, isInterrupted: RunFolder(path).hasCheckpoint && !RunFolder(path).isFinished,
      verb: "train lm")
  }

  // MARK: - Texts and series

  /// Where the text stands; the argument itself where it is the text.
  private func source(expecting what: String) throws -> (source: InputSource?, text: String) {
    switch (arguments[ExplainVerb.text], arguments[ExplainVerb.file]) {
    case (nil, nil):
      throw CommandError.usage("there is nothing to explain; give \(what)")
    case (.some, .some):
      throw CommandError.usage("'--file' and TEXT exclude each other: both are read; give one of them")
    case ("-", nil): (.standardInput, "")
    case (nil, let file?): (.file(file), "")
    case (let text?, nil): (nil, text)
    }
  }

  /// The table of a forecaster, read as its own was.
  private func table(of model: ForecastModel) throws -> ForecastData {
    guard let source = try source(expecting: "--file with a table, or - for the standard input").source else {
      throw CommandError.usage(
        "TEXT is no table, expected one for a forecaster; give --file, or - for the standard input")
    }
    try arguments.refuse(ExplainVerb.example, circumstance: "for a forecaster, which reads the last rows")
    let options = model.configuration.table
    let input = try TableInput(source, limit: options.sizeLimit, console: console)
    return try ForecastData(
      try input.table(options, as: model.preparation.reading), preparation: model.preparation)
  }

  /// - Parameter keepsLines: whether several lines are one text.
  private func text(keepsLines: Bool = false) throws -> (text: String, source: String) {
    let (given, text) = try source(expecting: "a TEXT, - for the standard input, or --file")
    guard let source = given else {
      try arguments.refuse(
        ExplainVerb.example, circumstance: "with a TEXT, which is one", remedy: "leave it out, or give --file"
      )
      return (text, "the text")
    }
    let input = try TableInput(source, console: console)
    let lines = try TextSentences(bytes: input.bytes, source: input.name)
    let count = lines.sentences.count
    if let number = arguments[ExplainVerb.example] {
      guard number <= count else { throw noSuchExample(number, count, "line with text", input.name) }
      return (lines.sentences[number - 1], "\(input.name): line \(lines.lines[number - 1])")
    }
    if keepsLines {
      var text = String(decoding: input.bytes, as: UTF8.self)
      while text.last?.isNewline == true { text.removeLast() }
      return (text, input.name)
    }
    guard count == 1 else {
      throw CommandError(
        "\(input.name): found \(count) lines, expected one text; say which line with --example",
        exitCode: .data)
    }
    return (lines.sentences[0], input.name)
  }

  /// The words of a sentence of a file of columns; `nil` where a text was given.
  private func sentence(of model: Tagger) throws -> (words: [String], source: String)? {
    guard let path = arguments[ExplainVerb.file], TagVerb.format(of: .file(path)) == .conll else {
      return nil
    }
    _ = try source(expecting: "--file")
    let input = try TableInput(.file(path), console: console)
    let file = try ColumnFile(input.bytes, source: input.name)
    let text = "explain \(self.path) 'the words of a sentence'"
    try ColumnOptions.requireColumns(
      of: file, model, remedy: "give the sentence", named: text, numbered: text)
    let sentences = try file.column(model.configuration.tokenColumn ?? 1)
    let number = arguments[ExplainVerb.example] ?? 1
    guard number <= sentences.count else {
      throw noSuchExample(number, sentences.count, "sentence", input.name)
    }
    return (sentences[number - 1], "\(input.name): sentence \(number)")
  }

  /// The series that is asked for; `nil` where the classifier reads texts and a text was given.
  private func series(of model: Classifier) throws -> (data: LabelledSeries, index: Int)? {
    guard let file = arguments[ExplainVerb.file], ClassifierReading.isSeries(file) else {
      guard !model.readsTexts else { return nil }
      _ = try source(expecting: "--file with series (.ts)")
      throw TaskError.text(
        .otherKind(
          source: arguments[ExplainVerb.file] ?? "the text", found: "a text", expected: "series"))
    }
    _ = try source(expecting: "--file")
    let data = try LabelledSeries(timeSeriesAt: file)
    let number = arguments[ExplainVerb.example] ?? 1
    guard number <= data.count else { throw noSuchExample(number, data.count, "series", file) }
    if model.readsTexts {
      throw TaskError.text(.otherKind(source: file, found: "series", expected: "texts"))
    }
    return (data, number - 1)
  }

  private func noSuchExample(_ number: Int, _ count: Int, _ noun: String, _ source: String) -> CommandError {
    CommandError(
      "\(source): there is no example \(number), expected a number from 1 to \(count), one for each \(noun); count from 1",
      exitCode: .data)
  }
}
