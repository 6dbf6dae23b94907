// Times whose parts have columns of their own.
extension TimeReader {
  func readParts(_ parts: [TimePart: Int]) throws(DataError) -> ReadTimes {
    let hasYear = parts[.year] != nil
    var stamps: [TimeStamp] = []
    var previousMonth = 1
    var year = Self.namelessYear
    var (hasHour0, hasHour24) = (false, false)
    for row in rows {
      var values: [TimePart: Int] = [:]
      for (part, column) in parts { values[part] = try integer(row, column, part) }
      let (month, hour) = (values[.month] ?? 1, values[.hour])
      if !hasYear, previousMonth == 12, month == 1 { year += 1 }
      previousMonth = month
      hasHour0 = hasHour0 || hour == 0
      hasHour24 = hasHour24 || hour == 24
      if hasHour0, hasHour24, let column = parts[.hour] {
        throw .time(.mixedHours, at: reader.grid.place(row: row, column: column))
      }
      // Every nameless year has 365 days, so each is reckoned as the same one and moved on.
      let stamp = TimeStamp(
        year: values[.year] ?? Self.namelessYear, month: month, day: values[.day] ?? 1, hour: hour ?? 0,
        minute: values[.minute] ?? 0, second: values[.second] ?? 0)
      guard var stamp else { throw unreadable(row, parts) }
      if !hasYear { stamp.milliseconds += Int64(year - Self.namelessYear) * 365 * TimeStamp.perDay }
      stamps.append(stamp)
    }
    var remarks: [String] = []
    if hasHour24 { remarks.append("hours run from 1 to 24: each is the hour that ends, 24 is midnight") }
    if !hasYear { remarks.append("no year is given: a nameless year of 365 days is assumed") }
    let columns = TimePart.allCases.compactMap { parts[$0] }
    let choice = TimePart.allCases.compactMap { part in parts[part].map { "\(part.rawValue)=\(names[$0])" } }
    return try times(
      stamps, hasYear: hasYear, columns: columns, reading: TableReading(time: choice, clock: .local),
      remarks: remarks)
  }

  /// Any year that is not a leap year, with room before and after it.
  private static let namelessYear = 2001

  private func integer(_ row: Int, _ column: Int, _ part: TimePart) throws(DataError) -> Int {
    if case .number(let value) = reader.value(row: row, column: column), let number = Int(exactly: value) {
      return number
    }
    let fault = TimeFault.unreadable(
      text: reader.string(row: row, column: column), expectation: "a whole number as \(part.rawValue)")
    throw .time(fault, at: reader.grid.place(row: row, column: column))
  }

  private func unreadable(_ row: Int, _ parts: [TimePart: Int]) -> DataError {
    let present = TimePart.allCases.compactMap { part in parts[part].map { (part, $0) } }
    let text = present.map { "\($0.0.rawValue) \(reader.string(row: row, column: $0.1))" }.joined(
      separator: ", ")
    let hasFebruary29 = parts[.year] == nil && text.hasPrefix("month 2, day 29")
    let expectation =
      hasFebruary29 ? "a year column where there is a 29 February" : "a date and time that exist"
    let place = reader.grid.place(row: row, column: present[0].1)
    return .time(.unreadable(text: text, expectation: expectation), at: place)
  }
}
