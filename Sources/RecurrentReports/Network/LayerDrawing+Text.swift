/// The drawing for a terminal.
extension LayerDrawing {
  /// The drawing in characters, a newline at the end: `●` is a step with an output, `○` one without, `◌` one where the
  /// data decide.
  public func text() -> String {
    switch view {
    case .full(let steps): fullText(steps: steps)
    case .folded: foldedText()
    }
  }

  private func fullText(steps: Int) -> String {
    let columns = steps + 1
    let lanes = DrawingLane.lanes(of: rows, columns: columns)
    let names = lanes.map { singleLine($0.name) }
    let labels = lanes.map { singleLine($0.label) }
    let nameWidth = names.map { displayWidth($0) }.max() ?? 0
    let labelWidth = labels.map { displayWidth($0) }.max() ?? 0
    let indent = String(repeating: " ", count: nameWidth + 2 + labelWidth + 2)
    var lines: [String] = []
    for index in lanes.indices.reversed() {
      let gutter =
        padded(names[index], to: nameWidth, .left) + "  " + padded(labels[index], to: labelWidth, .left)
      lines.append(trimmingEnd(gutter + "  " + nodeLine(lanes[index])))
      // A line of uprights between two layers.
      if index > 0, !lanes[index].name.isEmpty {
        let uprights = (0..<columns).map { column in
          let below = lanes[index - 1].nodes[column]
          return below == nil || below == .hollow || lanes[index].nodes[column] == nil ? " " : "↑"
        }
        lines.append(trimmingEnd(indent + spread(uprights, between: "     ", gap: "           ")))
      }
    }
    let times = (1...steps).map { "t=\($0)" } + ["t=T"]
    var axis = ""
    func padding(to place: Int, of text: String) -> String {
      String(repeating: " ", count: max(0, place - displayWidth(text)))
    }
    for (column, time) in times.enumerated() {
      let place = indent.count - 1 + (column == steps ? column * 6 + 6 : column * 6)
      axis += padding(to: place, of: axis) + time
    }
    return ([singleLine(title), ""] + lines + [trimmingEnd(axis)]).joined(separator: "\n") + "\n"
  }

  /// Nodes six cells apart, arrows between those of a chain.
  private func nodeLine(_ lane: DrawingLane) -> String {
    let nodes = lane.nodes.map { node in
      switch node {
      case nil: " "
      case .filled: "●"
      case .hollow: "○"
      case .dashed: "◌"
      }
    }
    let isWhole = lane.nodes.allSatisfy { $0 != nil }
    guard case .chain(let chain) = lane.kind, isWhole else {
      return spread(nodes, between: "     ", gap: isWhole ? "     …     " : "           ")
    }
    return chain.direction == .forward
      ? spread(nodes, between: "────▸", gap: "───▸ … ───▸")
      : spread(nodes, between: "◂────", gap: "◂─── … ◂───")
  }

  private func spread(_ nodes: [String], between: String, gap: String) -> String {
    nodes.dropLast().joined(separator: between) + gap + (nodes.last ?? "")
  }

  private func foldedText() -> String {
    var table: [(name: String, content: String)] = []
    for row in rows.reversed() {
      let positions = row.positions.phrase.map { "  at \($0)" } ?? ""
      switch row.content {
      case .input(let size): table.append((row.name, "[ x \(size) ]\(positions)"))
      case .pointwise(let kind, let size): table.append((row.name, "[ \(kind) \(size) ]\(positions)"))
      case .recurrent(let chains, let merge, let size):
        let boxes = chains.map { chain in
          chain.direction == .forward
            ? "↻[ \(chain.kind) \(chain.size) → ]" : "[ ← \(chain.kind) \(chain.size) ]↺"
        }
        let merged = chains.count > 1 ? "  \(merge ?? "") \(size)" : ""
        table.append((row.name, boxes.joined(separator: " ") + merged + positions))
      }
    }
    let width = table.map { displayWidth(singleLine($0.name)) }.max() ?? 0
    let indent = String(repeating: " ", count: width + 6)
    let lines = table.map { padded(singleLine($0.name), to: width, .left) + "  " + singleLine($0.content) }
    return singleLine(title) + "\n\n" + lines.joined(separator: "\n\(indent)↑\n") + "\n"
  }
}

private func trimmingEnd(_ text: String) -> String {
  var text = text
  while text.last == " " { text.removeLast() }
  return text
}
