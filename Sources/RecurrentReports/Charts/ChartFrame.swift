/// The plot area of a chart with everything around it: title, legend, axes, grid.
struct ChartFrame {
  struct LegendEntry {
    let name: String
    let look: SeriesLook
    let symbol: Symbol

    enum Symbol { case line, marker, lineAndMarker, bar }
  }

  /// The horizontal axis: a range of numbers, or names side by side.
  enum Horizontal {
    case numeric(Chart.Axis, data: ClosedRange<Double>?, extends: Bool)
    case named(label: String, categories: [String])
  }

  let width: Double
  let height: Double
  let plot: Rectangle
  let x: PlotScale
  let y: PlotScale
  private let furniture: [Element]

  struct Rectangle: Hashable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double
    var width: Double { right - left }
    var height: Double { bottom - top }
  }

  /// - Parameters:
  ///   - isSquare: Whether the plot area is made as wide as high.
  init(
    title: String, legend: [LegendEntry], horizontal: Horizontal, vertical: Chart.Axis,
    verticalData: ClosedRange<Double>?, isEmpty: Bool, isSquare: Bool = false
  ) {
    let fullWidth = isSquare ? 540.0 : 720
    let yTicks = Self.ticks(vertical, data: verticalData, count: isSquare ? 7 : 5, extends: true)
    let labelWidth = yTicks.ticks.map { textWidth($0.label) }.max() ?? 0
    let right = fullWidth - Self.rightMargin(horizontal, width: fullWidth, count: isSquare ? 7 : 8)
    let left = Self.leftEdge(14 + (vertical.text.isEmpty ? 0 : 20) + labelWidth + 8, horizontal, right: right)
    let (legendRows, legendElements) = Self.legend(
      legend, left: left, right: right, top: title.isEmpty ? 18 : 48)
    var top = title.isEmpty ? 16.0 : legendRows == 0 ? 48 : 40
    if legendRows > 0 { top += Double(legendRows) * 20 + 4 }

    let (xTicks, names, xLabel) = Self.resolve(horizontal, width: right - left, count: isSquare ? 7 : 8)
    let slanted = Self.isSlanted(names, width: right - left)
    let plotHeight = isSquare ? right - left : 270
    let bottom = top + plotHeight
    let nameHeight =
      slanted ? (names.map { textWidth(Self.slantedName($0)) }.max() ?? 0) * Self.slant.sine + 22 : 24
    let labelHeight = xLabel.isEmpty ? 6.0 : 26

    width = fullWidth
    height = bottom + nameHeight + labelHeight
    plot = Rectangle(left: left, top: top, right: right, bottom: bottom)
    x = PlotScale(xTicks.range, isLogarithmic: Self.isLogarithmic(horizontal), from: left, to: right)
    y = PlotScale(yTicks.range, isLogarithmic: vertical.scale == .logarithmic, from: bottom, to: top)

    var elements: [Element] = []
    if !title.isEmpty {
      let shown = shortened(title, to: fullWidth - 28, size: 15)
      elements.append(Element("text", ["class": "h", "x": "14", "y": "24"], text: shown))
    }
    elements += legendElements
    elements += Self.verticalAxis(yTicks.ticks, vertical.text, plot: plot, scale: y)
    if case .numeric(_, _, let extends) = horizontal {
      elements += Self.horizontalAxis(xTicks.ticks, plot: plot, scale: x, showsGrid: extends)
    }
    elements += Self.nameLabels(names, slanted: slanted, plot: plot)
    if !xLabel.isEmpty {
      elements.append(
        Element(
          "text",
          ["x": pixels((left + right) / 2), "y": pixels(height - 9), "text-anchor": "middle"], text: xLabel))
    }
    if isEmpty {
      let place = ("\(pixels((left + right) / 2))", "\(pixels((top + bottom) / 2))")
      elements.append(
        Element("text", ["class": "m", "x": place.0, "y": place.1, "text-anchor": "middle"], text: "no data"))
    }
    furniture = elements
  }

  /// The SVG of a figure: shaded bands below the frame's furniture, the drawing above it.
  func svg(_ figure: some Figure, _ use: SVGUse, below: [Element] = [], _ content: [Element]) -> String {
    figure.svgRoot(width: width, height: height, use, below + furniture + [clipped(content)])
  }

  /// The content cut at the plot area's edge by a nested drawing, which unlike a clip path needs no identifier.
  private func clipped(_ content: [Element]) -> Element {
    // Half a marker more on each side, so that nothing that belongs to the plot is cut.
    let margin = 5.0
    let box = [
      pixels(plot.left - margin), pixels(plot.top - margin), pixels(plot.width + 2 * margin),
      pixels(plot.height + 2 * margin),
    ]
    return Element(
      "svg",
      [
        "class": "plot", "x": box[0], "y": box[1], "width": box[2], "height": box[3],
        "viewBox": box.joined(separator: " "),
      ], content)
  }

  static func ticks(
    _ axis: Chart.Axis, data: ClosedRange<Double>?, count: Int, extends: Bool
  ) -> Ticks {
    let chosen = axis.range.flatMap { Chart.extent([$0.lowerBound, $0.upperBound], axis.scale) }
    let range = chosen ?? data ?? (axis.scale == .logarithmic ? 1...10 : 0...1)
    switch axis.scale {
    case .linear: return .linear(range, count: count, extends: extends && chosen == nil)
    case .logarithmic: return .logarithmic(range)
    case .time: return .time(range, count: count)
    case .yearlessTime: return .time(range, count: count, hasYear: false)
    }
  }

  /// Beside the plot: half of a label under its edge.
  private static func rightMargin(_ horizontal: Horizontal, width: Double, count: Int) -> Double {
    let ticks = resolve(horizontal, width: width, count: count).ticks
    let atEdge = ticks.ticks.filter { $0.value >= ticks.range.upperBound }
    return max(22, (atEdge.map { textWidth($0.label) }.max() ?? 0) / 2 + 4)
  }

  private static func resolve(
    _ horizontal: Horizontal, width: Double, count: Int
  ) -> (ticks: Ticks, names: [String], label: String) {
    switch horizontal {
    case .named(let label, let categories):
      return (Ticks(range: 0...Double(max(categories.count, 1)), ticks: []), categories, label)
    case .numeric(let axis, let data, let extends):
      // As many ticks as their labels leave room for.
      var count = count
      var ticks = ticks(axis, data: data, count: count, extends: extends)
      while count > 1, ticks.ticks.map({ textWidth($0.label) + 16 }).reduce(0, +) > width {
        count -= 1
        ticks = Self.ticks(axis, data: data, count: count, extends: extends)
      }
      // Hours and days do not tell the year.
      let tellsYear = ticks.ticks.contains { Int($0.label.split(separator: " ").last ?? "") != nil }
      let years = axis.scale == .time && data != nil && !tellsYear
      return (ticks, [], axis.text + (years ? ", " + Ticks.years(ticks.range) : ""))
    }
  }

  private static func isLogarithmic(_ horizontal: Horizontal) -> Bool {
    if case .numeric(let axis, _, _) = horizontal { axis.scale == .logarithmic } else { false }
  }

  private static func isSlanted(_ names: [String], width: Double) -> Bool {
    let share = width / Double(max(names.count, 1))
    return names.contains { textWidth($0) + 8 > share }
  }

  private static func slantedName(_ name: String) -> String { shortenedInside(name, to: 150) }

  /// Names that do not fit side by side stand at this angle.
  private static let slant = (degrees: 40, sine: 0.643, cosine: 0.766)

  /// The plot's left edge, moved to the right where a slanted name would leave the drawing.
  private static func leftEdge(_ left: Double, _ horizontal: Horizontal, right: Double) -> Double {
    guard case .named(_, let names) = horizontal, isSlanted(names, width: right - left) else { return left }
    let share = (right - left) / Double(names.count)
    return names.enumerated().reduce(left) { edge, name in
      let reach = textWidth(slantedName(name.element)) * slant.cosine - (Double(name.offset) + 0.5) * share
      return max(edge, min(reach + 16, 150))
    }
  }

  private static func nameLabels(_ names: [String], slanted: Bool, plot: Rectangle) -> [Element] {
    let share = plot.width / Double(max(names.count, 1))
    // Slanted lines of text need 15 pixels each; of more names than fit, every second, third, … is shown.
    let stride = slanted ? max(1, Int((15 / share).rounded(.up))) : 1
    return names.indices.filter { $0 % stride == 0 }.map { index in
      let x = pixels(plot.left + (Double(index) + 0.5) * share)
      let y = pixels(plot.bottom + 17)
      return slanted
        ? Element(
          "text", ["x": x, "y": y, "text-anchor": "end", "transform": "rotate(-\(slant.degrees) \(x) \(y))"],
          text: slantedName(names[index]))
        : Element("text", ["x": x, "y": y, "text-anchor": "middle"], text: names[index])
    }
  }
}
