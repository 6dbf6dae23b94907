extension TimeStamp {
  /// A time read from text, and whether it had an offset from UTC.
  struct Parsed: Equatable {
    var stamp: TimeStamp
    var hasOffset: Bool
  }

  struct NotATime: Error {}

  static let textExpectation = "ISO 8601 such as 2014-12-31, 2014-12-31T23:00 or 2014-12-31 23:00:00+01:00"

  /// Reads ISO 8601: date, or date and time joined by `T` or a blank, with an optional offset (`Z`, `+01`, `+0100`,
  /// `+01:00`). Seconds may have up to three decimals that are not zero. A time with an offset becomes UTC.
  static func parse(_ text: String) throws(NotATime) -> Parsed {
    var rest = Substring(text)
    let year = try number(&rest, digits: 4)
    try literal(&rest, "-")
    let month = try number(&rest, digits: 2)
    try literal(&rest, "-")
    let day = try number(&rest, digits: 2)
    var clock = Clock()
    if rest.first == "T" || rest.first == "t" || rest.first == " " {
      rest.removeFirst()
      clock = try parseClock(&rest)
    }
    let stamp = TimeStamp(
      year: year, month: month, day: day, hour: clock.hour, minute: clock.minute, second: clock.second,
      millisecond: clock.millisecond)
    guard var stamp, rest.isEmpty else { throw NotATime() }
    stamp.milliseconds -= Int64(clock.offsetMinutes ?? 0) * 60_000
    return Parsed(stamp: stamp, hasOffset: clock.offsetMinutes != nil)
  }

  private struct Clock {
    var (hour, minute, second, millisecond) = (0, 0, 0, 0)
    var offsetMinutes: Int?
  }

  private static func parseClock(_ rest: inout Substring) throws(NotATime) -> Clock {
    var clock = Clock()
    clock.hour = try number(&rest, digits: 2)
    try literal(&rest, ":")
    clock.minute = try number(&rest, digits: 2)
    if rest.first == ":" {
      rest.removeFirst()
      clock.second = try number(&rest, digits: 2)
      if rest.first == "." || rest.first == "," {
        rest.removeFirst()
        clock.millisecond = try thousandths(&rest)
      }
    }
    guard let sign = rest.first else { return clock }
    rest.removeFirst()
    if sign == "Z" || sign == "z" {
      clock.offsetMinutes = 0
    } else {
      guard sign == "+" || sign == "-" else { throw NotATime() }
      let hours = try number(&rest, digits: 2)
      if rest.first == ":" { rest.removeFirst() }
      let minutes = rest.isEmpty ? 0 : try number(&rest, digits: 2)
      guard hours <= 23, minutes <= 59 else { throw NotATime() }
      clock.offsetMinutes = (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
    }
    return clock
  }

  /// Digits after the decimal mark. What is finer than a millisecond and not zero cannot be kept, so it is refused.
  private static func thousandths(_ rest: inout Substring) throws(NotATime) -> Int {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest.removeFirst(digits.count)
    guard !digits.isEmpty, digits.dropFirst(3).allSatisfy({ $0 == "0" }) else { throw NotATime() }
    let kept = String(digits.prefix(3))
    return Int(kept + String(repeating: "0", count: 3 - kept.count))!
  }

  private static func number(_ rest: inout Substring, digits: Int) throws(NotATime) -> Int {
    let text = rest.prefix(digits)
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let value = Int(text)
    else {
      throw NotATime()
    }
    rest.removeFirst(digits)
    return value
  }

  private static func literal(_ rest: inout Substring, _ character: Character) throws(NotATime) {
    guard rest.first == character else { throw NotATime() }
    rest.removeFirst()
  }
}
