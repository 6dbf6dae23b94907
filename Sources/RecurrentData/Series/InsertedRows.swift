/// Rows that an otherwise regular file does not have and that were put in their places, without a value.
public struct InsertedRows: Equatable, Sendable {
  /// For each row of the table.
  public let isInserted: [Bool]
  /// What fills them where a frame is made.
  public let policy: GapPolicy
  /// Rows next to each other are one place.
  public let places: Int
  /// Where they are first: the row after them, and the times around them.
  public let firstPlace: DataError.Place
  /// The time of the file's row before the first place.
  public let firstBefore: String
  /// The time of the file's row after it.
  public let firstAfter: String
  /// For each row of the table the file's row that it is, or that comes after it.
  let fileRows: [Int]

  /// Rows that were inserted.
  public var count: Int { isInserted.count { $0 } }

  /// Nil where nothing is missing.
  init?(_ times: ReadTimes, policy: GapPolicy, place: (Int) -> DataError.Place) {
    guard let first = times.gaps.first else { return nil }
    var (isInserted, fileRows) = ([Bool](), [Int]())
    var gaps = times.gaps[...]
    for row in 0..<times.axis.count - times.gaps.reduce(0, { $0 + $1.count }) {
      if let gap = gaps.first, gap.row == row {
        isInserted += [Bool](repeating: true, count: gap.count)
        fileRows += [Int](repeating: row, count: gap.count)
        gaps.removeFirst()
      }
      isInserted.append(false)
      fileRows.append(row)
    }
    (self.isInserted, self.fileRows, self.policy) = (isInserted, fileRows, policy)
    places = times.gaps.count
    firstPlace = place(first.row)
    (firstBefore, firstAfter) = (
      times.axis.label(at: first.row - 1), times.axis.label(at: first.row + first.count)
    )
  }

  /// A column of the file with the missing rows in it.
  func spread(_ column: Column) -> Column {
    let pairs = zip(isInserted, fileRows)
    switch column.values {
    case .numeric(let numbers):
      return Column(name: column.name, values: .numeric(pairs.map { $0 ? .nan : numbers[$1] }))
    case .categorical(let levels, let codes):
      return Column(
        name: column.name, values: .categorical(levels: levels, codes: pairs.map { $0 ? -1 : codes[$1] }))
    case .time: return column
    }
  }

  /// `3 missing rows inserted in 2 places, first between 2020-01-03T00:00 and 2020-01-06T00:00 (f.csv:5:1), filled …`.
  public func describe() -> String {
    """
    \(counted(count, "missing row")) inserted in \(counted(places, "place")), first between \(firstBefore) and \
    \(firstAfter) (\(oneLine(firstPlace.description))), filled \(policy.words) as inputs, never asked for nor scored
    """
  }
}
