/// The times of a table, and how they were read.
struct ReadTimes {
  let axis: TimeAxis
  /// Columns and order of dates, for later tables; no kinds.
  let reading: TableReading
  /// Where rows are missing, ascending. The axis counts them.
  let gaps: [TimeGap]
}

/// Reads the times of all rows and finds their step.
struct TimeReader {
  let names: [String]
  let reader: CellReader
  let firstRow: Int
  /// Nil: found in the dates.
  let dateOrder: DateOrder?
  /// That of an earlier table; nil: any.
  let clock: TimeClock?
  /// Whether rows may be missing in an otherwise regular series.
  let acceptsGaps: Bool

  var rows: Range<Int> { firstRow..<reader.grid.rowCount }

  func read(_ columns: TimeColumns) throws(DataError) -> ReadTimes {
    switch columns {
    case .none: ReadTimes(axis: .counted(rows.count), reading: TableReading(), gaps: [])
    case .text(let column, let clock):
      // Only a column that was named: a number is no time by itself.
      if clock == nil, case .number(let first) = reader.value(row: firstRow, column: column) {
        try readEpoch(column, first: first)
      } else {
        try readText(column, clock: clock)
      }
    case .parts(let parts): try readParts(parts)
    }
  }

  /// The axis of times that have been read.
  func times(
    _ stamps: [TimeStamp], hasYear: Bool, columns: [Int], reading: TableReading, remarks: [String]
  ) throws(DataError) -> ReadTimes {
    if let clock, let found = reading.clock, found != clock {
      throw .time(
        .otherClock(text: reader.string(row: firstRow, column: columns[0]), expected: clock),
        at: reader.grid.place(row: firstRow, column: columns[0]))
    }
    let found = try RegularStep.find(stamps, hasYear: hasYear, acceptsGaps: acceptsGaps) { index, fault in
      .time(fault, at: reader.grid.place(row: firstRow + index, column: columns[0]))
    }
    let gaps = found?.gaps ?? []
    // One row has a time but no step; the next one's time is unknown.
    let axis = TimeAxis(
      start: stamps.first, step: found?.step ?? .rows,
      count: stamps.count + gaps.reduce(0) { $0 + $1.count }, hasYear: hasYear,
      dayOfMonth: found?.dayOfMonth, columns: columns.map { names[$0] }, remarks: remarks)
    return ReadTimes(axis: axis, reading: reading, gaps: gaps)
  }
}
