/// What was found in one table and holds for those that come after it: a column of codes that happens to hold only
/// numbers in a later file is still a column of codes.
///
/// Codable, so that a model can store it. Delimiter and header may change from file to file; they are found anew.
public struct TableReading: Codable, Equatable, Sendable {
  /// What a column that is no time holds: numbers, or categories.
  public enum Kind: String, Codable, Sendable { case numeric, categorical }

  /// By the columns' names. Columns without an entry are read by what they hold.
  public var kinds: [String: Kind]
  /// The columns of the times as ``TimeChoice/columns(_:)`` has them; none: rows are counted.
  public var time: [String]

  /// Of dates that are written out.
  public var dateOrder: DateOrder?

  /// The clock that the times are of; nil: none, or any.
  public var clock: TimeClock?

  /// By default nothing is known: kinds are found, and rows are counted.
  public init(
    kinds: [String: Kind] = [:], time: [String] = [], dateOrder: DateOrder? = nil, clock: TimeClock? = nil
  ) {
    (self.kinds, self.time, self.dateOrder, self.clock) = (kinds, time, dateOrder, clock)
  }

  /// The same for some of the columns; a model needs no others.
  public func keeping(_ columns: some Collection<String>) -> TableReading {
    var kept = self
    let columns = Set(columns)
    kept.kinds = kinds.filter { columns.contains($0.key) }
    return kept
  }
}

extension Table {
  /// What was found, for tables that come later.
  public var reading: TableReading {
    var reading = timeReading
    for column in columns {
      switch column.values {
      case .numeric: reading.kinds[column.name] = .numeric
      case .categorical: reading.kinds[column.name] = .categorical
      case .time: break
      }
    }
    return reading
  }
}
