/// Curves over a common x axis: loss by epoch, forecast and truth over time.
public struct LineChart: Figure, Hashable {
  /// What stands above the chart.
  public var title: String
  /// What the curves run over.
  public var x: Chart.Axis
  /// What they measure.
  public var y: Chart.Axis
  /// The curves, in the order of the legend.
  public var series: [Chart.Series]
  /// Lines across the plot.
  public var markers: [Chart.Marker]
  /// Shaded stretches of the x axis.
  public var bands: [Chart.Band]

  /// A chart of curves. Each point also gets a marker where a series has at most 40.
  public init(
    title: String, x: Chart.Axis, y: Chart.Axis, series: [Chart.Series], markers: [Chart.Marker] = [],
    bands: [Chart.Band] = []
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
    self.markers = markers
    self.bands = bands
  }

  /// Of each curve its points, range and last value, for readers who cannot see the picture.
  public var summary: String {
    let parts = series.map { series in
      let drawable = zip(series.x, series.y).filter {
        Chart.isDrawable($0, x.scale) && Chart.isDrawable($1, y.scale)
      }
      let format = NumberFormat.significant(4)
      guard let range = Chart.extent(drawable.map(\.1), y.scale), let last = drawable.last else {
        return "\(series.name): no data"
      }
      return "\(series.name): \(drawable.count) points between \(format.text(range.lowerBound)) and "
        + "\(format.text(range.upperBound)), the last \(format.text(last.1))"
    }
    return "Line chart of \(y.text) over \(x.text). " + parts.joined(separator: "; ") + "."
  }

  /// The picture, for the use that is said; the same chart gives the same text.
  public func svg(_ use: SVGUse) -> String {
    let visible = series.flatMap { series in
      zip(series.x, series.y).filter { Chart.isDrawable($0, x.scale) && Chart.isDrawable($1, y.scale) }
    }
    let xData = Chart.extent(
      visible.map(\.0) + markers.filter { $0.direction == .vertical }.map(\.position), x.scale)
    // Where the reader sees only a part of the x axis, the y axis fits that part.
    let shown = x.range.map { range in visible.filter { range.contains($0.0) } } ?? visible
    let yData = Chart.extent(
      shown.map(\.1) + markers.filter { $0.direction == .horizontal }.map(\.position), y.scale)
    let looks = SeriesLook.assign(series.map(\.isReference))
    let frame = ChartFrame(
      title: title,
      legend: zip(series, looks).map {
        .init(name: $0.name, look: $1, symbol: $0.showsMarkers ? .lineAndMarker : .line)
      },
      horizontal: .numeric(x, data: xData, extends: false), vertical: y, verticalData: yData,
      isEmpty: visible.isEmpty)
    var content: [Element] = []
    for (series, look) in zip(series, looks) {
      let line = LinePath(series, in: frame, xScale: x.scale, yScale: y.scale)
      var group = Element("g", ["class": "series"], [Element("title", text: series.name)])
      if !line.path.isEmpty { group.children.append(.element(look.line(line.path))) }
      let marked = series.showsMarkers ? line.points : line.lonePoints
      if !marked.isEmpty {
        group.children.append(.element(look.markers(marked.map { look.marker($0.x, $0.y) }.joined())))
      }
      content.append(group)
    }
    return frame.svg(self, use, below: frame.bands(bands), content + frame.markers(markers))
  }
}

extension Chart.Series {
  fileprivate var showsMarkers: Bool { y.count <= 40 }
}

extension SeriesLook {
  /// A look for each series; references do not use up a colour.
  static func assign(_ areReferences: [Bool]) -> [SeriesLook] {
    var next = 0
    return areReferences.map { isReference in
      defer { if !isReference { next += 1 } }
      return SeriesLook(index: next, isReference: isReference)
    }
  }
}
