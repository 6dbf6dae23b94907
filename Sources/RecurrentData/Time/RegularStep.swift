/// Rows that a regular series should have and a file has not.
struct TimeGap: Equatable {
  /// The row of the file before which they are missing.
  let row: Int
  let count: Int
}

/// Finds the step between times and refuses what is not regular.
enum RegularStep {
  struct Found {
    let step: TimeStep
    /// For calendar months: the day that rows fall on, cut to the month's length.
    let dayOfMonth: Int?
    let gaps: [TimeGap]
  }

  /// The step, or nil for fewer than two times.
  ///
  /// The step is the most common distance between neighbours: whole calendar months where all times are the same moment
  /// of the same day of a month, or of its last day; milliseconds otherwise.
  ///
  /// - Parameters:
  ///   - acceptsGaps: whether rows may be missing; they are then said and not an error.
  ///   - fail: makes the error for a row.
  static func find(
    _ stamps: [TimeStamp], hasYear: Bool, acceptsGaps: Bool, fail: (Int, TimeFault) -> DataError
  ) throws(DataError) -> Found? {
    guard stamps.count > 1 else { return nil }
    let ruler = Ruler(stamps)
    let step = ruler.step
    // Where most rows repeat or go back there is no step to hold the others against: each row that does so is at fault.
    let offences = stamps.indices.dropFirst().filter {
      let distance = ruler.distance($0)
      return step > 0 ? distance != step : distance <= 0
    }
    let gaps = offences.compactMap { row -> TimeGap? in
      let distance = ruler.distance(row)
      guard step > 0, distance > step, distance % step == 0 else { return nil }
      return TimeGap(row: row, count: Int(distance / step) - 1)
    }
    let accepted = acceptsGaps ? Set(gaps.map(\.row)) : []
    let faults = offences.filter { !accepted.contains($0) }
    // Rows out of order also leave gaps where they should be: order comes first.
    let backwards = faults.filter { ruler.distance($0) < 0 }
    if let row = backwards.first ?? faults.first {
      let faults = backwards.isEmpty ? faults : backwards
      let words = Words(stamps: stamps, ruler: ruler, hasYear: hasYear)
      throw fail(row, words.fault(row, count: faults.count))
    }
    let missing = gaps.reduce(0) { $0 + $1.count }
    // A mistyped year would otherwise insert more rows than any memory holds.
    if let first = gaps.first, missing > stamps.count {
      throw fail(first.row, .tooManyMissingRows(missing: missing, rows: stamps.count))
    }
    return Found(
      step: ruler.dayOfMonth == nil ? .milliseconds(step) : .months(Int(step)), dayOfMonth: ruler.dayOfMonth,
      gaps: gaps)
  }

  /// Places of times on a scale on which regular times are equally far apart.
  private struct Ruler {
    let positions: [Int64]
    /// Positions are months where there is one, milliseconds otherwise.
    let dayOfMonth: Int?
    let step: Int64

    init(_ stamps: [TimeStamp]) {
      let dates = stamps.map(\.date)
      let last = dates.map { CivilDate.days(inMonth: $0.month, of: $0.year) }
      let day = dates.map(\.day).max()!
      let isAnchored =
        stamps.allSatisfy { $0.millisecondOfDay == stamps[0].millisecondOfDay }
        && zip(dates, last).allSatisfy { $0.day == min(day, $1) }
      let months = dates.map { Int64($0.year * 12 + $0.month - 1) }
      let monthStep = isAnchored ? Self.mostCommonStep(months) : 0
      if monthStep >= 1 {
        // What always falls on the last day of a month means that day, also in longer months.
        dayOfMonth = zip(dates, last).allSatisfy { $0.day == $1 } ? 31 : day
        (positions, step) = (months, monthStep)
      } else {
        dayOfMonth = nil
        positions = stamps.map(\.milliseconds)
        step = Self.mostCommonStep(positions)
      }
    }

    func distance(_ row: Int) -> Int64 { positions[row] - positions[row - 1] }

    private static func mostCommonStep(_ positions: [Int64]) -> Int64 {
      var counts: [Int64: Int] = [:]
      for (earlier, later) in zip(positions, positions.dropFirst()) {
        counts[later - earlier, default: 0] += 1
      }
      // Among equally common distances the shortest positive one: two rows and a gap are more likely than three steps.
      return counts.max { first, second in
        let (a, b) = (first.key > 0 ? first.key : .max, second.key > 0 ? second.key : .max)
        return (first.value, b) < (second.value, a)
      }!.key
    }
  }

  /// Says what is wrong with a row.
  private struct Words {
    let stamps: [TimeStamp]
    let ruler: Ruler
    let hasYear: Bool

    func fault(_ row: Int, count: Int) -> TimeFault {
      let (distance, step) = (ruler.distance(row), ruler.step)
      let text = text(stamps[row])
      let previous = self.text(stamps[row - 1])
      if distance == 0 { return .duplicate(stamp: text, count: count) }
      if distance < 0 {
        return .backwards(
          stamp: text, previous: previous, count: count,
          isClockChange: ruler.dayOfMonth == nil && distance > -Self.hour)
      }
      let next =
        if let day = ruler.dayOfMonth { stamps[row - 1].addingMonths(Int(step), day: day) } else {
          TimeStamp(milliseconds: stamps[row - 1].milliseconds + step)
        }
      if distance > step, distance % step == 0 {
        return .gap(
          stamp: text, previous: previous, expected: self.text(next), missingRows: Int(distance / step) - 1,
          count: count,
          isClockChange: ruler.dayOfMonth == nil && distance - step == Self.hour
            && next.millisecondOfDay <= 3 * Self.hour)
      }
      return .irregular(stamp: text, expected: self.text(next), count: count)
    }

    /// Clocks are put back and forward by an hour, in the night.
    private static let hour: Int64 = 3_600_000

    private func text(_ stamp: TimeStamp) -> String { stamp.text(withYear: hasYear) }
  }
}
