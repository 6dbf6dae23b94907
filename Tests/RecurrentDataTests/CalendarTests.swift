import Foundation
import RecurrentData
import Testing

@Suite struct CalendarTests {
  private let hourly = TimeAxis.regular(
    from: TimeStamp(year: 2023, month: 12, day: 31)!, step: .milliseconds(3_600_000), count: 10)

  /// Sine and cosine of 2π times a phase; two roundings of the phase apart from ours.
  private func matches(_ values: [Double], phase: Double) -> Bool {
    abs(values[0] - sin(2 * .pi * phase)) < 1e-14 && abs(values[1] - cos(2 * .pi * phase)) < 1e-14
  }

  @Test func phases() {
    // 2023-12-31 was a Sunday, day 364 of 365; 2024 has 366 days and its 1 January was a Monday.
    #expect(matches(CalendarFeature.hourOfDay.values(at: 6, of: hourly), phase: 0.25))
    #expect(matches(CalendarFeature.dayOfWeek.values(at: 12, of: hourly), phase: 6.5 / 7))
    #expect(matches(CalendarFeature.dayOfYear.values(at: 12, of: hourly), phase: 364.5 / 365))
    // Rows after the last one.
    #expect(matches(CalendarFeature.hourOfDay.values(at: 24 + 18, of: hourly), phase: 0.75))
    #expect(matches(CalendarFeature.dayOfWeek.values(at: 24, of: hourly), phase: 0))
    #expect(matches(CalendarFeature.dayOfYear.values(at: 24 + 12, of: hourly), phase: 0.5 / 366))
  }

  @Test func whatTheStepAllows() throws {
    #expect(CalendarFeature.varying(along: hourly) == [.hourOfDay, .dayOfWeek, .dayOfYear])
    let start = TimeStamp(year: 2020, month: 1, day: 1)!
    let daily = TimeAxis.regular(from: start, step: .milliseconds(86_400_000), count: 3)
    #expect(CalendarFeature.varying(along: daily) == [.dayOfWeek, .dayOfYear])
    #expect(CalendarFeature.varying(along: .regular(from: start, step: .months(1), count: 3)) == [.dayOfYear])
    #expect(CalendarFeature.varying(along: .regular(from: start, step: .months(12), count: 3)) == [])
    #expect(CalendarFeature.varying(along: .counted(3)) == [])
    let nameless = try readTable("month,day,hour,v\n1,1,1,1\n1,1,2,1\n").time
    #expect(CalendarFeature.varying(along: nameless) == [.hourOfDay, .dayOfYear])
  }

  /// A cycle that the rows do not complete is none to learn from.
  @Test func whatTheRowsComplete() {
    let hours = TimeAxis.regular(
      from: TimeStamp(year: 2023, month: 3, day: 1)!, step: .milliseconds(3_600_000), count: 20_000)
    func available(_ rows: Range<Int>) -> [CalendarFeature] {
      CalendarFeature.available(for: hours, learning: rows)
    }
    #expect(available(0..<23) == [] && available(5..<29) == [.hourOfDay])
    #expect(available(0..<167) == [.hourOfDay] && available(0..<168) == [.hourOfDay, .dayOfWeek])
    #expect(available(100..<100 + 8759) == [.hourOfDay, .dayOfWeek])
    #expect(available(100..<100 + 8760) == CalendarFeature.allCases)
    let months = TimeAxis.regular(
      from: TimeStamp(year: 2020, month: 1, day: 31)!, step: .months(1), count: 30)
    #expect(CalendarFeature.available(for: months, learning: 0..<11) == [])
    #expect(CalendarFeature.available(for: months, learning: 0..<12) == [.dayOfYear])
    #expect(CalendarFeature.available(for: .counted(3), learning: 0..<3) == [])
  }

  @Test func seasons() {
    let cases: [(TimeStep, Int?, String?)] = [
      (.milliseconds(3_600_000), 24, "same hour yesterday"),
      (.milliseconds(600_000), 144, "same time yesterday"),
      (.milliseconds(86_400_000), 7, "same weekday last week"), (.months(1), 12, "same month last year"),
      (.months(3), 4, "same season last year"), (.months(12), nil, nil), (.rows, nil, nil),
      (.milliseconds(7 * 3_600_000), nil, nil),
    ]
    for (step, rows, name) in cases {
      #expect(Season.usual(for: step)?.rows == rows)
      #expect(Season.usual(for: step)?.name == name)
    }
  }
}
