/// A date of the Gregorian calendar, extended to all years.
package struct CivilDate: Equatable, Sendable {
  package let year: Int
  package let month: Int
  package let day: Int

  init(year: Int, month: Int, day: Int) { (self.year, self.month, self.day) = (year, month, day) }

  static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  static func days(inYear year: Int) -> Int { isLeap(year) ? 366 : 365 }

  /// Days before the first of the month in a year that begins in March, where the odd day of a leap year comes last:
  /// the month lengths 31 30 31 30 31 repeat, five months in 153 days.
  private static func daysBeforeMonth(_ monthFromMarch: Int) -> Int { (153 * monthFromMarch + 2) / 5 }

  private static let daysIn400Years = 146_097
  /// From 0000-03-01 to 1970-01-01.
  private static let epoch = 719_468

  /// Days since 1970-01-01.
  var dayNumber: Int {
    let marchYear = month > 2 ? year : year - 1
    let era = Int(Int64(marchYear).quotientAndRemainderFloored(by: 400).quotient)
    let yearOfEra = marchYear - era * 400
    let dayOfYear = Self.daysBeforeMonth((month + 9) % 12) + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * Self.daysIn400Years + dayOfEra - Self.epoch
  }

  init(dayNumber: Int) {
    let (era, day) = Int64(dayNumber + Self.epoch).quotientAndRemainderFloored(by: Int64(Self.daysIn400Years))
    let dayOfEra = Int(day)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    self.init(
      year: yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - Self.daysBeforeMonth(monthFromMarch) + 1)
  }

  /// Days since the first of January.
  var dayOfYear: Int { dayNumber - CivilDate(year: year, month: 1, day: 1).dayNumber }

  /// 0 is Monday. 1970-01-01 was a Thursday.
  var dayOfWeek: Int { Int(Int64(dayNumber + 3).quotientAndRemainderFloored(by: 7).remainder) }
}
