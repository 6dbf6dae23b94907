import Foundation
import RecurrentData
import Testing

/// Dates in one column, clock times in another.
@Suite struct DateAndClockTests {
  @Test func areJoinedAndSaid() throws {
    let table = try readTable(
      "Date,Time,v\n10/03/2004,22.00.00,1\n10/03/2004,23.00.00,2\n11/03/2004,00.00.00,3\n",
      TableOptions(dateOrder: .dayMonthYear))
    #expect(table.time.columns == ["Date", "Time"] && table.time.step.name == "hourly")
    #expect(table.time.label(at: 2) == "2004-03-11T00:00")
    #expect(
      table.time.remarks == ["dates are day-month-year", "times are \"Date\" and \"Time\" together"])
    #expect(table.columns[0].values == .time && table.columns[1].values == .time)
    #expect(
      table.reading
        == TableReading(
          kinds: ["v": .numeric], time: ["Date", "Time"], dateOrder: .dayMonthYear, clock: .local))
    // By that alone, whatever else the later file has.
    let later = Array("at,Date,Time,v\n01:00,05/04/2004,07:30,1\n02:00,05/04/2004,08:30,2\n".utf8)
    #expect(try Table(bytes: later, as: table.reading).time.label(at: 0) == "2004-04-05T07:30")
  }

  @Test func anyNameWhereDatesComeMoreThanOnce() throws {
    let table = try readTable(
      "v,tag,uhr\n1,2021-01-01,9:00 PM\n2,2021-01-01,9:30 PM\n3,2021-01-01,10:00 PM\n")
    #expect(table.time.columns == ["tag", "uhr"] && table.time.label(at: 3) == "2021-01-01T22:30")
    // A sunrise beside each date is a quantity.
    let sunrise = try readTable("day,sunrise,v\n2021-01-01,08:12,1\n2021-01-02,08:11,2\n2021-01-03,08:11,2\n")
    #expect(sunrise.time.columns == ["day"] && sunrise.time.step.name == "daily")
  }

  @Test func canBeNamedInEitherOrder() throws {
    let text = "a,b,v\n12:00,2021-01-01,1\n12:00,2021-01-02,2\n"
    for names in [["a", "b"], ["b", "a"]] {
      let axis = try readTable(text, TableOptions(time: .columns(names))).time
      #expect(axis.columns == ["b", "a"] && axis.label(at: 2) == "2021-01-03T12:00")
    }
  }

  @Test func whatIsWrongIsNamed() {
    let clock = DataError.time(
      .unreadable(text: "noon", expectation: "a clock's time such as 23:00 or 23:00:00"), at: place(3, 12))
    #expect(failure("date,time,v\n2021-01-01,11:00,1\n2021-01-01,noon,2\n") == clock)
    guard
      case .time(.unreadable("2021-01-32 12:00", _), place(3, 1))? = failure(
        "date,time,v\n2021-01-01,11:00,1\n2021-01-32,12:00,2\n")
    else {
      Issue.record("a date that does not exist was read, or something else was named")
      return
    }
    let same = ["date", "date"]
    #expect(
      failure("date,v\n2021-01-01,1\n", TableOptions(time: .columns(same)))
        == .time(.incomplete(columns: same), at: DataError.Place("t.csv")))
  }

  /// A column of whole times keeps its name's meaning even where it is called like a part.
  @Test func wholeTimesInAColumnCalledDay() throws {
    let text = "day,v\n2021-01-01,1\n2021-01-02,2\n"
    #expect(try readTable(text, TableOptions(time: .columns(["day"]))).time.step.name == "daily")
    let table = try readTable(text)
    #expect(try Table(bytes: Array(text.utf8), as: table.reading).time == table.time)
  }
}
