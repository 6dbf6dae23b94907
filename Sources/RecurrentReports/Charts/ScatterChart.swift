/// Points of two measures against one another: prediction against truth.
public struct ScatterChart: Figure, Hashable {
  /// What stands above the chart.
  public var title: String
  /// The first measure.
  public var x: Chart.Axis
  /// The second measure.
  public var y: Chart.Axis
  /// The points, in the order of the legend.
  public var series: [Chart.Series]
  /// Whether both axes share one range, the plot is square and the line y = x is drawn.
  public var hasDiagonal: Bool

  /// A chart of points. With `hasDiagonal`, the axes should have the same scale.
  public init(
    title: String, x: Chart.Axis, y: Chart.Axis, series: [Chart.Series], hasDiagonal: Bool = false
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.hasDiagonal = hasDiagonal
  }

  /// How many points each series has, for readers who cannot see the picture.
  public var summary: String {
    let counts = visible.map { "\($0.name): \($0.x.count) points" }
    return "Scatter chart of \(y.text) against \(x.text)\(hasDiagonal ? ", with the line of equality" : ""). "
      + counts.joined(separator: "; ") + "."
  }

  /// The series without their gaps.
  private var visible: [Chart.Series] {
    series.map { series in
      let points = zip(series.x, series.y).filter {
        Chart.isDrawable($0, x.scale) && Chart.isDrawable($1, y.scale)
      }
      return Chart.Series(
        series.name, x: points.map(\.0), y: points.map(\.1), isReference: series.isReference)
    }
  }

  /// The picture, for the use that is said; the same chart gives the same text.
  public func svg(_ use: SVGUse) -> String {
    let visible = visible
    var xData = Chart.extent(visible.flatMap(\.x), x.scale)
    var yData = Chart.extent(visible.flatMap(\.y), y.scale)
    if hasDiagonal {
      xData = Chart.extent(visible.flatMap { $0.x + $0.y }, x.scale)
      yData = xData
    }
    let looks = SeriesLook.assign(series.map(\.isReference))
    let frame = ChartFrame(
      title: title, legend: zip(series, looks).map { .init(name: $0.name, look: $1, symbol: .marker) },
      horizontal: .numeric(x, data: xData, extends: true), vertical: y, verticalData: yData,
      isEmpty: visible.allSatisfy(\.x.isEmpty), isSquare: hasDiagonal)
    var content: [Element] = []
    if hasDiagonal, let low = xData?.lowerBound {
      let start = max(frame.x.range.lowerBound, frame.y.range.lowerBound, min(low, frame.x.range.lowerBound))
      let end = min(frame.x.range.upperBound, frame.y.range.upperBound)
      let line =
        "M\(pixels(frame.x.position(start))) \(pixels(frame.y.position(start)))"
        + "L\(pixels(frame.x.position(end))) \(pixels(frame.y.position(end)))"
      content.append(Element("path", ["class": "a diagonal", "stroke-dasharray": "6 4", "d": line]))
    }
    for (series, look) in zip(visible, looks) { content.append(group(series, look, frame)) }
    return frame.svg(self, use, content)
  }

  /// The points of a series. Many points become dots, spread over a few half-transparent elements, so that dense
  /// regions are darker without an element for each point; points that would fall on the same tenth of a pixel are
  /// drawn once in each.
  private func group(_ series: Chart.Series, _ look: SeriesLook, _ frame: ChartFrame) -> Element {
    var group = Element("g", ["class": "series"], [Element("title", text: series.name)])
    let isDense = series.x.count > 300
    let layerCount = isDense ? 6 : 1
    for layer in 0..<layerCount {
      var seen: Set<String> = []
      var path = ""
      for index in stride(from: layer, to: series.x.count, by: layerCount) {
        let (x, y) = (frame.x.position(series.x[index]), frame.y.position(series.y[index]))
        let piece = isDense ? "M\(pixels(x)) \(pixels(y))h0" : look.marker(x, y)
        if seen.insert(piece).inserted { path += piece }
      }
      if path.isEmpty { continue }
      group.children.append(
        .element(
          isDense
            ? Element("path", ["class": "p k\(look.colour)", "stroke-opacity": "0.35", "d": path])
            : look.markers(path)))
    }
    return group
  }
}
