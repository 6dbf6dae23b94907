/// How a table is read. What is nil is found in the file and reported in the table's summary.
///
/// The defaults are the ones of the `recurrent` command. Codable, so that a model can store how its data were read.
public struct TableOptions: Codable, Equatable, Sendable {
  /// The words that mean *missing*, besides an empty cell: compared without regard to case, since R writes `NA`,
  /// Python `nan`, C `NaN` or `nan`, SQL `NULL` and JSON `null`. A number in this list is compared by value, so that
  /// `-999` also covers `-999.0`.
  public static let defaultMissingWords = ["", "NA", "NaN", "null", "-"]

  /// Nil: found among comma, semicolon, tab and bar.
  public var delimiter: CSVDelimiter?
  /// Nil: the first row is a header when none of its cells is a number, a time or a word for missing.
  public var header: Bool?
  /// Numbers are written `1,5` instead of `1.5`. The delimiter is then not a comma.
  public var decimalComma: Bool
  /// Default ``defaultMissingWords``.
  public var missingWords: [String]
  /// Columns to read as categories although they look like numbers.
  public var categorical: [String]
  /// Where the time stamps are.
  public var time: TimeChoice
  /// The order of dates that do not begin with the year. Nil: found where some day is above 12, otherwise asked for.
  public var dateOrder: DateOrder?
  /// What fills rows that are missing in an otherwise regular series; `refuse`: they are an error. Rows that are inserted
  /// have no value in the table.
  public var fillRows: GapPolicy
  /// Largest accepted size in bytes, unpacked.
  public var sizeLimit: Int

  /// Options with the properties' defaults: all that can be found is found, missing rows are an error, and at most
  /// 1 GiB is read.
  public init(
    delimiter: CSVDelimiter? = nil, header: Bool? = nil, decimalComma: Bool = false,
    missingWords: [String] = defaultMissingWords, categorical: [String] = [], time: TimeChoice = .automatic,
    dateOrder: DateOrder? = nil, fillRows: GapPolicy = .refuse, sizeLimit: Int = DataFile.defaultLimit
  ) {
    self.delimiter = delimiter
    self.header = header
    self.decimalComma = decimalComma
    self.missingWords = missingWords
    self.categorical = categorical
    self.time = time
    (self.dateOrder, self.fillRows) = (dateOrder, fillRows)
    self.sizeLimit = sizeLimit
  }
}
