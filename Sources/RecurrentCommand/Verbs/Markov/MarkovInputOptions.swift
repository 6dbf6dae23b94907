internal import Recurrent
internal import RecurrentCore
internal import RecurrentData
internal import RecurrentTasks

/// The options that say how the verbs of hidden Markov models read sequences.
enum MarkovInputOptions {
  enum Format: String, CaseIterable, Sendable { case text, conll, csv }

  static let input = Argument<InputSource>(
    "FILE", .input, help: "Sequences: a text, CoNLL columns, or CSV; - for the standard input.")
  static let format = Option<Format?>(
    "format", .choice(), absent: "by the file's name: .csv .tsv, .conll .conllu, else text",
    help: "text: one sequence a line; conll: columns, empty lines between sequences; csv: a table.")
  static let unit = Option(
    "unit", .choice(of: TokenSequences.Unit.self), default: .words, help: "What a line of text is cut into.")
  static let laterUnit = Option<TokenSequences.Unit?>(
    "unit", .choice(), absent: "as the model says, else words", help: "What a line of text is cut into.")
  static let usualTokenColumn = 2
  static let token = Option(
    "token-column", .integer(in: 1...1000), default: usualTokenColumn,
    help: "Of CoNLL columns, the one of the words, from 1.")
  static let laterToken = Option<Int?>(
    "token-column", .integer(in: 1...1000), absent: "as a tagger says, else \(usualTokenColumn)",
    help: "Of CoNLL columns, the one of the words, from 1.")
  static let label = Option<Int?>(
    "label-column", .integer(in: 1...1000), absent: "none",
    help: "Of CoNLL columns, the one that names the states, from 1.")
  static let laterLabel = Option<Int?>(
    "label-column", .integer(in: 1...1000), absent: "as the tagger says",
    help: "Of CoNLL columns, the one that has the right tags, from 1.")
  static let columns = Option(
    "columns", .list(of: .text("NAME"), distinct: true), default: [],
    help: "Of a table, the columns to read; a row with an empty cell in one of them is missing as a whole.")
  static let laterColumns = Option(
    "columns", .list(of: .text("NAME"), distinct: true), default: [],
    help: "Of a table, the columns to read in place of those that the model names.")
  static let sequence = Option<String?>(
    "sequence", .text("NAME"), absent: "all rows are one sequence",
    help: "Of a table, a column whose value changes where another sequence begins.")
  static let laterSequence = Option<String?>(
    "sequence", .text("NAME"), absent: "as the model says, else all rows are one sequence",
    help: "Of a table, a column whose value changes where another sequence begins.")
  static let missing = Option<String?>(
    "missing-symbol", .text("WORD"), absent: "none",
    help: "A word that stands for a step that is not known, spelt as in the file.")

  static let group = OptionGroup(
    "Reading", format, unit, token, label, columns, sequence, missing)
  /// For a verb that learns without labels.
  static let unlabelledGroup = OptionGroup("Reading", format, unit, token, columns, sequence, missing)
  /// For verbs whose model knows what to read.
  static let laterGroup = OptionGroup(
    "Reading", format, laterUnit, laterToken, laterColumns, laterSequence, missing)
  /// The same for a verb that compares with labels.
  static let scoreGroup = OptionGroup(
    "Reading", format, laterUnit, laterToken, laterLabel, laterColumns, laterSequence, missing)

  /// - Parameters:
  ///   - kind: of the model.
  ///   - file: a model that knows the unit and the columns; `nil`: the options say.
  ///   - tagger: one that knows the columns of its words and tags.
  static func read(
    _ arguments: ParsedArguments, kind: MarkovModel.Kind, file: MarkovModelFile?,
    tagger: MarkovTaggerFile? = nil, console: Console, source: InputSource? = nil
  ) throws(CommandError) -> MarkovData {
    try commandErrors {
      do {
        let data = try data(arguments, kind, file, tagger, source ?? arguments[Self.input], console)
        if data.partialRowCount > 0 {
          let count = data.partialRowCount
          console.note(
            "\(count) \(count == 1 ? "row has" : "rows have") an empty cell beside numbers; such a row is a missing step as a whole"
          )
        }
        return data
      } catch let fault as DataError {
        // Tables are read by fewer options here than by other verbs.
        throw CommandError(fault.description(options: arguments.optionNames), exitCode: fault.exitCode)
      }
    }
  }

  private static func data(
    _ arguments: ParsedArguments, _ kind: MarkovModel.Kind, _ file: MarkovModelFile?,
    _ tagger: MarkovTaggerFile?, _ source: InputSource, _ console: Console
  ) throws -> MarkovData {
    let input = try TableInput(source, console: console)
    let format = arguments[Self.format] ?? Self.format(of: input.name)
    try refuse(arguments, format, kind, input.name)
    if kind != .categorical && format != .csv {
      throw MarkovError(
        "\(input.name): the model has vectors, but these are symbols, since the file is read as \(format.rawValue); for a table give --format csv"
      )
    }
    switch format {
    case .text:
      let lines = try TokenSequences(
        lines: input.bytes, source: input.name, unit: Self.unit(arguments, file: file))
      var data = MarkovData(lines, missing: arguments[missing])
      if arguments[Self.format] == nil { data.advice = advice(input, file, console) }
      return data
    case .conll:
      let (words, labels) = try conllColumns(arguments, tagger)
      let tokens = try TokenSequences(
        columns: input.bytes, source: input.name, tokens: words, labels: labels)
      var data = MarkovData(tokens, missing: arguments[missing])
      (data.tokenColumn, data.labelColumn) = (words, labels)
      return data
    case .csv:
      let columns = arguments.isGiven(Self.columns) ? arguments[Self.columns] : file?.columns ?? []
      if columns.isEmpty {
        throw CommandError.usage("'--columns' is missing: the columns of \(input.name) to read")
      }
      if kind == .categorical && columns.count > 1 {
        throw CommandError.usage(
          "'--columns' names \(columns.count) columns, but symbols stand in one; name one\(file == nil ? ", or another --emission" : "")"
        )
      }
      // As they are spelt: 01 and 1 are two symbols, or two sequences.
      func table(by sequence: String?) throws(DataError) -> Table {
        let spelt = kind == .categorical ? columns : []
        let parting = sequence.map { columns.contains($0) ? [] : [$0] } ?? []
        return try input.table(TableOptions(categorical: spelt + parting, time: .none))
      }
      warnOfOrder(columns, file, input.name, console)
      var sequence = arguments[sequence]
      let read: Table
      if sequence == nil, let told = file?.sequence {
        do throws(DataError) {
          read = try table(by: told)
          sequence = told
        } catch {
          guard case .column(.unknown(told, _, _), _) = error else { throw error }
          read = try table(by: nil)
          console.warn(
            "\(input.name): there is no column \(quoted(told)), by which the model's sequences were parted: all rows are read as one sequence; name another column by --sequence"
          )
        }
      } else {
        read = try table(by: sequence)
      }
      return try MarkovData(
        read, columns: columns, sequence: sequence, asSymbols: kind == .categorical,
        missing: arguments[missing])
    }
  }

  /// The columns of the words and of the labels, the latter where the verb reads them.
  private static func conllColumns(
    _ arguments: ParsedArguments, _ tagger: MarkovTaggerFile?
  ) throws(CommandError) -> (words: Int, labels: Int?) {
    let given =
      arguments.isGiven(token)
      ? (arguments.ifDefined(laterToken) ?? nil) ?? arguments.ifDefined(token) : nil
    let words = given ?? tagger?.tokenColumn ?? usualTokenColumn
    guard let told = arguments.ifDefined(label) else { return (words, nil) }
    let labels = told ?? tagger?.labelColumn
    if labels == words {
      throw .usage(
        "'--token-column' and '--label-column' are both \(words), expected the column of the words and another of their labels; name them"
      )
    }
    return (words, labels)
  }

  /// A model's numbers have no names but those of the columns that it was learnt from: in another order they mean others.
  private static func warnOfOrder(
    _ columns: [String], _ file: MarkovModelFile?, _ name: String, _ console: Console
  ) {
    guard let own = file?.columns, own != columns, own.sorted() == columns.sorted() else { return }
    console.warn(
      "\(name): --columns names \(columns.joined(separator: ",")) in another order than the model, which has \(own.joined(separator: ",")): each is read as what stands at its place there"
    )
  }

  /// What to do about a file that is read as text because nothing says otherwise, and does not look like one.
  private static func advice(_ input: TableInput, _ file: MarkovModelFile?, _ console: Console) -> String {
    let hasTabs = input.bytes.prefix { $0 != UInt8(ascii: "\n") }.contains(UInt8(ascii: "\t"))
    guard hasTabs || file?.columns.isEmpty == false else { return "" }
    let advice = "it is read as text; for a table give --format csv, for columns of CoNLL --format conll"
    if file == nil { console.note("\(input.name) has tabs: \(advice)") }
    return "; " + advice
  }

  /// What lines of text are cut into: as the command line says, or the model.
  static func unit(_ arguments: ParsedArguments, file: MarkovModelFile?) -> TokenSequences.Unit {
    let given =
      arguments.isGiven(unit) ? (arguments.ifDefined(laterUnit) ?? nil) ?? arguments.ifDefined(unit) : nil
    return given ?? file?.unit ?? .words
  }

  /// Refuses what would not be looked at.
  private static func refuse(
    _ arguments: ParsedArguments, _ format: Format, _ kind: MarkovModel.Kind, _ name: String
  ) throws(CommandError) {
    let circumstance = "where \(name) is read as \(format.rawValue)"
    func remedy(_ other: Format) -> String { "leave it out, or give --format \(other.rawValue)" }
    if format != .text { try arguments.refuse(unit, circumstance: circumstance, remedy: remedy(.text)) }
    if format != .conll {
      try arguments.refuse(token, label, circumstance: circumstance, remedy: remedy(.conll))
    }
    if format != .csv {
      try arguments.refuse(columns, sequence, circumstance: circumstance, remedy: remedy(.csv))
    }
    if kind != .categorical {
      try arguments.refuse(missing, circumstance: "where observations are numbers; an empty cell is missing")
    }
  }

  private static func format(of name: String) -> Format {
    let plain = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    if plain.hasSuffix(".csv") || plain.hasSuffix(".tsv") { return .csv }
    return plain.hasSuffix(".conll") || plain.hasSuffix(".conllu") ? .conll : .text
  }

  // MARK: - Models

  static let model = Argument<String>("MODEL", .path("MODEL"), help: "A model's JSON file.")

  static func readModel(_ path: String) throws(CommandError) -> MarkovModelFile {
    try commandErrors { try MarkovModelFile(bytes: try DataFile.read(path), name: path) }
  }
}
