/// The path of a line through points, with gaps, thinned to what can be seen.
struct LinePath {
  /// Path data of the line's pieces.
  private(set) var path = ""
  /// Points with gaps on both sides, which a line would not show.
  private(set) var lonePoints: [(x: Double, y: Double)] = []
  /// All points that are drawn, in pixels.
  private(set) var points: [(x: Double, y: Double)] = []

  init(_ series: Chart.Series, in frame: ChartFrame, xScale: Chart.Axis.Scale, yScale: Chart.Axis.Scale) {
    var run: [(x: Double, y: Double)] = []
    for (x, y) in zip(series.x, series.y) {
      if Chart.isDrawable(x, xScale), Chart.isDrawable(y, yScale) {
        run.append((frame.x.position(x), frame.y.position(y)))
      } else {
        finish(run)
        run = []
      }
    }
    finish(run)
  }

  private mutating func finish(_ run: [(x: Double, y: Double)]) {
    points += run
    guard run.count > 1 else {
      lonePoints += run
      return
    }
    for (index, point) in Self.thinned(run).enumerated() {
      path += "\(index == 0 ? "M" : "L")\(pixels(point.x)) \(pixels(point.y))"
    }
  }

  /// At most four points a pixel column: the first, the least, the largest and the last, in their order. The picture
  /// stays the same and the file small. Lines that run back in x are left alone.
  static func thinned(_ run: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard run.count > 8, zip(run, run.dropFirst()).allSatisfy({ $0.x <= $1.x }) else { return run }
    var kept: [(x: Double, y: Double)] = []
    var start = 0
    while start < run.count {
      let column = run[start].x.rounded(.down)
      var end = start
      while end < run.count, run[end].x.rounded(.down) == column { end += 1 }
      let indices = start..<end
      let least = indices.min { run[$0].y < run[$1].y } ?? start
      let largest = indices.max { run[$0].y < run[$1].y } ?? start
      kept += Set([start, least, largest, end - 1]).sorted().map { run[$0] }
      start = end
    }
    return kept
  }
}
