/// The times of a table's rows: regular, so that a start and a step say everything, also of rows after the last.
public struct TimeAxis: Equatable, Sendable {
  /// Nil where rows are only counted.
  public let start: TimeStamp?
  /// From one row to the next.
  public let step: TimeStep
  /// Rows in the table.
  public let count: Int
  /// False where the file gives month and day only; such times lie in a nameless year of 365 days.
  public let hasYear: Bool
  /// Where the step is in months: the day that rows fall on, cut to the month's length, so that 31 is always the last.
  /// Nil: that of the start.
  public let dayOfMonth: Int?
  /// The columns that the times were read from.
  public let columns: [String]
  /// What the reader decided, in words, for the table's summary.
  public let remarks: [String]

  init(
    start: TimeStamp?, step: TimeStep, count: Int, hasYear: Bool = true, dayOfMonth: Int? = nil,
    columns: [String] = [], remarks: [String] = []
  ) {
    (self.start, self.step, self.count) = (start, step, count)
    (self.hasYear, self.dayOfMonth) = (hasYear, dayOfMonth)
    (self.columns, self.remarks) = (columns, remarks)
  }

  /// Rows without times: steps 0, 1, 2, …
  public static func counted(_ count: Int) -> TimeAxis { TimeAxis(start: nil, step: .rows, count: count) }

  /// Rows from a start in equal steps.
  public static func regular(from start: TimeStamp, step: TimeStep, count: Int) -> TimeAxis {
    TimeAxis(start: start, step: step, count: count)
  }

  /// The time of a row, which may lie beyond the last one.
  public func stamp(at row: Int) -> TimeStamp? {
    guard let start else { return nil }
    switch step {
    case .rows: return nil
    case .milliseconds(let length): return TimeStamp(milliseconds: start.milliseconds + length * Int64(row))
    case .months(let count): return start.addingMonths(count * row, day: dayOfMonth)
    }
  }

  /// The time of a row as text, or its number where there are no times.
  public func label(at row: Int) -> String {
    stamp(at: row).map { $0.text(withYear: hasYear) } ?? String(row)
  }
}

extension TimeStamp {
  /// The same day of a later month, or the one that is given; the day is cut to the month's length.
  func addingMonths(_ count: Int, day wanted: Int?) -> TimeStamp {
    let date = date
    let (years, month) = Int64(date.year * 12 + date.month - 1 + count).quotientAndRemainderFloored(by: 12)
    let (year, monthNumber) = (Int(years), Int(month) + 1)
    let day = min(wanted ?? date.day, CivilDate.days(inMonth: monthNumber, of: year))
    let days = CivilDate(year: year, month: monthNumber, day: day).dayNumber
    return TimeStamp(milliseconds: Int64(days) * Self.perDay + millisecondOfDay)
  }
}
