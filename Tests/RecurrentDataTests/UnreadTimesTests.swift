import Foundation
import RecurrentData
import Testing

/// Columns that look like times and are not read as such.
@Suite struct UnreadTimesTests {
  private func table(_ name: String, _ cells: [String], _ options: TableOptions = TableOptions()) throws
    -> Table
  {
    try readTable("\(name),v\n" + cells.enumerated().map { "\($1),\($0 * $0)\n" }.joined(), options)
  }

  private func stamps(_ format: String, step: Double = 3600) -> [String] {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = format
    return (0..<120).map {
      formatter.string(from: Date(timeIntervalSince1970: 1_615_334_400 + step * Double($0)))
    }
  }

  @Test(arguments: [
    "yy-MM-dd HH:mm", "dd.MM.yy", "M/d/yy h:mm a", "dd-MMM-yyyy", "d MMMM yyyy HH:mm",
    "EEE d MMM yyyy HH:mm:ss", "HH:mm", "h:mm:ss a",
  ])
  func textsInOtherNotations(_ format: String) throws {
    let table = try table("when", stamps(format))
    #expect(table.time.start == nil)
    let found = try #require(table.unreadTimes, "\(format)")
    #expect(found.column == "when" && found.example == stamps(format)[0])
    let line = found.describe()
    for text in [
      "column \"when\"", "rows are counted", "no calendar", "2021-01-02T03:04", "--time none",
      "\"\(found.example)\"",
    ] { #expect(line.contains(text), "\(line)") }
  }

  @Test(arguments: [
    ("time", ["1614556800", "1614560400"], "--time \"time\" if they are seconds"),
    ("Timestamp", ["1614556800000", "1614560400000"], "--time \"Timestamp\" if they are milliseconds"),
    ("epoch", ["1614556800.5", "1614560400.5"], "--time \"epoch\" if they are seconds"),
    ("timestamp (ns)", ["1614556800000000000", "1614560400000000000"], "write them in seconds"),
    ("date", ["20210301", "20210302"], "2021-01-02T03:04"),
    ("date_time", ["202103010000", "202103010100"], "2021-"),
    ("date", ["2021-Q1", "2021-Q2"], "2021-01-02T03:04"),
    ("time", ["", "2021-03-01"], "--time \"time\" to see"),
    ("ts", ["1614556800", "1614560400"], "--time \"ts\" if they are seconds"),
    ("date", ["45000", "45000.041667", "45000.083333"], "days since 1900"),
    ("when", ["2021030100", "2021030101", "2021030102"], "2021-01-02T03:04"),
    ("quarter", ["1900-Q1", "1900-Q2"], "2021-01-02T03:04"),
    ("w", ["2021-W09-1", "2021-W09-2"], "2021-01-02T03:04"), ("w", ["2021-W09", "2021-W10"], "2021-"),
    ("d", ["2021-074", "2021-075"], "2021-01-02T03:04"),
  ]) func columnsWhoseNameSaysSo(name: String, cells: [String], remedy: String) throws {
    let found = try #require(try table(name, cells).unreadTimes, "\(name)")
    #expect(found.column == name && found.describe().contains(remedy), "\(found.describe())")
    // What it says to do works.
    if remedy.hasPrefix("--time"), cells[0] != "" {
      let read = try table(name, cells, TableOptions(time: .columns([name])))
      #expect(read.time.step.name == "hourly" && read.unreadTimes == nil)
    }
  }

  @Test(arguments: [
    ("time", ["0", "1", "2"]), ("time", ["0.5", "0.75", "1"]), ("travel time", ["1614", "99", "7"]),
    ("code", ["1-2", "10-20", "3-4"]), ("version", ["10.13.45.1", "1.2.3.4", "1.1.1.1"]),
    ("phone", ["555-123-4567", "a", "b"]),
    ("time", ["45000", "45001"]), ("date", ["45000", "44000"]), ("date", ["45000", "50000"]),
    ("update", ["45000", "45001"]), ("id", ["2021030100", "2021030199", "2021030200"]),
    ("id", ["2021030100", "2021030102", "2021030101"]), ("id", ["20210301", "20210302", "20210303"]),
    ("order", ["2021-074", "2021-975"]), ("part", ["1234-074", "5678-075"]), ("q", ["Q1", "Q2"]),
    ("count", ["1614556800", "1614560400", "3"]), ("wind", ["NW", "SE", "cv"]),
    ("part of day", ["morning", "noon", "eve"]),
    ("time zone", ["Europe/Berlin", "Europe/Berlin", "UTC"]),
    ("mood", ["may be", "march on", "monday blues"]),
  ]) func otherColumns(name: String, cells: [String]) throws {
    #expect(try table(name, cells).unreadTimes == nil)
  }

  @Test func nothingIsSaidWhereTimesAreRead() throws {
    let cells = stamps("yy-MM-dd HH:mm")
    #expect(try table("time", cells, TableOptions(time: .none)).unreadTimes == nil)
    #expect(try table("time", stamps("yyyy-MM-dd HH:mm")).unreadTimes == nil)
    let text = "date,due\n" + (1...9).map { "2021-01-0\($0),\($0)/1/21\n" }.joined()
    #expect(try readTable(text).unreadTimes == nil)
    // A later table is read as an earlier one was.
    let reading = try table("time", cells).reading
    let text2 = "time,v\n" + cells.map { "\($0),1\n" }.joined()
    #expect(try Table(bytes: Array(text2.utf8), as: reading).unreadTimes == nil)
  }

  @Test func fractionsOfSeconds() throws {
    let read = try table("t", (0..<5).map { "2021-01-01T00:00:0\($0).250000" })
    #expect(read.time.label(at: 1) == "2021-01-01T00:00:01.250" && read.time.step == .milliseconds(1000))
    func fault(_ text: String) -> DataError? { failure(text, TableOptions()) }
    let fine = "2021-01-01T00:00:00.123456"
    let expected = DataError.time(.tooFine(text: fine), at: place(2, 1))
    #expect(fault("t,v\n\(fine),1\n2021-01-01T01:00:00.123456,2\n") == expected)
    #expect(expected.description.contains("round the times to milliseconds"))
    // Without a header, too, and in a column of clock times.
    #expect(
      fault("\(fine),1\n2021-01-01T01:00:00.123456,2\n") == .time(.tooFine(text: fine), at: place(1, 1)))
    #expect(
      fault("date,time,v\n2021-01-01,00:00:00,1\n2021-01-01,01:00:00.0001,2\n")
        == .time(.tooFine(text: "01:00:00.0001"), at: place(3, 12)))
  }

  /// Hourly and half-hourly in local time: put forward from 2 to 3, and back from 3 to 2.
  @Test(arguments: [60, 30]) func clockChanges(_ minutes: Int) throws {
    func text(_ times: [Int]) -> String {
      "t,v\n" + times.map { String(format: "2021-03-28T%02d:%02d,1\n", $0 / 60, $0 % 60) }.joined()
    }
    let before = Array(stride(from: 0, to: 120, by: minutes))
    let spring = before + stride(from: 180, to: 600, by: minutes)
    let autumn = Array(stride(from: 0, to: 180, by: minutes)) + stride(from: 120, to: 600, by: minutes)
    let forward = try #require(failure(text(spring), TableOptions()))
    #expect(
      forward.description.contains(
        "write the times in UTC if the clock was put forward here; otherwise insert"),
      "\(forward)")
    let back = try #require(failure(text(autumn), TableOptions()))
    #expect(back.description.contains("if the clock was put back here"), "\(back)")
    #expect(back.description.contains("write the times in UTC"), "\(back)")
    // A gap by day is no change of the clock.
    let gap = try #require(failure(text(spring.map { $0 + 600 }), TableOptions()))
    #expect(!gap.description.contains("UTC"), "\(gap)")
  }
}
