import Foundation
import RecurrentData
import Testing

/// Months and quarters, by whichever day they are written.
@Suite struct MonthlySeriesTests {
  private static let calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0)!
    return calendar
  }()

  /// The last days of months, as Foundation's calendar has them.
  private static func monthEnds(from month: Int, every step: Int, count: Int) -> [String] {
    (0..<count).map { index in
      let first = calendar.date(from: DateComponents(year: 2019, month: month + step * index))!
      let parts = calendar.dateComponents([.year, .month], from: first)
      let day = calendar.range(of: .day, in: .month, for: first)!.count
      return String(format: "%04d-%02d-%02d", parts.year!, parts.month!, day)
    }
  }

  private func axis(_ days: [String]) throws -> TimeAxis {
    try readTable("t,v\n" + days.map { "\($0),1\n" }.joined()).time
  }

  @Test(arguments: 1...12) func monthEndsFromAnyMonth(month: Int) throws {
    for step in [1, 3, 12] {
      let days = Self.monthEnds(from: month, every: step, count: 30)
      let axis = try axis(Array(days.prefix(6)))
      #expect(axis.step == .months(step))
      // Also the rows to come.
      #expect(days.indices.map { axis.label(at: $0) } == days.map { $0 + "T00:00" })
    }
  }

  @Test func theDayThatRowsFallOn() throws {
    let thirtieth = try axis(["2021-02-28", "2021-03-30", "2021-04-30", "2021-05-30"])
    #expect(thirtieth.step == .months(1) && thirtieth.label(at: 12) == "2022-02-28T00:00")
    #expect(thirtieth.label(at: 5) == "2021-07-30T00:00")
    let twentyEighth = try axis(["2021-02-28", "2021-03-28"])
    #expect(twentyEighth.label(at: 2) == "2021-04-28T00:00")
  }

  @Test func faultsAreInMonths() {
    func fault(_ days: [String]) -> DataError? { failure("t,v\n" + days.map { "\($0),1\n" }.joined()) }
    let ends = Self.monthEnds(from: 1, every: 1, count: 9)
    let gap = TimeFault.gap(
      stamp: "2019-07-31T00:00", previous: "2019-04-30T00:00", expected: "2019-05-31T00:00", missingRows: 2,
      count: 1)
    #expect(fault(Array(ends[..<4] + ends[6...])) == .time(gap, at: place(6, 1)))
    #expect(
      fault(ends + [ends[8]]) == .time(.duplicate(stamp: "2019-09-30T00:00", count: 1), at: place(11, 1)))
    #expect(
      fault(["2019-01-01", "2019-02-01", "2019-03-01", "2019-02-01"])
        == .time(
          .backwards(stamp: "2019-02-01T00:00", previous: "2019-03-01T00:00", count: 1), at: place(5, 1)))
    let irregular = TimeFault.irregular(stamp: "2019-12-01T00:00", expected: "2020-01-01T00:00", count: 1)
    #expect(
      fault(["2019-01-01", "2019-04-01", "2019-07-01", "2019-10-01", "2019-12-01"])
        == .time(irregular, at: place(6, 1)))
  }
}
