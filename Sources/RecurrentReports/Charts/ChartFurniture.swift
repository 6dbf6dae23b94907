/// Axes and legend.
extension ChartFrame {
  static func verticalAxis(
    _ ticks: [Ticks.Tick], _ label: String, plot: Rectangle, scale: PlotScale
  ) -> [Element] {
    var lines = ""
    var elements: [Element] = []
    for tick in ticks {
      let y = scale.position(tick.value)
      lines += "M\(pixels(plot.left)) \(pixels(y))H\(pixels(plot.right))"
      elements.append(
        Element(
          "text",
          ["class": "m ty", "x": pixels(plot.left - 8), "y": pixels(y + 4), "text-anchor": "end"],
          text: tick.label))
    }
    elements.insert(Element("path", ["class": "g", "d": lines]), at: 0)
    if !label.isEmpty {
      let middle = pixels((plot.top + plot.bottom) / 2)
      let shown = shortened(label, to: plot.height)
      elements.append(
        Element(
          "text",
          ["x": "20", "y": middle, "text-anchor": "middle", "transform": "rotate(-90 20 \(middle))"],
          text: shown))
    }
    return elements
  }

  static func horizontalAxis(
    _ ticks: [Ticks.Tick], plot: Rectangle, scale: PlotScale, showsGrid: Bool
  ) -> [Element] {
    var elements = [
      Element(
        "path", ["class": "a", "d": "M\(pixels(plot.left)) \(pixels(plot.bottom))H\(pixels(plot.right))"])
    ]
    var marks = ""
    var grid = ""
    for tick in ticks {
      let x = scale.position(tick.value)
      marks += "M\(pixels(x)) \(pixels(plot.bottom))v5"
      grid += "M\(pixels(x)) \(pixels(plot.bottom))V\(pixels(plot.top))"
      elements.append(
        Element(
          "text",
          ["class": "m tx", "x": pixels(x), "y": pixels(plot.bottom + 19), "text-anchor": "middle"],
          text: tick.label))
    }
    if showsGrid, !grid.isEmpty { elements.insert(Element("path", ["class": "g", "d": grid]), at: 0) }
    if !marks.isEmpty { elements.append(Element("path", ["class": "a", "d": marks])) }
    return elements
  }

  /// Entries from left to right, wrapped into rows. One unnamed series needs none.
  static func legend(
    _ entries: [LegendEntry], left: Double, right: Double, top: Double
  ) -> (rows: Int, elements: [Element]) {
    guard entries.count > 1 || entries.contains(where: { !$0.name.isEmpty }) else { return (0, []) }
    var x = left
    var row = 0
    var elements: [Element] = []
    for entry in entries {
      let name = shortened(entry.name, to: right - left - 40)
      let width = 34 + textWidth(name) + 18
      if x > left, x + width - 18 > right {
        x = left
        row += 1
      }
      let y = top + Double(row) * 20
      elements += symbol(entry, x: x, y: y)
      elements.append(
        Element("text", ["class": "lg", "x": pixels(x + 34), "y": pixels(y + 4)], text: name))
      x += width
    }
    return (row + 1, elements)
  }

  private static func symbol(_ entry: LegendEntry, x: Double, y: Double) -> [Element] {
    let line = entry.look.line("M\(pixels(x)) \(pixels(y))h28")
    let marker = entry.look.markers(entry.look.marker(x + 14, y))
    switch entry.symbol {
    case .line: return [line]
    case .marker: return [marker]
    case .lineAndMarker: return [line, marker]
    case .bar:
      let bar = Rectangle(left: x + 6, top: y - 7, right: x + 28, bottom: y + 7)
      return Hatch.bar(bar, look: entry.look, tooltip: nil)
    }
  }
}

/// The map from values to pixels along one axis.
struct PlotScale: Hashable {
  let range: ClosedRange<Double>
  private let isLogarithmic: Bool
  private let from: Double
  private let to: Double

  init(_ range: ClosedRange<Double>, isLogarithmic: Bool, from: Double, to: Double) {
    self.range = Ticks.widened(range)
    self.isLogarithmic = isLogarithmic
    self.from = from
    self.to = to
  }

  /// The pixel of a value. Far outside the range it stays a few widths away, where it is cut off.
  func position(_ value: Double) -> Double {
    let low = measure(range.lowerBound)
    let share = (measure(value) - low) / (measure(range.upperBound) - low)
    return from + (to - from) * min(max(share, -3), 4)
  }

  private func measure(_ value: Double) -> Double { isLogarithmic ? logarithm(value) : value }
}
