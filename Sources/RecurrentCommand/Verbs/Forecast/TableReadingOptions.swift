internal import RecurrentData
internal import RecurrentTasks

/// The options that say how a CSV file is read.
enum TableReadingOptions {
  static let delimiter = Option(
    "delimiter", .choice(of: CSVDelimiter.self), absent: "found in the file", help: "What separates columns.")
  static let header = Option(
    "header", .choice(of: ["yes", "no"]), absent: "found in the file",
    help: "Whether the first row names the columns.")
  static let decimalComma = Flag("decimal-comma", help: "Numbers are written 1,5.")
  static let missing = Option(
    "missing", .list(of: .text("WORD"), distinct: true), default: [],
    help: "More words that mean a missing value, besides NA, NaN, null, - and nothing.")
  static let categorical = Option(
    "categorical", .list(of: .text("NAME"), distinct: true), default: [],
    help: "Columns to read as categories although they look like numbers.")
  static let time = Option(
    "time", .text("NAME,…"), default: "auto",
    help: "The column of times, or date,clock, or year,month,day,hour; none: rows are counted.")
  static let dateOrder = Option(
    "date-order", .choice(of: DateOrder.self), absent: "found in the file",
    help: "Of dates such as 01/02/2021.")
  static let fillRows = Option(
    "fill-rows", .knownGaps, default: ForecastDefaults.configuration.table.fillRows,
    help: "What fills rows that are missing in the file, as inputs; refuse: they are an error.")

  static let group = OptionGroup(
    "Reading", delimiter, header, decimalComma, missing, categorical, time, dateOrder, fillRows)

  /// Words for missing that are known, or that differ in case alone, which is not looked at.
  static func refuseKnownWords(_ arguments: ParsedArguments) throws(CommandError) {
    var known = Set(TableOptions.defaultMissingWords.map { $0.lowercased() })
    for word in arguments[missing] where !known.insert(word.lowercased()).inserted {
      throw .usage(
        "'--missing' names '\(word)', which means a missing value already, in capitals or not; leave it out")
    }
  }

  /// Options that the table shows to have had no effect.
  static func refuseContradictions(_ arguments: ParsedArguments, _ table: Table) throws(CommandError) {
    if table.time.columns.isEmpty {
      try arguments.refuse(dateOrder, fillRows, circumstance: circumstance(rowsCountedIn: table))
    } else if table.reading.dateOrder == nil {
      try arguments.refuse(
        dateOrder, circumstance: "for \(table.source), whose times are not written as dates")
    }
  }

  static func circumstance(rowsCountedIn table: Table) -> String {
    "for \(table.source), whose rows have no times and are counted"
  }

  static func options(_ arguments: ParsedArguments) -> TableOptions {
    TableOptions(
      delimiter: arguments[delimiter], header: arguments[header].map { $0 == "yes" },
      decimalComma: arguments[decimalComma],
      missingWords: TableOptions.defaultMissingWords + arguments[missing],
      categorical: arguments[categorical], time: TimeChoice(parsing: arguments[time]),
      dateOrder: arguments[dateOrder], fillRows: arguments[fillRows])
  }
}
