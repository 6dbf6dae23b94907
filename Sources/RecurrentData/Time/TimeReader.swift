/// Reads the times of all rows and finds their step.
struct TimeReader {
  let names: [String]
  let reader: CellReader
  let firstRow: Int

  private var rows: Range<Int> { firstRow..<reader.grid.rowCount }

  func read(_ columns: TimeColumns) throws(DataError) -> TimeAxis {
    switch columns {
    case .none: TimeAxis.counted(rows.count)
    case .text(let column): try readText(column)
    case .parts(let parts): try readParts(parts)
    }
  }

  // MARK: - One column of text

  private func readText(_ column: Int) throws(DataError) -> TimeAxis {
    var stamps: [TimeStamp] = []
    var offset: Bool?
    for row in rows {
      let text = reader.string(row: row, column: column)
      guard let parsed = try? TimeStamp.parse(text) else {
        let fault = TimeFault.unreadable(text: text, expectation: TimeStamp.textExpectation)
        throw .time(fault, at: reader.grid.place(row: row, column: column))
      }
      if let offset, offset != parsed.hasOffset {
        throw .time(.mixedOffsets, at: reader.grid.place(row: row, column: column))
      }
      offset = parsed.hasOffset
      stamps.append(parsed.stamp)
    }
    let remarks = offset == true ? ["times with an offset were converted to UTC"] : []
    return try axis(stamps, hasYear: true, columns: [column], remarks: remarks)
  }

  // MARK: - A column for each part

  private func readParts(_ parts: [TimePart: Int]) throws(DataError) -> TimeAxis {
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
    return try axis(stamps, hasYear: hasYear, columns: columns, remarks: remarks)
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

  // MARK: - The step

  private func axis(
    _ stamps: [TimeStamp], hasYear: Bool, columns: [Int], remarks: [String]
  ) throws(DataError) -> TimeAxis {
    let step = try RegularStep.find(stamps, hasYear: hasYear) { index, fault in
      .time(fault, at: reader.grid.place(row: firstRow + index, column: columns[0]))
    }
    // One row has a time but no step; the next one's time is unknown.
    return TimeAxis(
      start: stamps.first, step: step ?? .rows, count: stamps.count, hasYear: hasYear,
      columns: columns.map { names[$0] }, remarks: remarks)
  }
}
