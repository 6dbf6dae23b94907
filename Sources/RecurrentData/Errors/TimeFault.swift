/// What is wrong with the time stamps of a table.
public enum TimeFault: Equatable, Sendable {
  /// A cell, or several, that make no time.
  case unreadable(text: String, expectation: String)
  /// Hours 0 and 24 in one file: the hour may be the one that begins or the one that ends.
  case mixedHours
  /// Some stamps have an offset from UTC and some have none.
  case mixedOffsets
  case duplicate(stamp: String, count: Int)
  case backwards(stamp: String, previous: String, count: Int)
  /// Rows missing between two regular ones.
  case gap(stamp: String, expected: String, missingRows: Int, count: Int)
  case irregular(stamp: String, expected: String, count: Int)
  /// The named columns do not make a time.
  case incomplete(columns: [String])
}

extension TimeFault: DataFault {
  var category: DataError.Category {
    if case .incomplete = self { .usage } else { .badData }
  }

  var explanation: Explanation {
    switch self {
    case .unreadable, .mixedHours, .mixedOffsets, .incomplete: readingExplanation
    default: orderExplanation
    }
  }

  private var readingExplanation: Explanation {
    switch self {
    case .mixedHours:
      Explanation(
        finding: "hour 24 in a file that also has hour 0",
        expectation: "hours 0 to 23, or 1 to 24 (hour ending)",
        remedy: "mend the hours, or ignore the times with --time none")
    case .mixedOffsets:
      Explanation(
        finding: "some times have an offset from UTC and some have none", expectation: "all or none",
        remedy: "write all times in UTC")
    case .incomplete(let columns):
      Explanation(
        finding: "\(listedBriefly(columns)) do not make a time",
        expectation:
          "one column of ISO 8601 times, or columns of year, month, day, hour, minute, second without a hole",
        remedy: "name them, for example --time year=jahr,month=monat,day=tag, or use --time none")
    case .unreadable(let text, let expectation):
      Explanation(
        finding: "\(quoted(text)) is no time", expectation: expectation,
        remedy: "mend it, choose other columns with --time, or ignore the times with --time none")
    default:
      orderExplanation
    }
  }

  private var orderExplanation: Explanation {
    switch self {
    case .duplicate(let stamp, let count):
      Explanation(
        finding: "the time \(stamp) again\(others(count))", expectation: "each time once",
        remedy: "remove the double row; if the clock was put back here, write the times in UTC")
    case .backwards(let stamp, let previous, let count):
      Explanation(
        finding: "the time \(stamp) after \(previous)\(others(count))", expectation: "rows in order of time",
        remedy: "sort the rows; if the file holds several series, give each its own file")
    case .gap(let stamp, let expected, let missingRows, let count):
      Explanation(
        finding: "the time \(stamp), so \(counted(missingRows, "row")) missing before it\(others(count))",
        expectation: expected,
        remedy: "add the missing rows with NA as values, or count rows instead of time with --time none")
    case .irregular(let stamp, let expected, let count):
      Explanation(
        finding: "the time \(stamp)\(others(count))", expectation: "\(expected) by the usual step",
        remedy: "bring the rows to a regular step, or count rows instead of time with --time none")
    default:
      readingExplanation
    }
  }

  private func others(_ count: Int) -> String {
    count > 1 ? " (and \(grouped(count - 1)) more such place\(count == 2 ? "" : "s"))" : ""
  }
}
