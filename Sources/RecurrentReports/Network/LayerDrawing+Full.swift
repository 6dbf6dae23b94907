/// The view unrolled over time.
extension LayerDrawing {
  func fullSVG(_ use: SVGUse, steps: Int) -> String {
    let columns = steps + 1
    let lanes = DrawingLane.lanes(of: rows, columns: columns)
    let layout = UnrolledLayout(lanes: lanes, columns: columns)
    var edges: [Element] = []
    var nodes: [Element] = []
    for index in lanes.indices {
      edges += layout.verticalEdges(into: index)
      if case .chain(let chain) = lanes[index].kind { edges += layout.chainEdges(index, chain.direction) }
      nodes += layout.nodes(index)
      nodes += layout.label(index)
    }
    let heading = Element(
      "text", ["class": "h", "x": "14", "y": "24"], text: shortened(title, to: layout.width - 28, size: 15))
    return svgRoot(
      width: layout.width, height: layout.height, use, [heading] + edges + nodes + layout.timeLabels())
  }
}

private struct UnrolledLayout {
  let lanes: [DrawingLane]
  let columns: Int
  let gutter: Double
  let spacing: Double
  let width: Double
  let height: Double
  private let centres: [Double]

  init(lanes: [DrawingLane], columns: Int) {
    self.lanes = lanes
    self.columns = columns
    let labels = lanes.map { max(textWidth($0.name) + 6, textWidth($0.label)) }.max() ?? 0
    gutter = min(210, labels + 14) + 30
    spacing = max(74, min(112, (690 - gutter) / Double(columns + 1)))
    width = gutter + spacing * Double(columns + 1) + 16
    // From the top down; a layer's own lanes stand closer than two layers.
    var y = 70.0
    var centres = [Double](repeating: 0, count: lanes.count)
    for index in lanes.indices.reversed() {
      centres[index] = y
      y += index > 0 && lanes[index].name.isEmpty ? 48 : 62
    }
    self.centres = centres
    height = y - 62 + 62
  }

  private func y(_ lane: Int) -> Double { centres[lane] }

  /// The middle of a column; the last one stands behind the ellipsis.
  private func column(_ index: Int) -> Double {
    gutter + spacing * (Double(index == columns - 1 ? columns : index) + 0.5)
  }

  /// Chains of one layer stand beside one another, so that the edges to and from one pass by the other.
  private func x(_ lane: Int, _ index: Int) -> Double { column(index) + shift(lane) }

  private func shift(_ lane: Int) -> Double {
    guard case .chain(let chain) = lanes[lane].kind else { return 0 }
    let siblings = lanes.indices.filter { isChain($0) && layer($0) == layer(lane) }
    guard siblings.count > 1 else { return 0 }
    return chain.direction == .forward ? -spacing * 0.2 : spacing * 0.2
  }

  private func isChain(_ lane: Int) -> Bool {
    if case .chain = lanes[lane].kind { true } else { false }
  }

  /// A layer is known by its first lane.
  private func layer(_ lane: Int) -> Int {
    var first = lane
    while first > 0, lanes[first].name.isEmpty { first -= 1 }
    return first
  }

  private let half = (width: 19.0, height: 13.0)

  func verticalEdges(into lane: Int) -> [Element] {
    var lines = ""
    var heads = ""
    for source in lanes[lane].sources {
      for index in 0..<columns where lanes[lane].nodes[index] != nil {
        guard let from = lanes[source].nodes[index], from != .hollow else { continue }
        let start = (x: x(source, index), y: y(source) - half.height)
        let end = (x: x(lane, index), y: y(lane) + half.height)
        let into = targetOffset(from: start.x, to: end.x)
        // Upright beside the chains, slanted only between layers, so that no edge runs through a node.
        if isChain(lane) {
          let bend = y(layer(lane)) + half.height + 10
          lines +=
            "M\(pixels(start.x)) \(pixels(start.y))L\(pixels(end.x + into)) \(pixels(min(start.y, bend)))"
          lines += "V\(pixels(end.y + 4))"
        } else if isChain(source) {
          let last = lane - 1
          let bend = y(last) - half.height - 10
          lines += "M\(pixels(start.x)) \(pixels(start.y))V\(pixels(max(end.y + 4, bend)))"
          lines += "L\(pixels(end.x + into)) \(pixels(end.y + 4))"
        } else {
          lines += "M\(pixels(start.x)) \(pixels(start.y))V\(pixels(end.y + 4))"
        }
        heads += arrowHead(end.x + into, end.y, .up)
      }
    }
    return pair(lines, heads, stroke: "a", fill: "fm")
  }

  /// Where the edges of two chains meet one node, each ends on its own side of the middle.
  private func targetOffset(from start: Double, to end: Double) -> Double {
    start < end - 1 ? -7 : start > end + 1 ? 7 : 0
  }

  func chainEdges(_ lane: Int, _ direction: LayerDrawing.Direction) -> [Element] {
    let places = (0..<columns).filter { lanes[lane].nodes[$0] != nil }
    guard let first = places.first, let last = places.last else { return [] }
    var lines = ""
    var heads = ""
    func arrow(from start: Double, to end: Double) {
      let sign = start < end ? 1.0 : -1
      lines += "M\(pixels(start)) \(pixels(y(lane)))H\(pixels(end - sign * 4))"
      heads += arrowHead(end, y(lane), sign > 0 ? .right : .left)
    }
    let stub = 14.0
    let forward = direction == .forward
    // The initial state enters at the chain's own beginning.
    if forward {
      arrow(from: x(lane, first) - half.width - stub, to: x(lane, first) - half.width)
    } else {
      arrow(from: x(lane, last) + half.width + stub, to: x(lane, last) + half.width)
    }
    for (left, right) in zip(places, places.dropFirst()) {
      let ends = (left: x(lane, left) + half.width, right: x(lane, right) - half.width)
      if right == columns - 1 {
        let gap = (left: (ends.left + ends.right) / 2 - 13, right: (ends.left + ends.right) / 2 + 13)
        forward ? arrow(from: ends.left, to: gap.left) : arrow(from: gap.left, to: ends.left)
        forward ? arrow(from: gap.right, to: ends.right) : arrow(from: ends.right, to: gap.right)
      } else {
        forward ? arrow(from: ends.left, to: ends.right) : arrow(from: ends.right, to: ends.left)
      }
    }
    return pair(lines, heads, stroke: "l k\(direction.colour)", fill: "f\(direction.colour)")
  }

  func nodes(_ lane: Int) -> [Element] {
    var elements: [Element] = []
    for index in 0..<columns {
      guard let node = lanes[lane].nodes[index] else { continue }
      let (colour, text, radius) = look(lane)
      let isFilled = node == .filled
      var box = Element(
        "rect",
        [
          "class": (isFilled ? "node f\(colour)" : "node hollow fp") + " k\(colour)",
          "x": pixels(x(lane, index) - half.width), "y": pixels(y(lane) - half.height),
          "width": pixels(half.width * 2), "height": pixels(half.height * 2), "rx": radius,
          "stroke-width": "1.5",
        ])
      if node == .dashed { box.attributes.append(("stroke-dasharray", "3 2")) }
      elements.append(box)
      elements.append(
        Element(
          "text",
          [
            "class": isFilled ? "s o" : "s", "x": pixels(x(lane, index)), "y": pixels(y(lane) + 4),
            "text-anchor": "middle",
          ], text: text))
    }
    let gap = (column(columns - 2) + column(columns - 1)) / 2 + shift(lane)
    if lanes[lane].nodes[columns - 2] != nil, lanes[lane].nodes[columns - 1] != nil {
      elements.append(
        Element(
          "text", ["class": "m", "x": pixels(gap), "y": pixels(y(lane) + 4), "text-anchor": "middle"],
          text: "…"))
    }
    return elements
  }

  /// Colour, the word in the node, and the roundness of its corners.
  private func look(_ lane: Int) -> (colour: String, text: String, radius: String) {
    switch lanes[lane].kind {
    case .input: ("r", "x", "2")
    case .chain(let chain):
      (chain.direction.colour, textWidth(chain.kind, size: 11) <= 36 ? chain.kind : "h", "9")
    case .merge: ("3", "+", "13")
    case .pointwise: ("2", "y", "2")
    }
  }

  func label(_ lane: Int) -> [Element] {
    let (name, label) = (lanes[lane].name, lanes[lane].label)
    let labelY = name.isEmpty ? y(lane) + 4 : y(lane) + 11
    var elements: [Element] = []
    if !name.isEmpty {
      elements.append(
        Element("text", ["x": "14", "y": pixels(y(lane) - 4)], text: shortened(name, to: gutter - 34)))
    }
    elements.append(
      Element(
        "text", ["class": "m", "x": "14", "y": pixels(labelY)], text: shortened(label, to: gutter - 34)))
    return elements
  }

  func timeLabels() -> [Element] {
    let y = pixels(height - 16)
    return (0..<columns).map { index in
      let label = index == columns - 1 ? "t = T" : "t = \(index + 1)"
      return Element(
        "text", ["class": "m s", "x": pixels(column(index)), "y": y, "text-anchor": "middle"], text: label)
    }
  }

  private func pair(_ lines: String, _ heads: String, stroke: String, fill: String) -> [Element] {
    lines.isEmpty
      ? [] : [Element("path", ["class": stroke, "d": lines]), Element("path", ["class": fill, "d": heads])]
  }
}

/// Which way an arrow head points.
enum ArrowDirection { case up, left, right }

/// The head of an arrow with its tip at a point.
func arrowHead(_ x: Double, _ y: Double, _ direction: ArrowDirection) -> String {
  let tip = "M\(pixels(x)) \(pixels(y))"
  return switch direction {
  case .up: tip + "l-3.5 7h7z"
  case .left: tip + "l7 -3.5v7z"
  case .right: tip + "l-7 -3.5v7z"
  }
}
