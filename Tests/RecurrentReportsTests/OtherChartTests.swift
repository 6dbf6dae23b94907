import Foundation
import RecurrentReports
import Testing

@Suite struct OtherChartTests {
  /// Even numbers from a linear congruential generator: any will do.
  func noise(_ count: Int) -> [Double] {
    var state: UInt64 = 7
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
  }

  @Test(arguments: [5, 300, 301, 5000]) func scatterPointsStandWhereTheyShould(count: Int) throws {
    let x = noise(count).map { 10 * $0 - 5 }
    let y = zip(x, noise(count)).map { $0 + $1 }
    let chart = ScatterChart(
      title: "t", x: .init("truth"), y: .init("prediction"), series: [.init("s", x: x + [.nan], y: y + [1])],
      hasDiagonal: true)
    try checkFigure(chart)
    let reading = try ChartReading(chart)
    #expect(reading.xTicks.map(\.label) == reading.yTicks.map(\.label))
    #expect(abs((reading.right - reading.left) - (reading.bottom - reading.top)) < 0.2)
    let diagonal = pathPoints(reading.root.all("path", class: "diagonal")[0].attributes["d"]!)[0]
    for end in diagonal { #expect(abs(try reading.xValue(end.x) - reading.yValue(end.y)) < 0.01) }
    let paths = reading.root.all("g", class: "series")[0].all("path")
    let points = paths.flatMap { pathPoints($0.attributes["d"] ?? "") }.map { $0[0] }
    #expect(points.count <= count && points.count > count * 9 / 10)
    for point in points {
      #expect(point.x >= reading.left - 4 && point.x <= reading.right + 4)
      #expect(point.y >= reading.top - 4 && point.y <= reading.bottom + 4)
    }
    // Dots are drawn at their place; each must be one of the data, to a tenth of a pixel of about 50 a unit.
    guard count > 300 else { return }
    for point in points.prefix(50) {
      let found = (try reading.xValue(point.x), try reading.yValue(point.y))
      #expect(zip(x, y).contains { abs($0 - found.0) < 0.01 && abs($1 - found.1) < 0.01 })
    }
  }

  @Test(arguments: [1, 10, 1000]) func histogramCountsAll(count: Int) throws {
    let values = noise(count).map { 8 * $0 * $0 - 3 }
    let chart = Histogram(title: "t", x: .init("residual"), values: values + [.nan, .infinity])
    try checkFigure(chart)
    let bins = chart.bins
    #expect(bins.reduce(0) { $0 + $1.count } == count)
    for (index, bin) in bins.enumerated() {
      let isLast = index == bins.count - 1
      #expect(
        bin.count == values.filter { $0 >= bin.low && ($0 < bin.high || isLast && $0 == bin.high) }.count)
    }
    for (bin, next) in zip(bins, bins.dropFirst()) { #expect(bin.high == next.low) }
    #expect(chart.summary.contains("2 values were not finite"))
    // The bars' areas are to one another as the counts.
    let reading = try ChartReading(chart)
    let bars = reading.root.all("rect", class: "bar")
    #expect(bars.count == bins.filter { $0.count > 0 }.count)
    for (bar, bin) in zip(bars, bins.filter { $0.count > 0 }) {
      let height = try reading.yValue(reading.bottom) - reading.yValue(bar.number("y"))
      #expect(abs(-height - Double(bin.count)) < Double(count) * 0.002 + 0.002)
    }
  }

  @Test func histogramOfOneValueAndOfNone() throws {
    let one = Histogram(title: "t", x: .init("x"), values: [3, 3, 3])
    try checkFigure(one)
    #expect(one.bins.reduce(0) { $0 + $1.count } == 3)
    let none = Histogram(title: "t", x: .init("x"), values: [.nan])
    try checkFigure(none)
    #expect(none.bins.isEmpty && none.summary.hasSuffix("no data."))
  }

  @Test func barsReachTheirValues() throws {
    let chart = BarChart(
      title: "t", categoryLabel: "hours ahead", categories: ["1", "2", "4"], y: .init("error"),
      series: [.init("model", [1, 2.5, -1]), .init("last value", [2, .nan, 4])])
    try checkFigure(chart)
    let reading = try ChartReading(chart)
    let legend = 2
    let bars = reading.root.all("rect", class: "bar").dropFirst(legend)
    let values = [1, 2.5, -1, 2, 4]
    #expect(bars.count == values.count)
    for (bar, value) in zip(bars, values) {
      let top = try reading.yValue(bar.number("y"))
      let bottom = try reading.yValue(bar.number("y") + bar.number("height"))
      // A fiftieth: two tenths of a pixel of some 270 for six units.
      #expect(abs(top - max(0, value)) < 0.02 && abs(bottom - min(0, value)) < 0.02)
      #expect(bar.number("x") >= reading.left && bar.number("x") + bar.number("width") <= reading.right + 0.1)
    }
    // Values are written on all bars.
    #expect(reading.root.all("text", class: "v").map(\.text) == ["1.00", "2.50", "-1.00", "2.00", "4.00"])
    // The second series is hatched, not only of another colour; its strokes stay in their bar.
    let strokes = reading.root.all("svg", class: "plot")[0].all("path", class: "k1")
    #expect(strokes.count == 2)
    for (bar, stroke) in zip(bars.suffix(2), strokes) {
      for point in pathPoints(stroke.attributes["d"]!).flatMap({ $0 }) {
        #expect(point.x >= bar.number("x") - 0.11 && point.x <= bar.number("x") + bar.number("width") + 0.11)
        #expect(point.y >= bar.number("y") - 0.11 && point.y <= bar.number("y") + bar.number("height") + 0.11)
      }
    }
  }

  @Test func manyLongNames() throws {
    let chart = BarChart(
      title: String(repeating: "long title ", count: 30), categoryLabel: "",
      categories: (0..<200).map { "category number \($0)" },
      y: .init("gain"), series: [.init("", noise(200))])
    try checkFigure(chart)
    let named = try ChartReading(chart).root.all("text").filter {
      $0.attributes["transform"]?.hasPrefix("rotate(-40") == true
    }
    #expect(named.count >= 20 && named.count <= 50)
    #expect(Set(named.map(\.text)).count == named.count)
  }
}
