import Foundation
import RecurrentData
import Testing

/// Times as other programs write them. Foundation's formatters are the oracle.
@Suite struct DateNotationTests {
  private func table(_ stamps: [String], _ options: TableOptions = TableOptions()) throws -> Table {
    try readTable("t,v\n" + stamps.map { "\($0),1\n" }.joined(), options)
  }

  private func fault(_ stamps: [String], _ options: TableOptions = TableOptions()) -> DataError? {
    failure("t,v\n" + stamps.map { "\($0),1\n" }.joined(), options)
  }

  private static func formatter(_ format: String) -> DateFormatter {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = format
    return formatter
  }

  @Test(arguments: [
    "yyyy-MM-dd HH:mm:ss", "yyyy/MM/dd HH:mm", "yyyy-M-d H:mm", "yyyy.MM.dd HH:mm", "dd/MM/yyyy HH:mm",
    "MM/dd/yyyy HH:mm", "M/d/yyyy H:mm", "d.M.yyyy HH:mm:ss", "dd-MM-yyyy HH:mm", "M/d/yyyy h:mm a",
    "MM/dd/yyyy hh:mm:ss a", "dd/MM/yyyy'T'HH:mm:ss.SSS",
  ]) func everyNotationIsTheSameTime(_ format: String) throws {
    let formatter = Self.formatter(format)
    // From 10 March 2021: the days pass 12.
    for step: Double in [3600, 7 * 3600, 86_400] {
      let dates = (0..<120).map { Date(timeIntervalSince1970: 1_615_334_400 + step * Double($0)) }
      let table = try table(dates.map(formatter.string(from:)))
      #expect(table.time.start?.milliseconds == 1_615_334_400_000, "\(format)")
      #expect(table.time.step == .milliseconds(Int64(step * 1000)), "\(format)")
      let other = format.hasPrefix("yyyy") ? 0 : 1
      #expect(table.time.remarks.count == other, "\(table.time.remarks)")
    }
  }

  @Test func theOrderIsFoundAndSaid() throws {
    let dayFirst = try table(["12/01/2021", "13/01/2021", "14/01/2021"])
    #expect(dayFirst.time.label(at: 0) == "2021-01-12T00:00" && dayFirst.time.step.name == "daily")
    #expect(dayFirst.time.remarks == ["dates are day-month-year, as \"13/01/2021\" shows"])
    let monthFirst = try table(["01/12/2021", "01/13/2021", "01/14/2021"])
    #expect(monthFirst.time.label(at: 2) == "2021-01-14T00:00")
    #expect(monthFirst.reading.dateOrder == .monthDayYear)
    // A first row of dates is no header.
    #expect(try readTable("13/01/2021,1\n14/01/2021,2\n").rowCount == 2)
  }

  @Test func theOrderIsAskedForWhereNoRowTells() throws {
    let dates = ["01/02/2021", "01/03/2021", "01/04/2021"]
    let expected = DataError.time(.ambiguousDateOrder(text: "01/02/2021"), at: place(2, 1))
    #expect(fault(dates) == expected && expected.description.contains("--date-order day-month-year"))
    #expect(try table(dates, TableOptions(dateOrder: .dayMonthYear)).time.step == .months(1))
    #expect(try table(dates, TableOptions(dateOrder: .monthDayYear)).time.step.name == "daily")
    #expect(
      try table(dates, TableOptions(dateOrder: .monthDayYear)).time.remarks == ["dates are month-day-year"])
    // As an earlier file had it.
    let reading = try table(["13/02/2021", "14/02/2021"]).reading
    let text = Array(("t,v\n" + dates.map { "\($0),1\n" }.joined()).utf8)
    #expect(try Table(bytes: text, as: reading).time.step == .months(1))
  }

  @Test func ordersThatContradict() {
    #expect(
      fault(["01/02/2021", "13/02/2021", "02/14/2021"])
        == .time(.mixedDateOrders(dayFirst: "13/02/2021", monthFirst: "02/14/2021"), at: place(4, 1)))
    for (dates, order, line) in [
      (["13/02/2021", "14/02/2021"], DateOrder.monthDayYear, 2),
      (["01/02/2021", "2021-02-02"], .dayMonthYear, 3),
      (["01/02/2021", "31/02/2021"], .dayMonthYear, 3), (["01/02/2021", "02/02/21"], .dayMonthYear, 3),
      (["2021-02-01", "02/02/2021"], .yearMonthDay, 3), (["2021-02-01", "2021/02-02"], .yearMonthDay, 3),
    ] {
      guard case .time(.unreadable(let text, _), let found) = fault(dates, TableOptions(dateOrder: order))
      else {
        Issue.record("\(dates) was read")
        continue
      }
      #expect(text == dates[line - 2] && found == place(line, 1))
    }
  }

  @Test func months() throws {
    for months in [["2020-11", "2020-12", "2021-01"], ["2020/11", "2020/12", "2021/01"]] {
      let axis = try table(months).time
      #expect(axis.step == .months(1) && axis.label(at: 3) == "2021-02-01T00:00")
    }
    // Codes that look like months for a while are none.
    #expect(try table(["1200-05", "1200-06", "1200-77"]).time == .counted(3))
    #expect(try table(["2020.11", "2020.12"]).time == .counted(2))
  }

  @Test func countsFrom1970() throws {
    let options = TableOptions(time: .columns(["t"]))
    let seconds = (0..<5).map { 1_614_556_800 + 600 * $0 }
    let table = try table(seconds.map(String.init), options)
    #expect(table.time.label(at: 5) == "2021-03-01T00:50" && table.time.step.name == "every 10 min")
    #expect(table.time.remarks == ["times are seconds since 1970 in UTC"] && table.columns[0].values == .time)
    let milliseconds = try self.table(seconds.map { "\($0)250" }, options).time
    #expect(milliseconds.start?.milliseconds == 1_614_556_800_250 && milliseconds.step == table.time.step)
    let decimals = try self.table(seconds.map { "\($0).250" }, options).time
    #expect(decimals.start == milliseconds.start && decimals.step == table.time.step)
    let before = try self.table((0..<3).map { "\(-200_000_000 + 86_400 * $0)" }, options).time
    #expect(before.start?.milliseconds == -200_000_000_000 && before.step.name == "daily")
    // Not by itself: a number is no time.
    #expect(try self.table(seconds.map(String.init)).time == .counted(5))
    #expect(
      try Table(bytes: Array("t,v\n1614556800,1\n1614560400,2\n".utf8), as: table.reading).time.step.name
        == "hourly")
  }

  @Test(arguments: [
    (["2019", "2020"], 2), (["1614556800", "soon"], 3), (["1614556800", "1614556800000"], 3),
    (["1614556800000", "1614556800000.5"], 3), (["1614556800.00025", "1614556801"], 2),
    (["1614556800", "NA"], 3), (["1614556800", "-1e30"], 3),
  ]) func countsThatAreRefused(_ cells: [String], line: Int) {
    guard case .time(.unreadable(let text, _), let found) = fault(cells, TableOptions(time: .columns(["t"])))
    else {
      Issue.record("\(cells) was read")
      return
    }
    #expect(text == cells[line - 2] && found == place(line, 1))
  }

  @Test func aNamedColumnThatHoldsNoTimes() {
    guard
      case .time(.unreadable(let text, let expectation), let found)? = failure(
        "t,v\n2020-01-01,warm\n", TableOptions(time: .columns(["v"])))
    else {
      Issue.record("was read")
      return
    }
    #expect(text == "warm" && found == place(2, 12) && expectation.contains("31/12/2014"))
  }
}
