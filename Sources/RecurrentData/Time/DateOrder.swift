/// The order in which the parts of a date are written.
public enum DateOrder: String, Codable, CaseIterable, Sendable {
  /// ISO 8601 and its kin: `2014-12-31`, `2014/12/31`, `2014-12`.
  case yearMonthDay = "year-month-day"
  /// `31/12/2014`, `31.12.2014`.
  case dayMonthYear = "day-month-year"
  /// `12/31/2014`.
  case monthDayYear = "month-day-year"

  /// What a cell of this order looks like, for messages.
  var expectation: String {
    switch self {
    case .yearMonthDay: "ISO 8601 such as 2014-12-31, 2014-12-31T23:00 or 2014-12-31 23:00:00+01:00"
    case .dayMonthYear: "day, month and year such as 31/12/2014 or 31/12/2014 23:00"
    case .monthDayYear: "month, day and year such as 12/31/2014 or 12/31/2014 23:00"
    }
  }
}

extension DateOrder {
  /// The order in which dates stand that do not begin with the year. A number above 12 is a day; the first row that has
  /// one decides, and all others must agree.
  ///
  /// - Parameters:
  ///   - dates: each with the text it was read from.
  ///   - fail: makes the error for a row.
  /// - Returns: the order, and the row that decides; `yearMonthDay` where the first date begins with its year.
  static func find(
    _ dates: [WrittenTime], text: (Int) -> String, fail: (Int, TimeFault) -> DataError
  ) throws(DataError) -> (order: DateOrder, row: Int) {
    guard let first = dates.first, !first.date.isYearFirst else { return (.yearMonthDay, 0) }
    let dayFirst = dates.firstIndex { !$0.date.isYearFirst && $0.date.first > 12 }
    let monthFirst = dates.firstIndex { !$0.date.isYearFirst && $0.date.second > 12 }
    switch (dayFirst, monthFirst) {
    case (let row?, nil): return (.dayMonthYear, row)
    case (nil, let row?): return (.monthDayYear, row)
    case (let day?, let month?):
      throw fail(max(day, month), .mixedDateOrders(dayFirst: text(day), monthFirst: text(month)))
    case (nil, nil): throw fail(0, .ambiguousDateOrder(text: text(0)))
    }
  }
}
