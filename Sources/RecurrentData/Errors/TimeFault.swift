/// What is wrong with the time stamps of a table.
public enum TimeFault: Equatable, Sendable {
  /// A cell, or several, that make no time.
  case unreadable(text: String, expectation: String)
  /// A time with digits after those of milliseconds.
  case tooFine(text: String)
  /// Hours 0 and 24 in one file: the hour may be the one that begins or the one that ends.
  case mixedHours
  /// Some stamps have an offset from UTC and some have none.
  case mixedOffsets
  /// The time of the row before once more; `count`: places at fault in all.
  case duplicate(stamp: String, count: Int)
  /// - `isClockChange`: by no more than an hour, as where a clock is put back.
  case backwards(stamp: String, previous: String, count: Int, isClockChange: Bool = false)
  /// Dates that can be read in two ways.
  case ambiguousDateOrder(text: String)
  /// One date with a day above 12 in front, and one with it behind.
  case mixedDateOrders(dayFirst: String, monthFirst: String)
  /// Rows missing between two regular ones.
  /// - `isClockChange`: those of one hour of the night, as where a clock is put forward.
  case gap(
    stamp: String, previous: String, expected: String, missingRows: Int, count: Int,
    isClockChange: Bool = false)
  /// More rows missing than there are.
  case tooManyMissingRows(missing: Int, rows: Int)
  /// A time that is not a whole number of steps after the one before; `count`: places at fault in all.
  case irregular(stamp: String, expected: String, count: Int)
  /// Times of another clock than an earlier table's.
  case otherClock(text: String, expected: TimeClock)
  /// The named columns do not make a time.
  case incomplete(columns: [String])
}

extension TimeFault: DataFault {
  var category: DataError.Category {
    if case .incomplete = self { .usage } else { .badData }
  }

  var explanation: Explanation {
    switch self {
    case .unreadable(let text, let expectation):
      Explanation(
        finding: "\(quoted(text)) is no time", expectation: expectation,
        remedy: "mend it, choose other columns with --time, or ignore the times with --time none",
        plainRemedy: "write the times as the training file has them")
    case .tooFine(let text):
      Explanation(
        finding: "\(quoted(text)) is finer than a millisecond",
        expectation: "at most three digits after the seconds, and zeros after those",
        remedy: "round the times to milliseconds, or ignore them with --time none")
    case .mixedHours:
      Explanation(
        finding: "hour 24 in a file that also has hour 0",
        expectation: "hours 0 to 23, or 1 to 24 (hour ending)",
        remedy: "mend the hours, or ignore the times with --time none",
        plainRemedy: "mend the hours")
    case .mixedOffsets:
      Explanation(
        finding: "some times have an offset from UTC and some have none", expectation: "all or none",
        remedy: "write all times in UTC")
    case .duplicate(let stamp, let count):
      Explanation(
        finding: "the time \(stamp) again\(Self.others(count))", expectation: "each time once",
        remedy: "remove the double row; if the clock was put back here, write the times in UTC")
    case .backwards(let stamp, let previous, let count, let isClockChange):
      Self.backwards(stamp, previous, count, isClockChange)
    case .ambiguousDateOrder(let text): Self.ambiguousDateOrder(text)
    case .mixedDateOrders(let dayFirst, let monthFirst):
      Explanation(
        finding: "\(quoted(dayFirst)) has the day first and \(quoted(monthFirst)) the month",
        expectation: "one order in the whole column", remedy: "mend one of them")
    case .gap(let stamp, let previous, let expected, let missingRows, let count, let isClockChange):
      Self.gap(stamp, previous, expected, missingRows, count, isClockChange)
    case .tooManyMissingRows(let missing, let rows):
      Explanation(
        finding: "from here on \(counted(missing, "row")) missing in a file of \(grouped(rows))",
        expectation: "no more missing rows than rows",
        remedy: "mend the times, or cut the file where it has rows")
    case .irregular(let stamp, let expected, let count):
      Explanation(
        finding: "the time \(stamp)\(Self.others(count))", expectation: "\(expected) by the usual step",
        remedy: "bring the rows to a regular step, or count rows instead of time with --time none",
        plainRemedy: "bring the rows to a regular step")
    case .otherClock(let text, let expected):
      Explanation(
        finding: "\(quoted(text)) is of another clock than the times in training", expectation: expected.form,
        remedy: "write the times as the training file has them")
    case .incomplete(let columns): Self.incomplete(columns)
    }
  }

  private static func backwards(_ stamp: String, _ previous: String, _ count: Int, _ isClockChange: Bool)
    -> Explanation
  {
    Explanation(
      finding: "the time \(stamp) after \(previous)\(Self.others(count))",
      expectation: "rows in order of time",
      remedy: isClockChange
        ? "write the times in UTC if the clock was put back here; otherwise sort the rows"
        : "sort the rows; if the file holds several series, give each its own file")
  }

  private static func ambiguousDateOrder(_ text: String) -> Explanation {
    Explanation(
      finding: "\(quoted(text)) may have the day or the month first, and no row tells by a number above 12",
      expectation: "dates that can be read in one way",
      remedy: "add --date-order day-month-year or month-day-year, or ignore the times with --time none",
      plainRemedy: "write the dates as the training file has them")
  }

  private static func gap(
    _ stamp: String, _ previous: String, _ expected: String, _ missingRows: Int, _ count: Int,
    _ isClockChange: Bool
  ) -> Explanation {
    Explanation(
      finding:
        "\(counted(missingRows, "row")) missing between \(previous) and \(stamp)\(Self.others(count))",
      expectation: "\(expected) by the usual step",
      remedy: (isClockChange ? "write the times in UTC if the clock was put forward here; otherwise " : "")
        + "insert what is missing with --fill-rows previous or mean, or count rows instead of time with --time none",
      plainRemedy: "insert what is missing with --fill-rows previous or mean"
    )
  }

  private static func incomplete(_ columns: [String]) -> Explanation {
    Explanation(
      finding: "\(listedBriefly(columns)) do not make a time",
      expectation:
        "one column of times, one of dates and one of clock times, or columns of year, month, day, hour, minute, second without a hole",
      remedy: "name them, for example --time year=jahr,month=monat,day=tag, or use --time none",
      plainRemedy: "give the columns of times that the training file has")
  }

  private static func others(_ count: Int) -> String {
    count > 1 ? " (and \(grouped(count - 1)) more such place\(count == 2 ? "" : "s"))" : ""
  }
}
