/// A point in time: milliseconds since 1970-01-01T00:00 of the clock that wrote it.
public struct TimeStamp: Codable, Comparable, Hashable, Sendable {
  /// Since 1970-01-01T00:00; negative before.
  public var milliseconds: Int64

  /// From milliseconds since 1970-01-01T00:00.
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  static let perSecond: Int64 = 1000
  static let perDay: Int64 = 86_400_000

  /// Nil where a part is out of its range. Hour 24 is allowed with minute and second 0: midnight of the next day.
  public init?(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, millisecond: Int = 0
  ) {
    guard (-9999...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= CivilDate.days(inMonth: month, of: year)
    else { return nil }
    let isMidnight = hour == 24 && minute == 0 && second == 0 && millisecond == 0
    guard (0...23).contains(hour) || isMidnight, (0...59).contains(minute), (0...59).contains(second),
      (0...999).contains(millisecond)
    else { return nil }
    let seconds = (Int64(hour) * 60 + Int64(minute)) * 60 + Int64(second)
    let days = Int64(CivilDate(year: year, month: month, day: day).dayNumber)
    milliseconds = days * Self.perDay + seconds * Self.perSecond + Int64(millisecond)
  }

  public static func < (first: Self, second: Self) -> Bool { first.milliseconds < second.milliseconds }

  package var date: CivilDate {
    let days = milliseconds.quotientAndRemainderFloored(by: Self.perDay).quotient
    return CivilDate(dayNumber: Int(days))
  }

  var millisecondOfDay: Int64 { milliseconds.quotientAndRemainderFloored(by: Self.perDay).remainder }

  /// The calendar part of `text`, without the year where the clock has none.
  func text(withYear: Bool) -> String {
    let date = date
    let (seconds, thousandths) = (millisecondOfDay / 1000, millisecondOfDay % 1000)
    var text = withYear ? padded(date.year, 4) + "-" : ""
    text += "\(padded(date.month, 2))-\(padded(date.day, 2))T"
    text += "\(padded(Int(seconds / 3600), 2)):\(padded(Int(seconds / 60 % 60), 2))"
    if seconds % 60 != 0 || thousandths != 0 { text += ":" + padded(Int(seconds % 60), 2) }
    if thousandths != 0 { text += "." + padded(Int(thousandths), 3) }
    return text
  }
}

extension TimeStamp: CustomStringConvertible {
  /// ISO 8601: `2014-12-31T23:00`, with seconds only where they are not zero.
  public var description: String { text(withYear: true) }
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number.magnitude)
  return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int64 {
  /// Division that rounds down, so that times before 1970 keep positive parts.
  func quotientAndRemainderFloored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
