import Foundation

/// A place in a cycle of the calendar, as sine and cosine, so that the end of a cycle lies beside its beginning.
///
/// For phase p in [0, 1): sin 2πp and cos 2πp. These are known for every row, also after the last one.
public enum CalendarFeature: String, Codable, CaseIterable, Sendable {
  /// p = time of day / 24 h.
  case hourOfDay
  /// p = (days since Monday + time of day / 24 h) / 7.
  case dayOfWeek
  /// p = (days since 1 January + time of day / 24 h) / days in the year.
  case dayOfYear

  /// The features that vary along an axis and of which a whole cycle can be learned: the hour needs a step under a day, the
  /// weekday a known year and a step of at most a day, the day of year a step under a year. Of a cycle that the rows do not
  /// complete, later times lie where nothing was learned, and a model makes of them what it likes. None where rows are only
  /// counted.
  ///
  /// - Parameter rows: those that are learned from.
  public static func available(for axis: TimeAxis, learning rows: Range<Int>) -> [CalendarFeature] {
    guard let first = axis.stamp(at: rows.lowerBound), let end = axis.stamp(at: rows.upperBound) else {
      return []
    }
    let learned = end.milliseconds - first.milliseconds
    return varying(along: axis).filter { learned >= $0.cycle }
  }

  /// Milliseconds from a phase to the same one.
  private var cycle: Int64 {
    switch self {
    case .hourOfDay: TimeStamp.perDay
    case .dayOfWeek: 7 * TimeStamp.perDay
    case .dayOfYear: 365 * TimeStamp.perDay
    }
  }

  /// The features that vary along an axis, whatever its rows cover.
  public static func varying(along axis: TimeAxis) -> [CalendarFeature] {
    guard axis.start != nil else { return [] }
    switch axis.step {
    case .rows: return []
    case .months(let count): return count % 12 == 0 ? [] : [.dayOfYear]
    case .milliseconds(let length):
      return allCases.filter { feature in
        switch feature {
        case .hourOfDay: length < TimeStamp.perDay
        case .dayOfWeek: axis.hasYear && length <= TimeStamp.perDay
        case .dayOfYear: length < 365 * TimeStamp.perDay
        }
      }
    }
  }

  /// `hour of day sine`, `hour of day cosine`.
  public var columnNames: [String] {
    let name =
      switch self {
      case .hourOfDay: "hour of day"
      case .dayOfWeek: "day of week"
      case .dayOfYear: "day of year"
      }
    return ["\(name) sine", "\(name) cosine"]
  }

  /// Sine and cosine at a row of the axis, which may lie after the last.
  ///
  /// - Precondition: the axis has times.
  public func values(at row: Int, of axis: TimeAxis) -> [Double] {
    guard let stamp = axis.stamp(at: row) else {
      preconditionFailure("calendar feature \(rawValue): the time axis only counts rows")
    }
    let angle = 2 * Double.pi * phase(of: stamp, hasYear: axis.hasYear)
    return [sin(angle), cos(angle)]
  }

  private func phase(of stamp: TimeStamp, hasYear: Bool) -> Double {
    let dayFraction = Double(stamp.millisecondOfDay) / Double(TimeStamp.perDay)
    switch self {
    case .hourOfDay: return dayFraction
    case .dayOfWeek: return (Double(stamp.date.dayOfWeek) + dayFraction) / 7
    case .dayOfYear:
      let date = stamp.date
      return (Double(date.dayOfYear) + dayFraction) / Double(CivilDate.days(inYear: date.year))
    }
  }
}
