/// Rows of numbers over the steps of a sequence as shades: gates over the tokens of a text. A long sequence goes on below, as the
/// lines of a text do.
///
/// Shades are of one colour, the deeper the further from the row's pale end; what is below zero has another colour. Each number is
/// in its square's tooltip, but for very large maps.
public struct HeatMap: Figure, Hashable {
  /// How numbers become shades.
  public enum Shade: Sendable, Hashable {
    /// From 0, pale, to a number.
    case upTo(Double)
    /// From a number below zero over 0, pale, to the same number above it.
    case around(Double)
    /// From the lower number, pale, to the upper one, by ratios. Precondition: both are above 0.
    case ratios(ClosedRange<Double>)
  }

  /// One row.
  public struct Row: Sendable, Hashable {
    /// At its left.
    public let name: String
    /// One for each step; one that is not finite is a gap.
    public let values: [Double]
    /// How they become shades.
    public let shade: Shade

    /// A row.
    public init(_ name: String, _ values: [Double], _ shade: Shade) {
      (self.name, self.values, self.shade) = (name, values, shade)
    }
  }

  /// Rows under a heading.
  public struct Group: Sendable, Hashable {
    /// The heading.
    public let name: String
    /// From above.
    public let rows: [Row]

    /// Rows under a heading.
    public init(_ name: String, _ rows: [Row]) { (self.name, self.rows) = (name, rows) }
  }

  /// What stands above the map.
  public let title: String
  /// The names of the steps.
  public let steps: [String]
  /// From above.
  public let groups: [Group]

  /// A map.
  ///
  /// - Precondition: every row has a value for each step.
  public init(title: String, steps: [String], groups: [Group]) {
    for row in groups.flatMap(\.rows) {
      precondition(
        row.values.count == steps.count,
        "HeatMap: \(row.values.count) values of '\(row.name)' for \(steps.count) steps")
    }
    (self.title, self.steps, self.groups) = (title, steps, groups)
  }

  /// How many steps there are, and where each row is greatest, for readers who cannot see the picture.
  public var summary: String {
    let format = NumberFormat.significant(3)
    let rows = groups.flatMap { group in
      group.rows.map { row in
        let name = "\(group.name), \(row.name)"
        let finite = row.values.indices.filter { row.values[$0].isFinite }
        guard let top = finite.max(by: { row.values[$0] < row.values[$1] }),
          let low = finite.map({ row.values[$0] }).min()
        else { return "\(name): no data" }
        return
          "\(name): from \(format.text(low)) to \(format.text(row.values[top])) at step \(top + 1), \(steps[top])"
      }
    }
    let shown = rows.prefix(Self.mostSummaries).joined(separator: "; ")
    let more = rows.count > Self.mostSummaries ? "; and \(rows.count - Self.mostSummaries) more rows" : ""
    return "Heat map of \(rows.count) rows over \(steps.count) steps. \(shown)\(more)."
  }

  private static let mostSummaries = 24

  // MARK: - Drawing

  private static let width = 720.0
  private static let cell = (width: 15.0, height: 15.0, widest: 44.0)
  private static let margin = 14.0
  /// More squares than that have no tooltips: they would make the page heavy.
  private static let mostTooltips = 8000

  /// The picture, for the use that is said; the same map gives the same text.
  public func svg(_ use: SVGUse) -> String {
    let rows = groups.flatMap(\.rows)
    let nameWidth = min(150, rows.map { textWidth($0.name) }.max() ?? 0)
    let left = Self.margin + nameWidth + 8
    let rangeWidth = rows.map { textWidth($0.shade.text, size: 11) }.max() ?? 0
    // Behind the last square a range, and the end of a slanted name.
    let room = Self.width - left - max(rangeWidth + 8, 52) - Self.margin
    let most = max(1, Int(room / Self.cell.width))
    let bandCount = max(1, (steps.count + most - 1) / most)
    let perBand = max(1, (steps.count + bandCount - 1) / bandCount)
    let cellWidth = min(Self.cell.widest, (room / Double(perBand)).rounded(.down))
    let hasTooltips = rows.count * steps.count <= Self.mostTooltips
    var elements: [Element] = []
    var y = 16.0
    if !title.isEmpty {
      elements.append(
        Element(
          "text", ["class": "h", "x": "14", "y": "24"], text: shortened(title, to: Self.width - 28, size: 15))
      )
      y = 34
    }
    for first in stride(from: 0, to: max(steps.count, 1), by: perBand) {
      let band = first..<min(first + perBand, steps.count)
      elements += names(of: band, left: left, cellWidth: cellWidth, y: &y, isOnly: bandCount == 1)
      for group in groups {
        elements.append(
          Element(
            "text", ["class": "m", "x": pixels(Self.margin), "y": pixels(y + 13)],
            text: shortened(group.name, to: Self.width - 28)))
        y += 18
        for row in group.rows {
          elements += drawing(
            row, band, left: left, y: y, cellWidth: cellWidth, nameWidth: nameWidth, hasTooltips: hasTooltips)
          y += Self.cell.height + 1
        }
        y += 4
      }
      y += 8
    }
    return svgRoot(width: Self.width, height: y + 4, use, elements)
  }

  /// The names of a band's steps, aslant where they do not fit side by side.
  private func names(
    of band: Range<Int>, left: Double, cellWidth: Double, y: inout Double, isOnly: Bool
  ) -> [Element] {
    let slant = steps.contains { textWidth($0, size: 11) > cellWidth - 1 }
    let shown = band.map { slant ? shortenedInside(steps[$0], to: 80, size: 11) : steps[$0] }
    // 50 degrees: sine 0.766.
    let height = slant ? (shown.map { textWidth($0, size: 11) }.max() ?? 0) * 0.766 + 14 : 18
    y += height
    var elements = zip(band, shown).map { step, name in
      let x = left + (Double(step - band.lowerBound) + 0.5) * cellWidth
      var element = Element(
        "text", ["class": "s", "x": pixels(x + (slant ? 2 : 0)), "y": pixels(y - 4)], text: name)
      element.attributes.append(
        slant
          ? ("transform", "rotate(-50 \(pixels(x + 2)) \(pixels(y - 4)))") : ("text-anchor", "middle"))
      return element
    }
    if !isOnly {
      elements.append(
        Element(
          "text", ["class": "m s", "x": pixels(left - 8), "y": pixels(y - 4), "text-anchor": "end"],
          text: "\(band.lowerBound + 1)–\(band.upperBound)"))
    }
    return elements
  }

  private func drawing(
    _ row: Row, _ band: Range<Int>, left: Double, y: Double, cellWidth: Double, nameWidth: Double,
    hasTooltips: Bool
  ) -> [Element] {
    let end = left + Double(band.count) * cellWidth
    var elements = [
      Element(
        "text", ["x": pixels(left - 8), "y": pixels(y + 11.5), "text-anchor": "end"],
        text: shortenedInside(row.name, to: nameWidth + 1)),
      Element(
        "text", ["class": "m s", "x": pixels(end + 6), "y": pixels(y + 11.5)], text: row.shade.text),
    ]
    for step in band {
      let value = row.values[step]
      guard let depth = row.shade.depth(of: value) else { continue }
      let x = left + Double(step - band.lowerBound) * cellWidth
      let box = [pixels(x), pixels(y), pixels(cellWidth - 1), pixels(Self.cell.height)]
      func square(_ look: String) -> Element {
        Element("rect", ["class": look, "x": box[0], "y": box[1], "width": box[2], "height": box[3]])
      }
      // Under every square that has a number, so that none is not taken for a gap.
      var (below, above) = (square("shade"), square(value < 0 ? "cell f1" : "cell f0"))
      let opacity = NumberFormat.fixed(2).text(depth)
      above.attributes.append(("fill-opacity", opacity))
      let isVisible = opacity != "0.00"
      if hasTooltips {
        let tip = "\(steps[step]) · \(row.name): \(NumberFormat.significant(4).text(value))"
        if isVisible {
          above.children.append(.element(Element("title", text: tip)))
        } else {
          below.children.append(.element(Element("title", text: tip)))
        }
      }
      elements.append(below)
      if isVisible { elements.append(above) }
    }
    return elements
  }
}

extension HeatMap.Shade {
  /// From 0, pale, to 1, deep; `nil`: a gap.
  public func depth(of value: Double) -> Double? {
    guard value.isFinite else { return nil }
    switch self {
    case .upTo(let top), .around(let top): return top > 0 ? min(1, abs(value) / top) : 0
    case .ratios(let range):
      if value >= range.upperBound { return 1 }
      if value <= range.lowerBound { return 0 }
      let span = logarithm(range.upperBound) - logarithm(range.lowerBound)
      return span > 0 ? (logarithm(value) - logarithm(range.lowerBound)) / span : 1
    }
  }

  /// What pale and deep are: "0…1".
  public var text: String {
    let format = NumberFormat.significant(2)
    return switch self {
    case .upTo(let top): "0…\(top == 1 ? "1" : format.text(top))"
    case .around(let top): "±\(format.text(top))"
    case .ratios(let range):
      "\(NumberFormat.scientific(0).text(range.lowerBound))…\(NumberFormat.scientific(0).text(range.upperBound))"
    }
  }
}
