// Times that are written out, in one column or in one of dates and one of clock times, and times that are counted from
// 1970.
extension TimeReader {
  func readText(_ column: Int, clock: Int?) throws(DataError) -> ReadTimes {
    let written = try writtenTimes(column, clock: clock)
    func text(_ index: Int) -> String { self.text(firstRow + index, column, clock: clock) }
    let found: (order: DateOrder, row: Int?) =
      if let dateOrder { (dateOrder, nil) } else {
        try DateOrder.find(written, text: text) { index, fault in
          .time(fault, at: reader.grid.place(row: firstRow + index, column: column))
        }
      }
    var stamps: [TimeStamp] = []
    for (index, time) in written.enumerated() {
      guard let stamp = time.stamp(found.order) else {
        throw unreadable(text(index), found.order.expectation, firstRow + index, column)
      }
      if time.hasOffset != written[0].hasOffset {
        throw .time(.mixedOffsets, at: reader.grid.place(row: firstRow + index, column: clock ?? column))
      }
      stamps.append(stamp)
    }
    var remarks: [String] = []
    if found.order != .yearMonthDay {
      let reason = found.row.map { ", as \(quoted(text($0))) shows" } ?? ""
      remarks.append("dates are \(found.order.rawValue)\(reason)")
    }
    if let clock { remarks.append("times are \(quoted(names[column])) and \(quoted(names[clock])) together") }
    if written[0].hasOffset { remarks.append("times with an offset were converted to UTC") }
    let columns = [column] + (clock.map { [$0] } ?? [])
    return try times(
      stamps, hasYear: true, columns: columns,
      reading: TableReading(
        time: columns.map { names[$0] }, dateOrder: found.order,
        clock: written[0].hasOffset ? .universal : .local), remarks: remarks)
  }

  private func writtenTimes(_ column: Int, clock: Int?) throws(DataError) -> [WrittenTime] {
    var times: [WrittenTime] = []
    times.reserveCapacity(rows.count)
    for row in rows {
      let date = reader.string(row: row, column: column)
      let time =
        if let clock { try? WrittenTime(date: date, clock: reader.string(row: row, column: clock)) } else {
          try? WrittenTime(date)
        }
      guard let time else {
        let text = clock.map { reader.string(row: row, column: $0) } ?? date
        if WrittenTime.isTooFine(clock == nil ? text : "\(date) \(text)") {
          throw .time(.tooFine(text: text), at: reader.grid.place(row: row, column: clock ?? column))
        }
        let order = dateOrder ?? ((times.first?.date.isYearFirst ?? true) ? .yearMonthDay : .dayMonthYear)
        let expectation = times.isEmpty && dateOrder == nil ? Self.anyExpectation : order.expectation
        guard let clock, (try? WrittenTime(date)) != nil else {
          throw unreadable(date, expectation, row, column)
        }
        throw unreadable(
          reader.string(row: row, column: clock), "a clock's time such as 23:00 or 23:00:00", row, clock)
      }
      times.append(time)
    }
    return times
  }

  private static let anyExpectation =
    "2014-12-31, 2014-12-31T23:00, 31/12/2014 23:00, 2014-12, or seconds or milliseconds since 1970"

  private func text(_ row: Int, _ column: Int, clock: Int?) -> String {
    let date = reader.string(row: row, column: column)
    return clock.map { "\(date) \(reader.string(row: row, column: $0))" } ?? date
  }

  private func unreadable(_ text: String, _ expectation: String, _ row: Int, _ column: Int) -> DataError {
    .time(
      .unreadable(text: text, expectation: expectation), at: reader.grid.place(row: row, column: column))
  }

  // MARK: - Counted from 1970

  func readEpoch(_ column: Int, first: Double) throws(DataError) -> ReadTimes {
    guard let unit = EpochUnit(first), unit != .finer else {
      throw unreadable(
        reader.string(row: firstRow, column: column),
        "seconds or milliseconds since 1970 (a column of years is named as year=COLUMN)", firstRow, column)
    }
    var stamps: [TimeStamp] = []
    stamps.reserveCapacity(rows.count)
    for row in rows {
      guard case .number(let value) = reader.value(row: row, column: column),
        value.magnitude < unit.range.upperBound,
        // A double of this size keeps thousandths to within 2e-4; what is not near one is finer than a millisecond.
        case let exact = unit == .milliseconds ? value : value * 1000,
        (exact - exact.rounded()).magnitude < 0.01
      else {
        throw unreadable(
          reader.string(row: row, column: column), "\(unit) since 1970, as in the first row", row, column)
      }
      stamps.append(TimeStamp(milliseconds: Int64(exact.rounded())))
    }
    return try times(
      stamps, hasYear: true, columns: [column],
      reading: TableReading(time: [names[column]], clock: .universal),
      remarks: ["times are \(unit) since 1970 in UTC"])
  }
}
