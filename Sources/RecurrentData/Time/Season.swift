/// The cycle in which a seasonal naive forecast looks one cycle back.
public struct Season: Codable, Equatable, Sendable {
  /// Length of the cycle in rows.
  public let rows: Int
  /// What the forecast repeats, for example `same hour yesterday`.
  public let name: String

  /// A cycle of so many rows.
  ///
  /// - Precondition: rows > 0.
  public init(rows: Int, name: String) {
    precondition(rows > 0, "season: \(rows) rows, expected at least 1")
    (self.rows, self.name) = (rows, name)
  }

  /// The cycle that a step suggests: a day for steps that divide it, a week for days, a year for weeks (52), months and
  /// quarters. Nil where rows are only counted or no whole number of steps fits.
  public static func usual(for step: TimeStep) -> Season? {
    switch step {
    case .rows: return nil
    case .months(let count):
      guard count < 12, 12 % count == 0 else { return nil }
      return Season(rows: 12 / count, name: count == 1 ? "same month last year" : "same season last year")
    case .milliseconds(3_600_000): return Season(rows: 24, name: "same hour yesterday")
    case .milliseconds(TimeStamp.perDay): return Season(rows: 7, name: "same weekday last week")
    case .milliseconds(7 * TimeStamp.perDay): return Season(rows: 52, name: "same week last year")
    case .milliseconds(let length):
      guard length < TimeStamp.perDay, TimeStamp.perDay % length == 0 else { return nil }
      return Season(rows: Int(TimeStamp.perDay / length), name: "same time yesterday")
    }
  }
}
