/// Marker lines and shaded bands.
extension ChartFrame {
  /// Shaded stretches of the x axis, cut at the plot's edges.
  func bands(_ bands: [Chart.Band]) -> [Element] {
    bands.flatMap { band -> [Element] in
      let left = min(max(x.position(band.range.lowerBound), plot.left), plot.right)
      let right = min(max(x.position(band.range.upperBound), plot.left), plot.right)
      guard right > left else { return [] }
      let shade = Element(
        "rect",
        [
          "class": "shade", "x": pixels(left), "y": pixels(plot.top), "width": pixels(right - left),
          "height": pixels(plot.height),
        ], band.label.isEmpty ? [] : [Element("title", text: band.label)])
      let label = shortened(band.label, to: right - left - 8, size: 11)
      if label.count < 2 { return [shade] }
      return [
        shade,
        Element("text", ["class": "m s", "x": pixels(left + 5), "y": pixels(plot.bottom - 6)], text: label),
      ]
    }
  }

  /// Dashed lines with a word at the end; words that would meet stand below one another.
  func markers(_ markers: [Chart.Marker]) -> [Element] {
    var lines: [Element] = []
    var labels: [Element] = []
    var taken: [(left: Double, right: Double, row: Int)] = []
    for marker in markers where marker.position.isFinite {
      let width = textWidth(marker.label, size: 11)
      switch marker.direction {
      case .vertical where x.range.contains(marker.position):
        let at = x.position(marker.position)
        let endsRight = at + 6 + width > plot.right
        let left = endsRight ? at - 5 - width : at + 5
        var row = 0
        while taken.contains(where: { $0.row == row && $0.left < left + width + 6 && left < $0.right + 6 }) {
          row += 1
        }
        taken.append((left, left + width, row))
        lines.append(
          Element("path", markerAttributes("M\(pixels(at)) \(pixels(plot.top))V\(pixels(plot.bottom))")))
        labels.append(
          Element(
            "text",
            [
              "class": "s halo", "x": pixels(endsRight ? at - 5 : at + 5),
              "y": pixels(plot.top + 11 + Double(row) * 14),
              "text-anchor": endsRight ? "end" : "start",
            ], text: marker.label))
      case .horizontal where y.range.contains(marker.position):
        let at = y.position(marker.position)
        lines.append(
          Element("path", markerAttributes("M\(pixels(plot.left)) \(pixels(at))H\(pixels(plot.right))")))
        labels.append(
          Element(
            "text",
            [
              "class": "s halo", "x": pixels(plot.right - 4),
              "y": pixels(at - 5 < plot.top + 8 ? at + 12 : at - 5), "text-anchor": "end",
            ], text: marker.label))
      default: break
      }
    }
    return lines + labels
  }

  private func markerAttributes(_ path: String) -> KeyValuePairs<String, String> {
    ["class": "kr", "fill": "none", "stroke-dasharray": "4 3", "d": path]
  }
}
