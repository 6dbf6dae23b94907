import Foundation
import RecurrentReports
import Testing

@Suite struct LineChartTests {
  /// A place is rounded to a tenth of a pixel of a plot some 270 pixels high.
  let pixel = 0.11

  @Test(arguments: [
    -3.0...7.0, 0...1, 0.0001...0.00013, 1e6...1.2e6, -2e-7 ... -1e-7, 99.5...100.5, 5...5, 0...0,
    1e12...3e12, -1e300...1e300,
  ]) func ticksCoverDataAndTellTheTruth(range: ClosedRange<Double>) throws {
    let (low, high) = (range.lowerBound, range.upperBound)
    let values = [low, low / 2 + high / 2, high]
    let chart = LineChart(title: "t", x: .init("x"), y: .init("y"), series: [.init("s", y: values)])
    let reading = try ChartReading(chart)
    let ticks = try reading.yTicks.map { try #require(Double($0.label), "\($0.label)") }
    #expect((3...12).contains(ticks.count), "\(ticks)")
    #expect(ticks.first! <= low && ticks.last! >= high, "\(ticks)")
    // Steps are equal, and 1, 2 or 5 times a power of ten.
    let step = ticks[1] - ticks[0]
    for (before, after) in zip(ticks, ticks.dropFirst()) {
      #expect(abs((after - before) / step - 1) < 1e-6)
    }
    let mantissa = step / pow(10, (log10(step) + 1e-9).rounded(.down))
    #expect([1, 2, 5].contains { abs($0 - mantissa) < 1e-6 }, "\(step)")
    // The points stand where the labels say.
    let points = try #require(reading.lines.first?.first)
    let perPixel = (ticks.last! - ticks.first!) / (reading.bottom - reading.top)
    for (point, value) in zip(points, values) {
      #expect(abs(try reading.yValue(point.y) - value) <= perPixel * pixel)
      #expect(point.y >= reading.top - pixel && point.y <= reading.bottom + pixel)
    }
    try checkFigure(chart)
  }

  @Test func gapsBreakTheLine() throws {
    let y: [Double] = [1, 2, .nan, 3, .infinity, 4, 5, 6, -.infinity, .nan]
    let chart = LineChart(
      title: "t", x: .init("x"), y: .init("y"), series: [.init("s", x: y.indices.map(Double.init), y: y)])
    let reading = try ChartReading(chart)
    #expect(reading.lines[0].map(\.count) == [2, 3])
    // The lone 3 is no line; its marker shows it, as it does the others.
    let markers = pathPoints(
      reading.root.all("g", class: "series")[0].all("path", class: "f0")[0].attributes["d"]!)
    #expect(markers.count == 6)
    // Without markers (more than 40 points), a lone point still gets one.
    let many = Chart.Series("s", y: (0..<50).map { $0 == 30 ? 1 : $0 < 20 ? 2 : .nan })
    let reread = try ChartReading(LineChart(title: "t", x: .init("x"), y: .init("y"), series: [many]))
    let lone = pathPoints(
      reread.root.all("g", class: "series")[0].all("path", class: "f0")[0].attributes["d"]!)
    #expect(lone.count == 1)
    #expect(reread.lines[0].map(\.count) == [20])
  }

  @Test func logarithmicAxis() throws {
    let values = [1000, 0.5, 0, -3, 0.002]
    let chart = LineChart(
      title: "t", x: .init("x"), y: .init("loss", scale: .logarithmic), series: [.init("s", y: values)])
    let reading = try ChartReading(chart)
    #expect(reading.lines[0].map(\.count) == [2])
    let ticks = try reading.yTicks.map { (value: try #require(Double($0.label)), place: $0.place) }
    #expect(ticks.first!.value <= 0.002 && ticks.last!.value >= 1000)
    // Height is proportional to the logarithm.
    let perDecade = (ticks.last!.place - ticks[0].place) / log10(ticks.last!.value / ticks[0].value)
    for tick in ticks {
      #expect(abs(ticks[0].place + perDecade * log10(tick.value / ticks[0].value) - tick.place) < 2 * pixel)
    }
    let first = reading.lines[0][0][0]
    #expect(abs(ticks[0].place + perDecade * log10(1000 / ticks[0].value) - first.y) < 2 * pixel)
  }

  @Test func thinningKeepsExtremes() throws {
    // One spike each way in 100,000 points.
    var y = [Double](repeating: 0, count: 100_000)
    y[31_415] = 50
    y[92_653] = -50
    let chart = LineChart(title: "t", x: .init("x"), y: .init("y"), series: [.init("s", y: y)])
    let reading = try ChartReading(chart)
    let points = reading.lines[0].flatMap { $0 }
    #expect(points.count < 4 * 720)
    #expect(abs(try reading.yValue(points.map(\.y).min()!) - 50) < 0.1)
    #expect(abs(try reading.yValue(points.map(\.y).max()!) + 50) < 0.1)
    #expect(chart.svg().utf8.count < 40_000)
  }

  @Test func legendMarkersAndText() throws {
    let name = "<b>&\"quoted\" 'x'\u{0}"
    let chart = LineChart(
      title: name, x: .init(name, unit: "h"), y: .init(name, unit: "°C"),
      series: (0..<30).map { .init("\(name) \($0)", y: [Double($0), 1]) },
      markers: [.init(.vertical, at: 1.5, label: name), .init(.horizontal, at: 40, label: "above")],
      bands: [.init(1.2...1.9, label: name)])
    try checkFigure(chart.escapable)
    let root = try XMLTree.parse(chart.svg())
    #expect(root.all("text", class: "lg").count == 30)
    #expect(root.all("text").contains { $0.text == "<b>&\"quoted\" 'x'\u{FFFD} (h)" })
    // Thirty series: no two share both colour and pattern.
    let looks = root.all("g", class: "series").map { group in
      let line = group.all("path", class: "l")[0]
      return line.classes.joined() + (line.attributes["stroke-dasharray"] ?? "")
    }
    #expect(Set(looks).count == 30)
    // A marker widens the range rather than fall outside.
    let labels = root.all("text", class: "ty").compactMap { Double($0.text) }
    #expect(labels.max()! >= 40)
  }

  @Test func givenRangeIsKept() throws {
    let chart = LineChart(
      title: "t", x: .init("x", range: 10...20), y: .init("y", range: 0...2),
      series: [.init("s", x: [0, 15, 30], y: [1e9, 1, -1e9])])
    let reading = try ChartReading(chart)
    #expect(reading.xTicks.allSatisfy { (10...20).contains(Double($0.label)!) })
    #expect(reading.yTicks.map(\.label).first == "0.0" || reading.yTicks.map(\.label).first == "0")
    let middle = reading.lines[0][0][1]
    #expect(abs(try reading.yValue(middle.y) - 1) < 0.02)
  }

  @Test func nothingToShow() throws {
    let charts = [
      LineChart(title: "", x: .init(""), y: .init(""), series: []),
      LineChart(title: "t", x: .init("x"), y: .init("y"), series: [.init("s", y: [.nan])]),
      LineChart(
        title: "t", x: .init("x", scale: .time), y: .init("y", scale: .logarithmic),
        series: [.init("s", y: [-1])]),
    ]
    for chart in charts {
      try checkFigure(chart)
      #expect(try XMLTree.parse(chart.svg()).all("text").contains { $0.text == "no data" })
    }
  }
}

extension LineChart {
  /// The chart with the characters that no XML may hold replaced, as they are in its SVG.
  fileprivate var escapable: LineChart {
    var copy = self
    copy.title = title.replacingOccurrences(of: "\u{0}", with: "\u{FFFD}")
    copy.x.label = x.label.replacingOccurrences(of: "\u{0}", with: "\u{FFFD}")
    copy.y.label = y.label.replacingOccurrences(of: "\u{0}", with: "\u{FFFD}")
    for index in series.indices {
      copy.series[index].name = series[index].name.replacingOccurrences(of: "\u{0}", with: "\u{FFFD}")
    }
    return copy
  }
}
