/// A date, perhaps with a clock's time, as it stands in a cell: which number is the day may still be open.
///
///     date    2014-12-31  2014/12/31  2014-12  31/12/2014  31.12.2014  12-31-2014
///     clock   23:00  9:30  23:00:00.250  11:00 PM  23:00Z  23:00+01:00
///
/// Date and clock are joined by `T` or a blank.
struct WrittenTime: Equatable {
  struct NotATime: Error {
    /// But for digits after those of milliseconds it would be one.
    var isTooFine = false
  }

  struct Date: Equatable {
    var isYearFirst: Bool
    /// As written: year, month, day; or two numbers and the year.
    var first, second, third: Int
    /// A year and a month; the day is the first.
    var isMonth = false
  }

  struct Clock: Equatable {
    var (hour, minute, second, millisecond) = (0, 0, 0, 0)
    var offsetMinutes: Int?
  }

  var date: Date
  var clock: Clock?

  init(_ text: String) throws(NotATime) {
    var rest = Substring(text)
    date = try Self.date(&rest)
    guard let joint = rest.first else { return }
    guard !date.isMonth, joint == "T" || joint == "t" || joint == " " else { throw NotATime() }
    rest.removeFirst()
    clock = try Self.clock(&rest, separator: ":")
    guard rest.isEmpty else { throw NotATime() }
  }

  /// From a cell with a date and one with a clock's time, which may also be written `23.00.00`.
  init(date text: String, clock clockText: String) throws(NotATime) {
    try self.init(text)
    guard clock == nil, !date.isMonth else { throw NotATime() }
    clock = try Self.clock(clockText)
  }

  static func clock(_ text: String) throws(NotATime) -> Clock {
    var rest = Substring(text)
    let clock = try clock(&rest, separator: text.contains(":") ? ":" : ".")
    guard rest.isEmpty else { throw NotATime() }
    return clock
  }

  var hasOffset: Bool { clock?.offsetMinutes != nil }

  /// Nil where the date is written in another order, or does not exist.
  func stamp(_ order: DateOrder) -> TimeStamp? {
    guard date.isYearFirst == (order == .yearMonthDay) else { return nil }
    let (year, month, day) =
      switch order {
      case .yearMonthDay: (date.first, date.second, date.third)
      case .dayMonthYear: (date.third, date.second, date.first)
      case .monthDayYear: (date.third, date.first, date.second)
      }
    let clock = clock ?? Clock()
    let stamp = TimeStamp(
      year: year, month: month, day: day, hour: clock.hour, minute: clock.minute, second: clock.second,
      millisecond: clock.millisecond)
    guard var stamp else { return nil }
    stamp.milliseconds -= Int64(clock.offsetMinutes ?? 0) * 60_000
    return stamp
  }

  /// Whether a cell is a time in some order.
  static func isTime(_ text: String) -> Bool {
    guard let written = try? WrittenTime(text) else { return false }
    return DateOrder.allCases.contains { written.stamp($0) != nil }
  }

  /// Whether a cell is a time that is finer than a millisecond.
  static func isTooFine(_ text: String) -> Bool {
    do throws(NotATime) {
      _ = try WrittenTime(text)
      return false
    } catch {
      return error.isTooFine
    }
  }

  // MARK: - Reading

  private static func date(_ rest: inout Substring) throws(NotATime) -> Date {
    let first = try number(&rest, digits: 1...4)
    guard let separator = rest.first, "-/.".contains(separator) else { throw NotATime() }
    rest.removeFirst()
    let second = try number(&rest, digits: 1...2)
    if first.digits == 4 && rest.first != separator {
      // `2014.12` is a number.
      guard rest.isEmpty, separator != ".", second.digits == 2 else { throw NotATime() }
      return Date(isYearFirst: true, first: first.value, second: second.value, third: 1, isMonth: true)
    }
    guard rest.first == separator else { throw NotATime() }
    rest.removeFirst()
    if first.digits == 4 {
      let third = try number(&rest, digits: 1...2)
      return Date(isYearFirst: true, first: first.value, second: second.value, third: third.value)
    }
    guard first.digits <= 2 else { throw NotATime() }
    let third = try number(&rest, digits: 4...4)
    return Date(isYearFirst: false, first: first.value, second: second.value, third: third.value)
  }

  private static func clock(_ rest: inout Substring, separator: Character) throws(NotATime) -> Clock {
    var clock = Clock()
    clock.hour = try number(&rest, digits: 1...2).value
    guard rest.first == separator else { throw NotATime() }
    rest.removeFirst()
    clock.minute = try number(&rest, digits: 2...2).value
    if rest.first == separator {
      rest.removeFirst()
      clock.second = try number(&rest, digits: 2...2).value
      if rest.first == "." || rest.first == "," {
        rest.removeFirst()
        clock.millisecond = try thousandths(&rest)
      }
    }
    if rest.isEmpty { return clock }
    if let hour = twelveHours(&rest, hour: clock.hour) {
      clock.hour = hour
    } else {
      clock.offsetMinutes = try offset(&rest)
    }
    return clock
  }

  /// The hour of a day of 24, where `AM` or `PM` follows: 12 AM is midnight, 12 PM noon.
  private static func twelveHours(_ rest: inout Substring, hour: Int) -> Int? {
    let word = rest.drop { $0 == " " }.lowercased()
    guard (1...12).contains(hour), word == "am" || word == "pm" else { return nil }
    rest = ""
    return hour % 12 + (word == "pm" ? 12 : 0)
  }

  /// Minutes from UTC: `Z`, `+01`, `+0100` or `+01:00`.
  private static func offset(_ rest: inout Substring) throws(NotATime) -> Int {
    let sign = rest.removeFirst()
    if sign == "Z" || sign == "z" { return 0 }
    guard sign == "+" || sign == "-" else { throw NotATime() }
    let hours = try number(&rest, digits: 2...2).value
    if rest.first == ":" { rest.removeFirst() }
    let minutes = rest.isEmpty ? 0 : try number(&rest, digits: 2...2).value
    guard hours <= 23, minutes <= 59 else { throw NotATime() }
    return (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
  }

  /// Digits after the decimal mark. What is finer than a millisecond and not zero cannot be kept, so it is refused.
  private static func thousandths(_ rest: inout Substring) throws(NotATime) -> Int {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest.removeFirst(digits.count)
    guard !digits.isEmpty else { throw NotATime() }
    guard digits.dropFirst(3).allSatisfy({ $0 == "0" }) else { throw NotATime(isTooFine: true) }
    let kept = String(digits.prefix(3))
    return Int(kept + String(repeating: "0", count: 3 - kept.count))!
  }

  /// As many digits as there are, up to the most that are allowed.
  private static func number(
    _ rest: inout Substring, digits allowed: ClosedRange<Int>
  ) throws(NotATime) -> (value: Int, digits: Int) {
    var (value, digits) = (0, 0)
    while digits < allowed.upperBound, let byte = rest.utf8.first, (0x30...0x39).contains(byte) {
      value = value * 10 + Int(byte - 0x30)
      digits += 1
      rest = rest[rest.utf8.index(after: rest.startIndex)...]
    }
    guard allowed.contains(digits) else { throw NotATime() }
    return (value, digits)
  }
}
