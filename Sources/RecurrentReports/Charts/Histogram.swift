/// How often values fall into ranges of one width: residuals.
public struct Histogram: Figure, Hashable {
  /// What stands above the chart.
  public var title: String
  /// What is counted; a linear axis.
  public var x: Chart.Axis
  /// Those that are not finite are left out, and the summary says how many.
  public var values: [Double]
  /// About how many bars; `nil` chooses.
  public var binCount: Int?
  /// Lines across the plot, for instance at zero.
  public var markers: [Chart.Marker]

  /// A histogram of the finite values.
  ///
  /// The bars' edges are round numbers. Without `binCount`, the width follows D. Freedman and P. Diaconis (1981),
  /// 2 · IQR / ∛n, with at least 8 and at most 60 bars. The axis must be linear.
  public init(
    title: String, x: Chart.Axis, values: [Double], binCount: Int? = nil, markers: [Chart.Marker] = []
  ) {
    precondition(x.scale == .linear, "Histogram \(title): the x axis must be linear")
    precondition((binCount ?? 1) > 0, "Histogram \(title): \(binCount ?? 0) bins")
    self.title = title
    self.x = x
    self.values = values
    self.binCount = binCount
    self.markers = markers
  }

  /// One bar: the values at least `low` and less than `high` (the last bar also takes its upper edge).
  public struct Bin: Sendable, Hashable {
    /// The lower edge, which belongs to the bar.
    public let low: Double
    /// The upper edge, which belongs to the next bar.
    public let high: Double
    /// Values between them.
    public let count: Int
  }

  /// The bars, side by side from the least value to the largest; empty where no value is finite.
  public var bins: [Bin] {
    let sorted = values.filter { Chart.isDrawable($0, .linear) }.sorted()
    guard let low = sorted.first, let high = sorted.last else { return [] }
    let range = Ticks.widened(low...high)
    let span = range.upperBound - range.lowerBound
    let step = Step(atLeast: span / Double(binCount ?? automaticCount(sorted, span: span)))
    let first = Int((range.lowerBound / step.value).rounded(.down))
    var last = Int((range.upperBound / step.value).rounded(.up))
    if last == first { last += 1 }
    var counts = [Int](repeating: 0, count: last - first)
    let edges = (first...last).map(step.multiple)
    var index = 0
    for value in sorted {
      while index + 1 < counts.count, value >= edges[index + 1] { index += 1 }
      counts[index] += 1
    }
    return counts.indices.map { Bin(low: edges[$0], high: edges[$0 + 1], count: counts[$0]) }
  }

  private func automaticCount(_ sorted: [Double], span: Double) -> Int {
    let spread = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
    let width = 2 * spread / cubeRoot(Double(sorted.count))
    return width > 0 ? Int(min(60, max(8, span / width))) : 20
  }

  /// How many values, their range and the tallest bar, for readers who cannot see the picture.
  public var summary: String {
    let bins = bins
    let format = NumberFormat.significant(4)
    guard let first = bins.first, let last = bins.last, let top = bins.max(by: { $0.count < $1.count }) else {
      return "Histogram of \(x.text): no data."
    }
    let total = bins.reduce(0) { $0 + $1.count }
    let dropped = values.count - total
    return "Histogram of \(x.text): \(total) values between \(format.text(first.low)) and "
      + "\(format.text(last.high)), most often (\(top.count)) between \(format.text(top.low)) and "
      + "\(format.text(top.high))" + (dropped > 0 ? "; \(dropped) values were not finite." : ".")
  }

  /// The picture, for the use that is said; the same chart gives the same text.
  public func svg(_ use: SVGUse) -> String {
    let bins = bins
    // Room above the bars for the markers' words.
    let headroom = markers.isEmpty ? 1 : 1.15
    let xData = bins.isEmpty ? nil : bins.first!.low...bins.last!.high
    let frame = ChartFrame(
      title: title, legend: [], horizontal: .numeric(x, data: xData, extends: false),
      vertical: Chart.Axis("count"),
      verticalData: 0...(Double(max(1, bins.map(\.count).max() ?? 1)) * headroom),
      isEmpty: bins.isEmpty)
    let look = SeriesLook(index: 0, isReference: false)
    let format = NumberFormat.shortest
    let bars = bins.filter { $0.count > 0 }.flatMap { bin -> [Element] in
      let (left, right) = (frame.x.position(bin.low), frame.x.position(bin.high))
      // A hairline between neighbours.
      let gap = right - left > 4 ? 0.5 : 0
      let bar = ChartFrame.Rectangle(
        left: left + gap, top: frame.y.position(Double(bin.count)), right: right - gap,
        bottom: frame.plot.bottom)
      return Hatch.bar(
        bar, look: look, tooltip: "\(format.text(bin.low)) to \(format.text(bin.high)): \(bin.count)")
    }
    return frame.svg(self, use, bars + frame.markers(markers))
  }
}
