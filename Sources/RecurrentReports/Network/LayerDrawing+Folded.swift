/// The view of one step, with loops.
extension LayerDrawing {
  func foldedSVG(_ use: SVGUse) -> String {
    let width = 460.0
    let heading = Element(
      "text", ["class": "h", "x": "14", "y": "24"], text: shortened(title, to: width - 28, size: 15))
    var elements: [Element] = []
    // From the head down.
    var y = 62.0
    for (index, row) in rows.enumerated().reversed() {
      let layer = FoldedLayer(row, top: y, centre: width / 2)
      elements += layer.elements
      y = layer.bottom
      guard index > 0 else { break }
      elements += layer.entries(from: y + FoldedLayer.gap, row: rows[index - 1])
      y += FoldedLayer.gap
    }
    return svgRoot(width: width, height: y + 16, use, [heading] + elements)
  }
}

private struct FoldedLayer {
  /// Between two layers, for the arrows and the size that travels along them.
  static let gap = 46.0

  private(set) var elements: [Element] = []
  let bottom: Double
  /// The middles of the boxes that read the layer below.
  private let inlets: [Double]
  private let centre: Double

  init(_ row: LayerDrawing.Row, top: Double, centre: Double) {
    self.centre = centre
    var y = top
    elements.append(Element("text", ["x": "14", "y": pixels(top + 10)], text: shortened(row.name, to: 110)))
    switch row.content {
    case .input(let size):
      elements += Self.box("x", "\(size)", colour: "r", centre: centre, top: y, width: 130)
      inlets = [centre]
    case .pointwise(let kind, let size):
      elements += Self.box(kind, "\(size)", colour: "2", centre: centre, top: y, width: 130)
      inlets = [centre]
    case .recurrent(let chains, let merge, let size):
      let width = min(150.0, 300 / Double(chains.count))
      inlets = chains.indices.map { centre + (Double($0) - Double(chains.count - 1) / 2) * (width + 40) }
      if chains.count > 1, let merge {
        elements += Self.box(merge, "\(size)", colour: "3", centre: centre, top: y, width: 130)
        elements += Self.arrows(inlets, startingAt: y + 40 + Self.gap, to: [centre], endingAt: y + 40)
        y += 40 + Self.gap
      }
      for (chain, place) in zip(chains, inlets) {
        elements += Self.box(
          "\(chain.kind) \(chain.direction.arrow)", "\(chain.size)", colour: chain.direction.colour,
          centre: place, top: y, width: width)
        elements += Self.loop(chain.direction, centre: place, middle: y + 20, width: width)
      }
    }
    bottom = y + 40
  }

  /// The arrows from the layer below, with what they carry.
  func entries(from start: Double, row: LayerDrawing.Row) -> [Element] {
    let size = row.content.size
    let phrase = row.positions.phrase.map { "\(size) at \($0)" } ?? "\(size)"
    let label = Element(
      "text", ["class": "m s", "x": pixels(centre + 9), "y": pixels(start - 8)], text: phrase)
    return Self.arrows([centre], startingAt: start, to: inlets, endingAt: bottom) + [label]
  }

  /// Upright arrows, with a level piece half-way where start and end are not above one another.
  private static func arrows(
    _ starts: [Double], startingAt low: Double, to ends: [Double], endingAt high: Double
  ) -> [Element] {
    var lines = ""
    var heads = ""
    for start in starts {
      for end in ends {
        lines +=
          "M\(pixels(start)) \(pixels(low))V\(pixels((low + high) / 2))H\(pixels(end))V\(pixels(high + 4))"
        heads += arrowHead(end, high, .up)
      }
    }
    return [Element("path", ["class": "a", "d": lines]), Element("path", ["class": "fm", "d": heads])]
  }

  private static func box(
    _ text: String, _ size: String, colour: String, centre: Double, top: Double, width: Double
  ) -> [Element] {
    [
      Element(
        "rect",
        [
          "class": "node fp k\(colour)", "x": pixels(centre - width / 2), "y": pixels(top),
          "width": pixels(width), "height": "40", "rx": "6", "stroke-width": "1.8",
        ]),
      Element(
        "text", ["x": pixels(centre), "y": pixels(top + 18), "text-anchor": "middle"],
        text: shortened(text, to: width - 10)),
      Element(
        "text", ["class": "m s", "x": pixels(centre), "y": pixels(top + 33), "text-anchor": "middle"],
        text: size),
    ]
  }

  /// From the outer side of a chain's box back into it.
  private static func loop(
    _ direction: LayerDrawing.Direction, centre: Double, middle: Double, width: Double
  ) -> [Element] {
    let sign = direction == .forward ? -1.0 : 1
    let side = centre + sign * width / 2
    let path =
      "M\(pixels(side)) \(pixels(middle - 10))h\(pixels(sign * 12))a10 10 0 0 \(sign < 0 ? 0 : 1) 0 20"
      + "h\(pixels(-sign * 8))"
    return [
      Element("path", ["class": "l k\(direction.colour)", "d": path]),
      Element(
        "path",
        ["class": "f\(direction.colour)", "d": arrowHead(side, middle + 10, sign < 0 ? .right : .left)]),
    ]
  }
}

extension LayerDrawing.Content {
  /// How many values leave the row at a step.
  var size: Int {
    switch self {
    case .input(let size), .pointwise(_, let size), .recurrent(_, _, let size): size
    }
  }
}
