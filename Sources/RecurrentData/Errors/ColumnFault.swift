internal import RecurrentCore

/// What is wrong with a column or with one value in it.
public enum ColumnFault: Equatable, Sendable {
  /// A name that the table does not have, with the nearest that it has.
  case unknown(name: String, nearest: String?, available: [String])
  /// A word in a column where `numbers` of its `cells` values are numbers.
  case textAmongNumbers(text: String, column: String, numbers: Int, cells: Int)
  /// In a column that held numbers in an earlier table.
  case textWhereNumbersWere(text: String, column: String)
  /// Numbers written with a comma where a point was expected.
  case decimalComma(text: String, column: String)
  /// A word for infinity, or a number beyond those that are read.
  case notFinite(text: String, column: String)
  /// A gap, of `count` in the column, where none is allowed.
  case missing(column: String, count: Int)
  /// No value in the rows that are needed, such as those that gaps would be filled from.
  case allMissing(column: String)
  /// A column of words where numbers are needed; the text is its first word.
  case notNumeric(column: String, text: String)
  /// A column of numbers where words are needed.
  case notCategorical(column: String)
  /// A category for which no number is known; `levels` are those that have one.
  case unknownLevel(text: String, column: String, levels: [String])
  /// More categories than are made into an input each.
  case tooManyLevels(column: String, count: Int, limit: Int)
  /// A target with one value in every training row: nothing can be learned from it.
  case constantTarget(column: String, value: Double)
  /// A target whose values differ by less than can be squared.
  case narrowTarget(column: String, spread: Double)
  /// A value that single precision cannot compute with, as the network sees it.
  case beyondRange(value: Double, column: String, normalised: Double, method: Normalisation, limit: Double)
  /// A forecast of the column, or the square of its error, that is not a finite number.
  case forecastNotFinite(column: String, forecast: String)
  /// As `unknown`, in a file that a model is used on.
  case notInLaterFile(name: String, nearest: String?, available: [String])
  /// As `textAmongNumbers`, in the column that is forecast.
  case textInTarget(text: String, column: String, numbers: Int, cells: Int)
  /// As `allMissing`, of the column that is forecast.
  case targetWithoutValues(column: String)
  /// A word in the first line, which is read as a row, above numbers alone.
  case textAboveNumbers(text: String, column: String)
  /// A number with thousands marks or a unit.
  case markedNumber(text: String, column: String)
}

extension DataError {
  /// The error for a column name that the table does not have, with the nearest one that it has.
  public static func unknownColumn(_ name: String, among names: [String], in source: String) -> DataError {
    let nearest = nearestName(to: name, among: names)
    return .column(.unknown(name: name, nearest: nearest, available: names), at: Place(source))
  }
}

extension ColumnFault: DataFault {
  var category: DataError.Category {
    switch self {
    case .unknown, .notCategorical, .tooManyLevels: .usage
    default: .badData
    }
  }

  var explanation: Explanation {
    switch self {
    case .unknown(let name, let nearest, let available):
      Explanation(
        finding: "there is no column \(quoted(name))", expectation: "one of \(listedBriefly(available))",
        remedy: nearest.map { "did you mean \(quoted($0))?" }
          ?? "use one of these names" + (Self.areNumbered(available) ? Self.offerOfHeader : ""),
        plainRemedy: "use one of these names, or begin the file with a line of names")
    case .textAmongNumbers(let text, let column, let numbers, let cells):
      Self.textAmongNumbers(text, column, numbers, cells)
    case .textWhereNumbersWere(let text, let column):
      Explanation(
        finding: "\(quoted(text)) in column \(quoted(column))", expectation: "a number, as in training",
        remedy: "mend it, or leave the cell empty if it means missing")
    case .notInLaterFile(let name, let nearest, let available):
      Self.notInLaterFile(name, nearest, available)
    case .textInTarget(let text, let column, let numbers, let cells):
      Self.textInTarget(text, column, numbers, cells)
    case .targetWithoutValues(let column): Self.targetWithoutValues(column)
    case .textAboveNumbers(let text, let column): Self.textAboveNumbers(text, column)
    case .markedNumber(let text, let column): Self.markedNumber(text, column)
    case .decimalComma(let text, let column):
      Explanation(
        finding: "\(quoted(text)) in column \(quoted(column))", expectation: "a number with a decimal point",
        remedy: "add --decimal-comma if the comma is the decimal mark"
          + (MarkedNumber.matches(text) ? ", or write the numbers without it if it marks thousands" : ""),
        plainRemedy: "write numbers as the training file has them")
    case .notFinite(let text, let column): Self.notFinite(text, column)
    case .missing(let column, let count): Self.missing(column, count)
    case .allMissing(let column):
      Explanation(
        finding: "column \(quoted(column)) has no value in the rows needed to fill its gaps",
        expectation: "at least one value", remedy: "leave the column out")
    case .notNumeric(let column, let text): Self.notNumeric(column, text)
    case .notCategorical(let column):
      Explanation(
        finding: "column \(quoted(column)) holds numbers", expectation: "a column of categories",
        remedy: "add --categorical \(quoted(column)) to read its values as categories")
    case .unknownLevel(let text, let column, let levels):
      Explanation(
        finding: "\(quoted(text)) in column \(quoted(column))",
        expectation: "one of \(listedBriefly(levels))",
        remedy: "mend it, or train again with data that has this value")
    case .tooManyLevels(let column, let count, let limit):
      Explanation(
        finding: "column \(quoted(column)) has \(grouped(count)) different values",
        expectation: "at most \(grouped(limit)) for one input each",
        remedy: "leave it out, or group its values")
    case .constantTarget(let column, let value):
      Explanation(
        finding: "the target \(quoted(column)) is \(short(value)) in every training row",
        expectation: "a value that changes", remedy: "choose another --target or a longer training part")
    case .narrowTarget(let column, let spread):
      Explanation(
        finding: "the training rows of the target \(quoted(column)) lie within \(short(spread))",
        expectation: "values that differ by \(bound(Normaliser.leastSpread)) or more",
        remedy: "give the column in a smaller unit")
    case .beyondRange(let value, let column, let normalised, let method, let limit):
      Self.beyondRange(value, column, normalised, method, limit)
    case .forecastNotFinite(let column, let forecast): Self.forecastNotFinite(column, forecast)
    }
  }

  private static func textAmongNumbers(_ text: String, _ column: String, _ numbers: Int, _ cells: Int)
    -> Explanation
  {
    Explanation(
      finding: "\(quoted(text)) in column \(quoted(column))",
      expectation: "a number, as in \(grouped(numbers)) of its \(counted(cells, "value"))",
      remedy:
        "mend it, add --missing \(quoted(text)) if it means missing, or --categorical \(quoted(column))",
      plainRemedy: "mend it, or leave the cell empty if it means missing")
  }

  private static func notFinite(_ text: String, _ column: String) -> Explanation {
    Explanation(
      finding: "\(quoted(text)) in column \(quoted(column)) is infinite or too large",
      expectation: "a number of at most \(bound(NumberParser.largest)) in size",
      remedy: "mend it, or add --missing \(quoted(text)) if it means missing",
      plainRemedy: "mend it, or leave the cell empty if it means missing")
  }

  private static func missing(_ column: String, _ count: Int) -> Explanation {
    Explanation(
      finding: "a missing value in column \(quoted(column)) (\(grouped(count)) in all)",
      expectation: "no gaps",
      remedy: "choose how to fill them with --gaps previous or mean",
      plainRemedy: "fill the gaps, or train again with --gaps")
  }

  private static func notNumeric(_ column: String, _ text: String) -> Explanation {
    Explanation(
      finding: "column \(quoted(column)) holds words such as \(quoted(text))",
      expectation: "a column of numbers",
      remedy: "choose another column, or name the words that mean missing with --missing",
      plainRemedy: "mend it, or leave cells empty that mean missing")
  }

  private static func beyondRange(
    _ value: Double, _ column: String, _ normalised: Double, _ method: Normalisation, _ limit: Double
  ) -> Explanation {
    Explanation(
      finding: "\(short(value)) in column \(quoted(column)) is "
        + (method == .none
          ? "too large to be used as it is" : "\(short(normalised)) by the scale of the training rows"),
      expectation: "at most \(bound(limit)) in size, since the network computes in single precision",
      remedy: "mend it, or leave the cell empty if it means missing"
        + (method == .none ? "; with other values like it, train with --normalisation standard" : ""))
  }

  private static func forecastNotFinite(_ column: String, _ forecast: String) -> Explanation {
    Explanation(
      finding:
        "the forecast of \(quoted(column)) by the \(forecast), or its error, is beyond the largest number",
      expectation: "finite figures",
      remedy:
        "mend values that lie far from all others, or train again with a smaller --rate or --normalisation standard"
    )
  }
}
