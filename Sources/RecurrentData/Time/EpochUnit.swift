/// What numbers count that are times since 1970, as their size tells: the same instant is a thousand times larger in
/// milliseconds than in seconds.
enum EpochUnit: Equatable, Sendable {
  case seconds, milliseconds
  /// Microseconds or nanoseconds: a time stamp does not hold them.
  case finer

  /// Nil for numbers that are not taken for a time: smaller ones would lie before March 1973 and are likely years or row
  /// numbers, larger ones are no times at all.
  init?(_ number: Double) {
    guard
      let unit = [.seconds, .milliseconds, .finer].first(where: { (unit: EpochUnit) in
        unit.range.contains(number.magnitude)
      })
    else { return nil }
    self = unit
  }

  /// As seconds, numbers from 10¹¹ on would lie beyond the year 5000.
  var range: Range<Double> {
    switch self {
    case .seconds: 1e8..<1e11
    case .milliseconds: 1e11..<1e14
    case .finer: 1e14..<1e20
    }
  }
}
