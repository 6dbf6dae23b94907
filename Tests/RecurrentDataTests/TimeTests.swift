import Foundation
import RecurrentData
import Testing

@Suite struct TimeTests {
  /// Rows out of order leave gaps, too; what to do is to sort them.
  @Test func orderComesBeforeGaps() {
    func fault(_ days: [Int], fill: GapPolicy = .refuse) -> DataError? {
      failure(
        "t,v\n" + days.map { "2021-01-\($0 < 10 ? "0" : "")\($0),1\n" }.joined(), TableOptions(fillRows: fill)
      )
    }
    let expected = DataError.time(
      .backwards(stamp: "2021-01-05T00:00", previous: "2021-01-12T00:00", count: 1), at: place(6, 1))
    for policy in [GapPolicy.refuse, .previous] {
      #expect(fault([1, 2, 11, 12, 5, 6, 7, 8], fill: policy) == expected)
    }
    #expect(fault([1, 2, 5, 6, 7])?.description.contains("2 rows missing") == true)
  }

  @Test func oneRowHasATime() throws {
    let lines = try readTable("time,v\n2021-01-05T06:00,1\n").summary.describe().split(separator: "\n")
    #expect(lines[0] == "t.csv: 1 row at 2021-01-05T06:00 (times from time)")
  }

  private func axis(_ stamps: [String]) throws -> TimeAxis {
    try readTable("t,v\n" + stamps.map { "\($0),1\n" }.joined()).time
  }

  private func fault(_ stamps: [String]) -> DataError? {
    failure("t,v\n" + stamps.map { "\($0),1\n" }.joined())
  }

  @Test func datesAgreeWithFoundation() {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(secondsFromGMT: 0)!
    var generator = TestGenerator(state: 3)
    // From 1583, the first whole year of the Gregorian calendar, where Foundation's begins too.
    for _ in 0..<2000 {
      let seconds = Int64.random(in: -12_212_553_600...16_725_225_600, using: &generator)
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second, .weekday],
        from: Date(timeIntervalSince1970: Double(seconds)))
      let stamp = TimeStamp(
        year: parts.year!, month: parts.month!, day: parts.day!, hour: parts.hour!, minute: parts.minute!,
        second: parts.second!)
      #expect(stamp?.milliseconds == seconds * 1000)
      #expect(
        stamp?.date.day == parts.day && stamp?.date.month == parts.month && stamp?.date.year == parts.year)
    }
    #expect(TimeStamp(year: 2023, month: 2, day: 29) == nil)
    #expect(TimeStamp(year: 1900, month: 2, day: 29) == nil)
    #expect(TimeStamp(year: 2000, month: 2, day: 29) != nil)
  }

  @Test func formsOfISO8601() throws {
    for (first, second) in [
      ("2020-02-28", "2020-02-29"), ("2020-02-28T05:30", "2020-02-29T05:30"),
      ("2020-02-28 23:00:07", "2020-02-29 23:00:07"),
      ("2020-02-28T24:00", "2020-03-01T00:00"), ("2020-02-28T00:00:00.250", "2020-02-29T00:00:00.25"),
      ("2020-02-28T00:00Z", "2020-02-29T02:00+02:00"), ("2020-02-28T00:00-01", "2020-02-28T23:00-0200"),
    ] {
      #expect(try axis([first, second]).step == .milliseconds(86_400_000), "\(first)")
    }
    #expect(
      try axis(["2020-01-01T00:00Z", "2020-01-01T02:00+01:00"]).remarks == [
        "times with an offset were converted to UTC"
      ])
  }

  @Test(arguments: [
    "2020-13-01", "2020-02-30", "2020-01-01T25:00", "2020-01-01T00:60", "2020-01-01T00", "2020-1-001",
    "01/02/2020", "soon",
    "2020-01-01T00:00x", "",
  ])
  func whatIsNoTime(_ text: String) {
    let expected = TimeFault.unreadable(
      text: text, expectation: "ISO 8601 such as 2014-12-31, 2014-12-31T23:00 or 2014-12-31 23:00:00+01:00")
    #expect(fault(["2020-01-01", text]) == .time(expected, at: place(3, 1)))
  }

  @Test func stepsHaveNames() throws {
    let cases: [([String], String)] = [
      (["2020-01-01T00:00", "2020-01-01T00:10"], "every 10 min"), (["2020-01-01", "2020-01-08"], "weekly"),
      (["2020-01-31", "2020-02-29", "2020-03-31"], "monthly"), (["2020-11-01", "2021-02-01"], "quarterly"),
      (["2019-05-01", "2020-05-01", "2021-05-01"], "yearly"),
      (["2020-01-01T00:00", "2020-01-01T06:00"], "every 6 h"),
    ]
    for (stamps, name) in cases { #expect(try axis(stamps).step.name == name) }
    #expect(TimeStep.milliseconds(3_600_000).duration(24) == "24 h")
    #expect(TimeStep.milliseconds(3_600_000).duration(48) == "2 d")
    #expect(TimeStep.months(1).duration(24) == "2 years")
    #expect(TimeStep.rows.duration(1) == "1 row")
  }

  @Test func irregularTimesAreErrors() {
    let day = { (number: Int) in "2020-01-0\(number)" }
    let stamp = { (number: Int) in "2020-01-0\(number)T00:00" }
    #expect(
      fault([day(1), day(2), day(2), day(3), day(4)])
        == .time(.duplicate(stamp: stamp(2), count: 1), at: place(4, 1)))
    #expect(
      fault([day(1), day(2), day(3), day(2), day(3)])
        == .time(.backwards(stamp: stamp(2), previous: stamp(3), count: 1), at: place(5, 1)))
    #expect(
      fault([day(1), day(2), day(3), day(6), day(8)])
        == .time(
          .gap(stamp: stamp(6), previous: stamp(3), expected: stamp(4), missingRows: 2, count: 2),
          at: place(5, 1)))
    #expect(
      fault([day(1), day(2), day(3), "2020-01-03T07:00"])
        == .time(.irregular(stamp: "2020-01-03T07:00", expected: stamp(4), count: 1), at: place(5, 1)))
    #expect(
      fault(["2020-01-05", "2020-01-04", "2020-01-03"])
        == .time(.backwards(stamp: stamp(4), previous: stamp(5), count: 2), at: place(3, 1)))
    #expect(fault(["2020-01-01T00:00Z", "2020-01-01T01:00"]) == .time(.mixedOffsets, at: place(3, 1)))
  }

  @Test func columnsForEachPart() throws {
    let table = try readTable("year,month,day,hour,v\n2012,2,28,23,1\n2012,2,29,0,2\n")
    #expect(table.time.step == .milliseconds(3_600_000))
    #expect(table.time.label(at: 2) == "2012-02-29T01:00")
    #expect(table.columns[0].values == .time && table.columns[4].numbers == [1, 2])
    let monthly = try readTable("Year,Month,v\n2019,12,1\n2020,1,2\n")
    #expect(monthly.time.step == .months(1) && monthly.time.label(at: 2) == "2020-02-01T00:00")
    let renamed = try readTable(
      "jahr,v\n2019,1\n2020,2\n", TableOptions(time: TimeChoice(parsing: "year=jahr")))
    #expect(renamed.time.step.name == "yearly")
  }

  @Test func hoursThatEndAndYearsWithoutName() throws {
    let table = try readTable("month,day,hour,v\n12,31,23,1\n12,31,24,2\n1,1,1,3\n")
    #expect(table.time.step.name == "hourly" && !table.time.hasYear)
    #expect((0..<3).map { table.time.label(at: $0) } == ["12-31T23:00", "01-01T00:00", "01-01T01:00"])
    #expect(failure("month,day,hour,v\n1,1,0,1\n1,1,24,2\n") == .time(.mixedHours, at: place(3, 5)))
    let leap = failure("month,day,v\n2,28,1\n2,29,2\n")
    let expected = TimeFault.unreadable(
      text: "month 2, day 29", expectation: "a year column where there is a 29 February")
    #expect(leap == .time(expected, at: place(3, 1)))
  }

  @Test func timesCanBeIgnoredOrNamed() throws {
    let text = "t,v\n2020-01-01,1\n2020-01-05,2\n2020-01-06,2\n"
    #expect(failure(text) != nil)
    let counted = try readTable(text, TableOptions(time: .none))
    #expect(counted.time == .counted(3) && counted.time.label(at: 5) == "5")
    let both = try readTable("month,day,when,v\n1,1,2020-01-01,1\n1,2,2020-01-02,2\n")
    #expect(both.time.columns == ["when"] && both.columns[0].numbers == [1, 1])
    let named = try readTable(
      "a,t\n2020-01-01,2020-01-01\n2020-02-09,2020-01-02\n", TableOptions(time: .columns(["t"])))
    #expect(named.time.step.name == "daily")
    let unknown = failure(text, TableOptions(time: .columns(["tt"])))
    #expect(
      unknown
        == .column(.unknown(name: "tt", nearest: "t", available: ["t", "v"]), at: DataError.Place("t.csv")))
    let incomplete = failure("year,hour,v\n2020,1,1\n", TableOptions(time: .columns(["year", "hour"])))
    #expect(incomplete == .time(.incomplete(columns: ["year", "hour"]), at: DataError.Place("t.csv")))
    for choice in [TimeChoice.automatic, .none, .columns(["year", "month=m"])] {
      let data = try JSONEncoder().encode([choice])
      #expect(try JSONDecoder().decode([TimeChoice].self, from: data) == [choice])
    }
  }

  /// Any step between the stamps of a file can be reckoned with over its rows; a made-up one cannot overflow.
  @Test func stepsThatCanBeReckonedWith() {
    let rows = 3 << 20
    for step in [.rows, .milliseconds(1), .milliseconds(86_400_000)] as [TimeStep] {
      #expect(step.isUsable(over: rows))
    }
    for step in [.milliseconds(0), .milliseconds(-1), .milliseconds(.max), .months(0), .months(.max)]
      as [TimeStep]
    {
      #expect(!step.isUsable(over: 1))
    }
    // Two rows at both ends of the calendar.
    #expect(TimeStep.milliseconds(20_000 * 366 * 86_400_000).isUsable(over: 2))
    #expect(TimeStep.months(20_000 * 12).isUsable(over: 2))
    #expect(!TimeStep.milliseconds(1 << 40).isUsable(over: rows))
  }
}
