import RecurrentReports
import Testing

/// A chart read back from its SVG: where its axes are and what its tick labels say.
struct ChartReading {
  let root: XMLTree
  /// The plot area, without the margin that markers may use.
  let left: Double
  let right: Double
  let top: Double
  let bottom: Double
  /// Labels of the y axis with their height on the page.
  let yTicks: [(label: String, place: Double)]
  let xTicks: [(label: String, place: Double)]

  init(_ figure: some Figure) throws {
    root = try XMLTree.parse(figure.svg())
    let plot = try #require(root.all("svg", class: "plot").first)
    left = plot.number("x") + 5
    right = left + plot.number("width") - 10
    top = plot.number("y") + 5
    bottom = top + plot.number("height") - 10
    // Labels stand 4 pixels below their line, for the middle of the digits to be on it.
    yTicks = root.all("text", class: "ty").map { ($0.text, $0.number("y") - 4) }
    xTicks = root.all("text", class: "tx").map { ($0.text, $0.number("x")) }
  }

  /// The value at a height, by the first and last label of a linear axis.
  func yValue(_ place: Double) throws -> Double { try Self.value(place, yTicks) }

  func xValue(_ place: Double) throws -> Double { try Self.value(place, xTicks) }

  private static func value(_ place: Double, _ ticks: [(label: String, place: Double)]) throws -> Double {
    let first = try #require(ticks.first)
    let last = try #require(ticks.last)
    let low = try #require(Double(first.label))
    let high = try #require(Double(last.label))
    return low + (high - low) * (place - first.place) / (last.place - first.place)
  }

  /// The lines of the series, piece by piece.
  var lines: [[[(x: Double, y: Double)]]] {
    root.all("g", class: "series").map { group in
      group.all("path", class: "l").flatMap { pathPoints($0.attributes["d"] ?? "") }
    }
  }
}

/// What must hold for every figure alone and in a page.
func checkFigure(_ figure: some Figure, sourceLocation: SourceLocation = #_sourceLocation) throws {
  #expect(figure.svg() == figure.svg(), sourceLocation: sourceLocation)
  for use in [SVGUse.standalone, .embedded] {
    let text = figure.svg(use)
    let root = try XMLTree.parse(text)
    #expect(root.name == "svg" && root.attributes["role"] == "img", sourceLocation: sourceLocation)
    #expect(root.attributes["aria-label"] == figure.title, sourceLocation: sourceLocation)
    #expect(root.first("title")?.text == figure.title, sourceLocation: sourceLocation)
    #expect(root.first("desc")?.text == figure.summary, sourceLocation: sourceLocation)
    #expect(root.all("style").count == (use == .standalone ? 1 : 0), sourceLocation: sourceLocation)
    #expect(root.all.allSatisfy { $0.attributes["id"] == nil }, sourceLocation: sourceLocation)
    #expect(!text.contains("nan") && !text.contains("inf\""), sourceLocation: sourceLocation)
    let (width, height) = (root.number("width"), root.number("height"))
    #expect(width <= 720.5 && height > 0, sourceLocation: sourceLocation)
    for label in root.all("text") {
      let place = (label.number("x"), label.number("y"))
      #expect(
        (0...width).contains(place.0) && (0...height).contains(place.1), "\(label.text)",
        sourceLocation: sourceLocation)
    }
  }
}
