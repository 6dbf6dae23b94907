internal import Recurrent
internal import RecurrentData
internal import RecurrentTasks

/// The options that say how labelled examples are read.
enum ClassifierReadingOptions {
  private static let defaults = ClassifierReading()

  static let text = Option(
    "text-column", .column, default: defaults.textColumn,
    help: "Of a table, the column of the texts: its name, or its number from 1.")
  static let label = Option(
    "label-column", .column, default: defaults.labelColumn,
    help: "Of a table, the column of the labels: its name, or its number from 1.")
  static let laterText = Option<ColumnKey?>(
    "text-column", .column, absent: "as in training", help: "Of a table, the column of the texts.")
  static let delimiter = Option<CSVDelimiter?>(
    "delimiter", .choice(of: CSVDelimiter.self), absent: "comma in a .csv file, else tab",
    help: "Of a table, what separates columns.")
  static let header = Option<String?>(
    "header", .choice(of: ["yes", "no"]), absent: "yes where a column is named",
    help: "Whether a table's first line names the columns.")
  static let encoding = Option<TextEncoding?>(
    "encoding", .choice(of: TextEncoding.self), absent: "utf8, or as in training", help: "Of texts.")

  static let group = OptionGroup("Reading", text, label, delimiter, header, encoding)
  static let later: [any DefinedOption] = [laterText, ColumnOptions.laterLabel, delimiter, header, encoding]
  static let laterGroup = OptionGroup(
    "Labelled examples of a classifier", laterText, delimiter, header, encoding)

  /// What the command line says.
  static func reading(_ arguments: ParsedArguments) throws(CommandError) -> ClassifierReading {
    var reading = ClassifierReading()
    reading.textColumn = arguments[text]
    reading.labelColumn = arguments[label]
    try add(arguments, to: &reading)
    return reading
  }

  /// What the command line says, and the model where that says nothing.
  static func reading(
    _ arguments: ParsedArguments, of model: Classifier
  ) throws(CommandError) -> ClassifierReading {
    var reading = model.configuration.reading
    if let column = arguments[laterText] { reading.textColumn = column }
    if let column = arguments.ifDefined(ColumnOptions.laterLabel) ?? nil { reading.labelColumn = column }
    // Its own columns may have been named, or be behind a header; a file of other columns has its own rule.
    if arguments.isGiven(laterText) || arguments.isGiven(ColumnOptions.laterLabel) { reading.hasHeader = nil }
    try add(arguments, to: &reading)
    return reading
  }

  private static func add(
    _ arguments: ParsedArguments, to reading: inout ClassifierReading
  ) throws(CommandError) {
    if let delimiter = arguments[delimiter] { reading.delimiter = delimiter }
    if let header = arguments[header] { reading.hasHeader = header == "yes" }
    if let encoding = arguments[encoding] { reading.encoding = encoding }
  }

  /// Options that would not be looked at, since the examples stand in no table.
  static func refuse(_ arguments: ParsedArguments, for source: InputSource) throws(CommandError) {
    guard case .file(let path) = source, ClassifierReading.isSeries(path) || FileKind.isFolder(path) else {
      return
    }
    let circumstance = "for \(path), which is no table"
    try arguments.refuse(text, label, delimiter, header, circumstance: circumstance)
    if ClassifierReading.isSeries(path) { try arguments.refuse(encoding, circumstance: circumstance) }
  }
}

extension ClassifierData {
  /// Reads a file or folder, or a table from the standard input.
  static func read(
    _ source: InputSource, _ reading: ClassifierReading, _ console: Console
  ) throws -> ClassifierData {
    let data =
      switch source {
      case .file(let path): try reading.read(path)
      case .standardInput:
        try reading.read(
          table: try TableInput(source, console: console).bytes, source: TableInput.standardInputName)
      }
    if reading.hasHeader == nil, let label = data.labelOfFirstLineAlone {
      console.warn(
        "\(data.source):1: the label '\(label)' stands in the first line alone and is taken for a class; if that line names the columns, give --header yes, and if it is an example, --header no"
      )
    }
    return data
  }
}

extension ValueKind where Value == ColumnKey {
  /// A column's name, or its number from 1.
  static var column: ValueKind {
    ValueKind(placeholder: "COLUMN", expectation: "a column's name, or its number from 1") {
      text throws(ValueProblem) in
      let key = ColumnKey(parsing: text)
      if case .number(let number) = key, number < 1 { throw ValueProblem() }
      if text.isEmpty { throw ValueProblem() }
      return key
    } describe: {
      $0.description
    }
  }
}
