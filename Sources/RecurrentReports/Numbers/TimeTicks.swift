/// Ticks at whole minutes, hours, days, months and years.
///
/// Positions are seconds since 1970-01-01 00:00 on the clock that the data was recorded with; there are no time zones
/// and no leap seconds here. Calendar arithmetic after H. Hinnant, "chrono-compatible low-level date algorithms".
extension Ticks {
  static func time(_ range: ClosedRange<Double>, count: Int, hasYear: Bool = true) -> Ticks {
    let range =
      range.lowerBound < range.upperBound ? range : (range.lowerBound - 60)...(range.upperBound + 60)
    let wanted = (range.upperBound - range.lowerBound) / Double(max(count, 1))
    let minute = 60.0
    let hour = 3600.0
    let day = 86400.0
    let steps = [
      1, 5, 15, 30, minute, 5 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour,
      12 * hour,
      day, 2 * day, 7 * day, 14 * day,
    ]
    if let step = steps.first(where: { $0 >= wanted }) {
      return Ticks(range: range, ticks: evenly(range, step: step))
    }
    let months =
      [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200].first { Double($0) * 30.4 * day >= wanted } ?? 12000
    return Ticks(range: range, ticks: monthly(range, step: months, hasYear: hasYear))
  }

  /// The years that a range touches: `2013` or `2010–2013`.
  static func years(_ range: ClosedRange<Double>) -> String {
    let first = CivilDate(seconds: range.lowerBound).year
    let last = CivilDate(seconds: range.upperBound).year
    return first == last ? "\(first)" : "\(first)–\(last)"
  }

  private static func evenly(_ range: ClosedRange<Double>, step: Double) -> [Tick] {
    let first = Int((range.lowerBound / step).rounded(.up))
    let last = Int((range.upperBound / step).rounded(.down))
    guard first <= last else { return [] }
    return (first...last).map { index in
      let seconds = Double(index) * step
      let date = CivilDate(seconds: seconds)
      let inDay = date.secondsInDay
      let label =
        if inDay == 0 {
          "\(date.day) \(date.monthName)"
        } else if step < 60 {
          "\(two(inDay / 3600)):\(two(inDay / 60 % 60)):\(two(inDay % 60))"
        } else {
          "\(two(inDay / 3600)):\(two(inDay / 60 % 60))"
        }
      return Tick(value: seconds, label: label)
    }
  }

  private static func monthly(_ range: ClosedRange<Double>, step: Int, hasYear: Bool) -> [Tick] {
    let start = CivilDate(seconds: range.lowerBound)
    var index = (start.year * 12 + start.month - 1) / step * step
    var ticks: [Tick] = []
    while true {
      let date = CivilDate(year: index / 12, month: index % 12 + 1, day: 1)
      index += step
      if date.seconds > range.upperBound { return ticks }
      if date.seconds < range.lowerBound { continue }
      let year = hasYear ? "\(date.year)" : ""
      let month = hasYear && step % 12 == 0 ? "" : date.monthName
      let label = [month, year].filter { !$0.isEmpty }.joined(separator: " ")
      ticks.append(Tick(value: date.seconds, label: label))
    }
  }

  private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

/// A day of the Gregorian calendar and the seconds passed in it.
struct CivilDate {
  let year: Int
  let month: Int
  let day: Int
  var secondsInDay = 0

  init(year: Int, month: Int, day: Int) {
    (self.year, self.month, self.day) = (year, month, day)
  }

  init(seconds: Double) {
    let whole = Int(seconds.rounded(.down))
    let days = whole >= 0 ? whole / 86400 : (whole - 86399) / 86400
    // Years from 1 March, in eras of 400 years, so that the leap day comes last.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    secondsInDay = whole - days * 86400
  }

  var seconds: Double {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Double(era * 146_097 + dayOfEra - 719_468) * 86400 + Double(secondsInDay)
  }

  var monthName: String {
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
  }
}
