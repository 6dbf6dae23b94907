/// The distance in time from one row to the next.
public enum TimeStep: Codable, Equatable, Sendable {
  /// There are no times: rows are counted.
  case rows
  /// Always the same length.
  case milliseconds(Int64)
  /// Calendar months, whose lengths differ; 12 is a year.
  case months(Int)

  /// `hourly`, `every 10 minutes`, `monthly`, `one row after another`.
  public var name: String {
    switch self {
    case .rows: "without times"
    case .months(1): "monthly"
    case .months(3): "quarterly"
    case .months(12): "yearly"
    case .months(let count): count % 12 == 0 ? "every \(count / 12) years" : "every \(count) months"
    case .milliseconds(60_000): "every minute"
    case .milliseconds(3_600_000): "hourly"
    case .milliseconds(TimeStamp.perDay): "daily"
    case .milliseconds(7 * TimeStamp.perDay): "weekly"
    case .milliseconds: "every \(duration(1))"
    }
  }

  /// How long a number of steps lasts: `24 h`, `10 min`, `3 months`, `5 rows`.
  public func duration(_ steps: Int) -> String {
    switch self {
    case .rows: return counted(steps, "row")
    case .months(let count):
      let months = count * steps
      return months % 12 == 0 ? counted(months / 12, "year") : counted(months, "month")
    case .milliseconds(let count):
      let total = Int(count) * steps
      let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s")]
      // Whole days are called days only from two on: a day of hourly rows is 24 h.
      let unit = units.first {
        total % $0.0 == 0 && ($0.1 != "d" || total >= 2 * $0.0 || count >= TimeStamp.perDay)
      }
      guard let unit, total > 0 else { return "\(grouped(total)) ms" }
      return "\(grouped(total / unit.0)) \(unit.1)"
    }
  }
}

extension TimeStep {
  /// Time stamps lie within 20,000 years of one another, a tenth of this.
  private static let longest: Int64 = 1 << 53

  /// Whether it leads from row to row, and so many rows on to a time that can be reckoned with. It holds for every step
  /// that was found between the stamps of so many rows.
  package func isUsable(over rows: Int) -> Bool {
    switch self {
    case .rows: true
    case .milliseconds(let count): count > 0 && count <= Self.longest / Int64(rows)
    case .months(let count): count > 0 && count <= Int(Self.longest / (31 * TimeStamp.perDay)) / rows
    }
  }
}
