import Foundation
import RecurrentReports
import Testing

@Suite struct TimeAxisTests {
  /// Spans from minutes to centuries, across leap days, centuries and 1970; the labels against Foundation's calendar.
  @Test(arguments: [90.0, 3600, 20_000, 86_400, 300_000, 900_000, 5e6, 4e7, 4e8, 8e9])
  func labelsAreTheCalendars(span: Double) throws {
    for start in [-2_203_891_200.0, -40_000, 0, 951_700_000, 1_393_632_000, 4_107_500_000] {
      let x = (0...10).map { start + span * Double($0) / 10 }
      let chart = LineChart(
        title: "t", x: .init("time", scale: .time), y: .init("y"),
        series: [.init("s", x: x, y: x.map { _ in 1 })])
      let reading = try ChartReading(chart)
      #expect((2...14).contains(reading.xTicks.count), "\(span) \(start) \(reading.xTicks)")
      var calendar = Calendar(identifier: .gregorian)
      calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
      for tick in reading.xTicks {
        let share = (tick.place - reading.left) / (reading.right - reading.left)
        // The place is rounded to 0.05 pixels of more than 600, and a label tells at least a thousandth of the span.
        let slack = span * 0.06 / 600
        let seconds = start + span * share
        let near = [seconds - slack, seconds + slack, seconds.rounded()].map {
          label($0, like: tick.label, calendar)
        }
        #expect(near.contains(tick.label), "\(tick.label) at \(seconds): \(near)")
      }
    }
  }

  /// What Foundation would write at that second in the form of the label.
  private func label(_ seconds: Double, like label: String, _ calendar: Calendar) -> String {
    let parts = calendar.dateComponents(
      [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: seconds))
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let month = months[parts.month! - 1]
    func two(_ value: Int?) -> String { value! < 10 ? "0\(value!)" : "\(value!)" }
    // The label's form: n for a number, m for a month.
    let form = label.split(whereSeparator: { $0 == ":" || $0 == " " }).map { Int($0) == nil ? "m" : "n" }
      .joined()
    switch form {
    case "nnn": return "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))"
    case "nn": return "\(two(parts.hour)):\(two(parts.minute))"
    case "nm": return "\(parts.day!) \(month)"
    case "mn": return "\(month) \(parts.year!)"
    default: return "\(parts.year!)"
    }
  }

  /// Ticks at the same places as with years, and no year in any text, for spans up to three years.
  @Test(arguments: [3600.0, 86_400, 900_000, 5e6, 4e7, 9e7]) func aClockWithoutYearsNamesNone(span: Double)
    throws
  {
    // 2001 in seconds since 1970, the year that stands for none.
    let x = (0...10).map { 978_307_200 + span * Double($0) / 10 }
    func reading(_ scale: Chart.Axis.Scale) throws -> ChartReading {
      try ChartReading(
        LineChart(
          title: "t", x: .init("when", scale: scale), y: .init("y", range: 0...1),
          series: [.init("s", x: x, y: x.map { _ in 1 })]))
    }
    let (dated, yearless) = try (reading(.time), reading(.yearlessTime))
    #expect(yearless.xTicks.count >= 2)
    // Shorter labels may leave room for more ticks.
    #expect(yearless.xTicks.count >= dated.xTicks.count)
    for text in yearless.root.all("text").map(\.text) { #expect(!text.contains("200"), "\(text)") }
    #expect(yearless.root.all("text").contains { $0.text == "when" })
  }

  @Test func yearStandsInTheAxisLabel() throws {
    let day = 86_400.0
    let x = (0...10).map { 1_388_000_000 + Double($0) * day }
    let chart = LineChart(
      title: "t", x: .init("time", scale: .time), y: .init("y"), series: [.init("s", x: x, y: x)])
    let texts = try ChartReading(chart).root.all("text").map(\.text)
    #expect(texts.contains("time, 2013–2014"))
  }
}
