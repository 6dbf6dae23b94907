/// Finds the step between times and refuses what is not regular.
enum RegularStep {
  /// The step, or nil for fewer than two times.
  ///
  /// The step is the most common distance between neighbours. If every time is the first one moved on by equal numbers
  /// of whole months, the step is calendar months.
  ///
  /// - Parameter fail: makes the error for a row.
  static func find(
    _ stamps: [TimeStamp], hasYear: Bool, fail: (Int, TimeFault) -> DataError
  ) throws(DataError) -> TimeStep? {
    guard stamps.count > 1 else { return nil }
    if let months = wholeMonths(stamps) { return .months(months) }
    let step = mostCommonStep(stamps)
    // Where most rows repeat or go back there is no step to hold the others against: each row that does so is at fault.
    let offences = stamps.indices.dropFirst().filter {
      let distance = stamps[$0].milliseconds - stamps[$0 - 1].milliseconds
      return step > 0 ? distance != step : distance <= 0
    }
    if let row = offences.first {
      throw fail(row, orderFault(stamps, row: row, step: step, count: offences.count, hasYear: hasYear))
    }
    return .milliseconds(step)
  }

  private static func mostCommonStep(_ stamps: [TimeStamp]) -> Int64 {
    var counts: [Int64: Int] = [:]
    for (earlier, later) in zip(stamps, stamps.dropFirst()) {
      counts[later.milliseconds - earlier.milliseconds, default: 0] += 1
    }
    // Among equally common distances the shortest positive one: two rows and a gap are more likely than three steps.
    return counts.max { first, second in
      let (a, b) = (first.key > 0 ? first.key : .max, second.key > 0 ? second.key : .max)
      return (first.value, b) < (second.value, a)
    }!.key
  }

  /// Months from each time to the next where all are equal and at least one; the day of month must stay the same
  /// (or be the last of a shorter month).
  private static func wholeMonths(_ stamps: [TimeStamp]) -> Int? {
    let (first, second) = (stamps[0].date, stamps[1].date)
    let months = (second.year - first.year) * 12 + second.month - first.month
    guard months >= 1 else { return nil }
    let isRegular = stamps.indices.allSatisfy { stamps[$0] == stamps[0].addingMonths(months * $0) }
    return isRegular ? months : nil
  }

  private static func orderFault(
    _ stamps: [TimeStamp], row: Int, step: Int64, count: Int, hasYear: Bool
  ) -> TimeFault {
    let (previous, found) = (stamps[row - 1], stamps[row])
    let distance = found.milliseconds - previous.milliseconds
    let text = found.text(withYear: hasYear)
    if distance == 0 { return .duplicate(stamp: text, count: count) }
    if distance < 0 {
      return .backwards(stamp: text, previous: previous.text(withYear: hasYear), count: count)
    }
    let expected = TimeStamp(milliseconds: previous.milliseconds + step).text(withYear: hasYear)
    if distance > step, distance % step == 0 {
      return .gap(stamp: text, expected: expected, missingRows: Int(distance / step) - 1, count: count)
    }
    return .irregular(stamp: text, expected: expected, count: count)
  }
}
