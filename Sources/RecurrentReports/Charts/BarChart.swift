/// Bars over names, in groups where there are several series: error by lead time, for a model and its baselines.
public struct BarChart: Figure, Hashable {
  /// One bar for each category.
  public struct Series: Sendable, Hashable {
    /// What the legend calls it.
    public var name: String
    /// One value for each category; one that is not finite is left out.
    public var values: [Double]

    /// A series; one value for each category of the chart.
    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// What stands above the chart.
  public var title: String
  /// What the categories are; may be empty.
  public var categoryLabel: String
  /// The names under the bars, from left to right.
  public var categories: [String]
  /// What the bars measure; a linear axis.
  public var y: Chart.Axis
  /// Side by side within a category, in this order.
  public var series: [Series]
  /// How the values are written above their bars, where there is room; `nil` for not at all.
  public var valueFormat: NumberFormat?

  /// A bar chart; each series must have one value for each category, and the axis must be linear. Bars start at 0.
  public init(
    title: String, categoryLabel: String, categories: [String], y: Chart.Axis, series: [Series],
    valueFormat: NumberFormat? = .significant(3)
  ) {
    precondition(y.scale == .linear, "BarChart \(title): the y axis must be linear, bars start at 0")
    for one in series {
      precondition(
        one.values.count == categories.count,
        "BarChart \(title): \(one.name) has \(one.values.count) values for \(categories.count) categories")
    }
    self.title = title
    self.categoryLabel = categoryLabel
    self.categories = categories
    self.y = y
    self.series = series
    self.valueFormat = valueFormat
  }

  /// Every value in words, for readers who cannot see the picture.
  public var summary: String {
    let format = valueFormat ?? .significant(4)
    let parts = series.map { series in
      let pairs = zip(categories, series.values).map { "\($0) \($1.isFinite ? format.text($1) : "none")" }
      return "\(series.name): " + pairs.joined(separator: ", ")
    }
    return "Bar chart of \(y.text)\(categoryLabel.isEmpty ? "" : " by \(categoryLabel)"). "
      + parts.joined(separator: "; ") + "."
  }

  /// The picture, for the use that is said; the same chart gives the same text.
  public func svg(_ use: SVGUse) -> String {
    let data = Chart.extent(series.flatMap(\.values), .linear)
    let looks = SeriesLook.assign(series.map { _ in false })
    let frame = ChartFrame(
      title: title, legend: zip(series, looks).map { .init(name: $0.name, look: $1, symbol: .bar) },
      horizontal: .named(label: categoryLabel, categories: categories), vertical: y,
      verticalData: data.map { min(0, $0.lowerBound)...max(0, $0.upperBound) }, isEmpty: data == nil)
    let share = frame.plot.width / Double(max(categories.count, 1))
    let barWidth = min(48, share * 0.8 / Double(max(series.count, 1)))
    let start = (share - barWidth * Double(series.count)) / 2
    let zero = frame.y.position(min(max(0, frame.y.range.lowerBound), frame.y.range.upperBound))
    let showsValues = fits(barWidth)
    var elements: [Element] = []
    for (index, series) in series.enumerated() {
      for (category, value) in series.values.enumerated() where Chart.isDrawable(value, .linear) {
        let left = frame.plot.left + Double(category) * share + start + Double(index) * barWidth
        let end = frame.y.position(value)
        let bar = ChartFrame.Rectangle(
          left: left + 0.5, top: min(zero, end), right: left + barWidth - 0.5, bottom: max(zero, end))
        let name = [series.name, categories[category]].filter { !$0.isEmpty }.joined(separator: ", ")
        let text = NumberFormat.shortest.text(value)
        elements += Hatch.bar(bar, look: looks[index], tooltip: "\(name): \(text)")
        if showsValues { elements += valueLabel(value, bar: bar, plot: frame.plot) }
      }
    }
    let base = "M\(pixels(frame.plot.left)) \(pixels(zero))H\(pixels(frame.plot.right))"
    return frame.svg(self, use, elements + [Element("path", ["class": "a", "d": base])])
  }

  /// Whether every value is as narrow as its bar: they are all written or none.
  private func fits(_ width: Double) -> Bool {
    guard let valueFormat else { return false }
    return series.allSatisfy { series in
      series.values.allSatisfy { !$0.isFinite || textWidth(valueFormat.text($0), size: 11) <= width + 1 }
    }
  }

  private func valueLabel(
    _ value: Double, bar: ChartFrame.Rectangle, plot: ChartFrame.Rectangle
  ) -> [Element] {
    guard let text = valueFormat?.text(value) else { return [] }
    let y = value >= 0 ? max(bar.top - 4, plot.top + 8) : min(bar.bottom + 12, plot.bottom - 3)
    return [
      Element(
        "text",
        ["class": "s v", "x": pixels((bar.left + bar.right) / 2), "y": pixels(y), "text-anchor": "middle"],
        text: text)
    ]
  }
}

/// Bars that differ in hatching as well as in colour.
enum Hatch {
  /// A bar: solid for the first look; hatched one way, the other, across and along for the next.
  static func bar(_ bar: ChartFrame.Rectangle, look: SeriesLook, tooltip: String?) -> [Element] {
    let (width, height) = (max(bar.width, 0.5), bar.height)
    let kind = look.hatching
    var outline = Element(
      "rect",
      [
        "class": "bar f\(look.colour) k\(look.colour)", "x": pixels(bar.left), "y": pixels(bar.top),
        "width": pixels(width), "height": pixels(height),
      ])
    if kind > 0 { outline.attributes.append(("fill-opacity", "0.28")) }
    if let tooltip { outline.children.append(.element(Element("title", text: tooltip))) }
    let lines = strokes(bar, kind: kind)
    return lines.isEmpty ? [outline] : [outline, Element("path", ["class": "k\(look.colour)", "d": lines])]
  }

  private static func strokes(_ bar: ChartFrame.Rectangle, kind: Int) -> String {
    let distance = 6.0
    var path = ""
    func line(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) {
      path += "M\(pixels(x0)) \(pixels(y0))L\(pixels(x1)) \(pixels(y1))"
    }
    switch kind {
    case 1, 2:
      // Diagonals from the bottom edge or the left side to the right side or the top edge, cut at the bar.
      var offset = distance
      while offset < bar.width + bar.height {
        let start = (x: max(0, offset - bar.height), y: min(offset, bar.height))
        let end = (x: min(offset, bar.width), y: max(0, offset - bar.width))
        if kind == 1 {
          line(bar.left + start.x, bar.top + start.y, bar.left + end.x, bar.top + end.y)
        } else {
          line(bar.right - start.x, bar.top + start.y, bar.right - end.x, bar.top + end.y)
        }
        offset += distance
      }
    case 3:
      var y = bar.bottom - distance
      while y > bar.top {
        line(bar.left, y, bar.right, y)
        y -= distance
      }
    case 4:
      var x = bar.left + distance
      while x < bar.right {
        line(x, bar.top, x, bar.bottom)
        x += distance
      }
    default: break
    }
    return path
  }
}
