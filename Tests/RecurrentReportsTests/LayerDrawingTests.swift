import RecurrentReports
import Testing

@Suite struct LayerDrawingTests {
  private func drawing(_ view: LayerDrawing.View, _ positions: LayerDrawing.Positions = .last) -> LayerDrawing
  {
    LayerDrawing(
      title: "Forecaster <2 layers>",
      rows: [
        .init("input", .input(size: 6)),
        .init(
          "layer 1",
          .recurrent(
            [.init(.forward, kind: "LSTM", size: 47), .init(.reverse, kind: "GRU", size: 240)],
            merge: "concatenate", size: 287)),
        .init(
          "layer 2", .recurrent([.init(.forward, kind: "GRU", size: 10)], merge: nil, size: 10),
          positions: positions),
        .init("head", .pointwise(kind: "linear", size: 4)),
      ], view: view)
  }

  @Test(arguments: 1...12) func fullViewHasANodeForEachStep(steps: Int) throws {
    let drawing = drawing(.full(steps: steps))
    let columns = steps + 1
    // From a dozen steps on, the picture is wider than a page; the general check is for those that fit.
    if steps <= 4 { try checkFigure(drawing) }
    let root = try XMLTree.parse(drawing.svg())
    let nodes = root.all("rect", class: "node")
    // Input, two chains, the merge and the second layer at each step; the head at the last only.
    #expect(nodes.count == 5 * columns + 1)
    #expect(nodes.filter { $0.classes.contains("hollow") }.count == columns - 1)
    let labels = root.all("text").map(\.text)
    for label in [
      "input", "LSTM 47 →", "GRU 240 ←", "concatenate 287", "GRU 10 →", "linear 4", "t = 1", "t = T",
    ] {
      #expect(labels.contains(label), "\(label)")
    }
    // No two nodes overlap, and all are on the page.
    for (index, one) in nodes.enumerated() {
      #expect(one.number("x") > 0 && one.number("x") + one.number("width") < root.number("width"))
      for other in nodes[(index + 1)...] {
        let apart =
          abs(one.number("x") - other.number("x")) >= one.number("width")
          || abs(one.number("y") - other.number("y")) >= one.number("height")
        #expect(apart)
      }
    }
  }

  @Test(arguments: [
    (LayerDrawing.Positions.all, 0, 4), (.last, 3, 1), (.first, 3, 1), (.firstAndLast, 2, 2), (.mask, 4, 4),
  ]) func positionsDecideWhatIsHollow(positions: LayerDrawing.Positions, hollow: Int, heads: Int) throws {
    let root = try XMLTree.parse(drawing(.full(steps: 3), positions).svg())
    let isMask = positions == .mask
    let nodes = root.all("rect", class: "hollow")
    // Of a mask, the layer's steps and its head's are dashed; otherwise hollow is drawn through.
    #expect(nodes.filter { $0.attributes["stroke-dasharray"] == nil }.count == (isMask ? 0 : hollow))
    #expect(root.all("text").filter { $0.text == "y" }.count == heads)
    let text = drawing(.full(steps: 3), positions).text()
    #expect(text.filter { $0 == "○" }.count == (isMask ? 0 : hollow))
    #expect(text.filter { $0 == "◌" }.count == (isMask ? 4 : 0))
  }

  @Test func foldedView() throws {
    let drawing = drawing(.folded)
    try checkFigure(drawing)
    let root = try XMLTree.parse(drawing.svg())
    #expect(root.all("rect", class: "node").count == 6)
    #expect(root.all("text").contains { $0.text == "10 at the last step" })
    let expected = """
      Forecaster <2 layers>

      head     [ linear 4 ]
                   ↑
      layer 2  ↻[ GRU 10 → ]  at the last step
                   ↑
      layer 1  ↻[ LSTM 47 → ] [ ← GRU 240 ]↺  concatenate 287
                   ↑
      input    [ x 6 ]

      """
    #expect(drawing.text() == expected)
  }

  @Test func textView() {
    let expected = """
      Forecaster <2 layers>

      head     linear 4                     ●
                                            ↑
      layer 2  GRU 10 →         ○────▸○───▸ … ───▸●
      """
    let lines = drawing(.full(steps: 2)).text().split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == expected.split(separator: "\n")[0])
    #expect(lines[4] == expected.split(separator: "\n").last!)
    // Arrows and nodes of a column stand under one another.
    let marks = lines.filter { $0.contains("↑") }.map { line in line.lastIndex(of: "↑")!.utf16Offset(in: line)
    }
    #expect(Set(marks).count == 1)
  }
}
