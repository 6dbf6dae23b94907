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

  private func automatic() -> TimeColumns {
    guard firstRow < reader.grid.rowCount else { return .none }
    let isTime = { (column: Int) in
      (try? TimeStamp.parse(reader.string(row: firstRow, column: column))) != nil
    }
    if let column = names.indices.first(where: isTime) { return .text(column) }
    var parts: [TimePart: Int] = [:]
    for (index, name) in names.enumerated() {
      if let part = TimePart(rawValue: name.lowercased()), parts[part] == nil { parts[part] = index }
    }
    // A year or an hour alone is more likely one of the quantities than a time.
    return parts.count > 1 && isUsable(parts) ? .parts(parts) : .none
  }

  private func named(_ wanted: [String]) throws(DataError) -> TimeColumns {
    var parts: [TimePart: Int] = [:]
    for entry in wanted {
      let pieces = entry.split(separator: "=", maxSplits: 1).map(String.init)
      let isPart = pieces.count == 2 && TimePart(rawValue: pieces[0]) != nil && !names.contains(entry)
      let name = isPart ? pieces[1] : entry
      guard let column = names.firstIndex(of: name) else {
        throw .unknownColumn(name, among: names, in: reader.grid.text.name)
      }
      if let part = TimePart(rawValue: isPart ? pieces[0] : name.lowercased()), parts[part] == nil {
        parts[part] = column
      } else if wanted.count == 1 {
        return .text(column)
      } else {
        throw incomplete(wanted)
      }
    }
    guard isUsable(parts) else { throw incomplete(wanted) }
    return .parts(parts)
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
