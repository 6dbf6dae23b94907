/// Finds the columns that hold the time, as `TimeChoice` says.
struct TimeColumnFinder {
  let names: [String]
  let reader: CellReader
  let firstRow: Int

  func find(_ choice: TimeChoice) throws(DataError) -> TimeColumns {
    switch choice {
    case .none: .none
    case .automatic: automatic()
    case .columns(let wanted): try named(wanted)
    }
  }

  // MARK: - By what the columns hold

  private func automatic() -> TimeColumns {
    guard firstRow < reader.grid.rowCount else { return .none }
    if let column = names.indices.first(where: holdsTimes) {
      return .text(column, clock: clockColumn(beside: column))
    }
    var parts: [TimePart: Int] = [:]
    for (index, name) in names.enumerated() {
      if let part = TimePart(rawValue: name.lowercased()), parts[part] == nil { parts[part] = index }
    }
    // A year or an hour alone is more likely one of the quantities than a time.
    return parts.count > 1 && isUsable(parts) ? .parts(parts) : .none
  }

  /// Its first value says, also where it is finer than can be kept: the reader then refuses it. Of months such as `2014-12` also the last, since other codes look like them.
  private func holdsTimes(_ column: Int) -> Bool {
    let text = reader.string(row: firstRow, column: column)
    if WrittenTime.isTooFine(text) { return true }
    guard WrittenTime.isTime(text), let written = try? WrittenTime(text) else { return false }
    return !written.date.isMonth
      || WrittenTime.isTime(reader.string(row: reader.grid.rowCount - 1, column: column))
  }

  /// A column of clock times that completes one of dates: it is called time, or dates come more than once in a row. Other
  /// clock times, such as a sunrise beside each date, are quantities.
  private func clockColumn(beside column: Int) -> Int? {
    guard let written = try? WrittenTime(reader.string(row: firstRow, column: column)),
      written.clock == nil, !written.date.isMonth
    else { return nil }
    let clocks = names.indices.filter { $0 != column && isClock($0) }
    if let named = clocks.first(where: { names[$0].lowercased() == "time" }) { return named }
    if clocks.isEmpty { return nil }
    let rows = firstRow..<reader.grid.rowCount
    let repeats = zip(rows, rows.dropFirst()).contains {
      reader.string(row: $0, column: column) == reader.string(row: $1, column: column)
    }
    return repeats ? clocks.first : nil
  }

  private func isClock(_ column: Int) -> Bool {
    let text = reader.string(row: firstRow, column: column)
    // `9.30` is a number.
    return text.contains { $0 == ":" } || text.count { $0 == "." } == 2
      ? (try? WrittenTime.clock(text)) != nil : false
  }

  // MARK: - By name

  private func named(_ wanted: [String]) throws(DataError) -> TimeColumns {
    var parts: [TimePart: Int] = [:]
    var columns: [Int] = []
    var isParts = true
    for entry in wanted {
      let pieces = entry.split(separator: "=", maxSplits: 1).map(String.init)
      let isPart = pieces.count == 2 && TimePart(rawValue: pieces[0]) != nil && !names.contains(entry)
      let name = isPart ? pieces[1] : entry
      guard let column = names.firstIndex(of: name) else {
        throw .unknownColumn(name, among: names, in: reader.grid.text.name)
      }
      columns.append(column)
      if let part = TimePart(rawValue: isPart ? pieces[0] : name.lowercased()), parts[part] == nil,
        isPart || !(wanted.count == 1 && holdsTimes(column))
      {
        parts[part] = column
      } else {
        isParts = false
      }
    }
    if isParts && isUsable(parts) { return .parts(parts) }
    switch columns.count {
    case 1 where !wanted[0].contains("=") || names.contains(wanted[0]): return .text(columns[0], clock: nil)
    case 2 where parts.isEmpty && columns[0] != columns[1]:
      // In either order; which holds the dates is seen in the first row.
      return isClock(columns[0]) ? .text(columns[1], clock: columns[0]) : .text(columns[0], clock: columns[1])
    default: throw incomplete(wanted)
    }
  }

  private func incomplete(_ wanted: [String]) -> DataError {
    .time(.incomplete(columns: wanted), at: DataError.Place(reader.grid.text.name))
  }

  /// From year, or from month and day, down to some part without a hole.
  private func isUsable(_ parts: [TimePart: Int]) -> Bool {
    let present = TimePart.allCases.filter { parts[$0] != nil }
    guard let first = present.first, let last = present.last, first <= .month else { return false }
    let hasNoHole = present == TimePart.allCases.filter { first <= $0 && $0 <= last }
    return hasNoHole && (first == .year || last >= .day)
  }
}
