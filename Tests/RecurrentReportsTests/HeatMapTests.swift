import Foundation
import RecurrentReports
import Testing

@Suite struct HeatMapTests {
  private static func map(_ steps: [String], _ count: Int = 2) -> HeatMap {
    HeatMap(
      title: "gates", steps: steps,
      groups: (0..<count).map { group in
        .init(
          "layer \(group + 1)",
          [
            .init("forget gate", steps.indices.map { Double($0 % 5) / 4 }, .upTo(1)),
            .init("cell", steps.indices.map { Double($0 % 3) - 1 }, .around(1)),
            .init("norm", steps.indices.map { pow(10, -Double($0 % 4)) }, .ratios(1e-3...1)),
          ])
      })
  }

  @Test(arguments: [1, 9, 200]) func everyNumberHasItsSquare(count: Int) throws {
    let steps = (0..<count).map { count == 9 ? "字\($0)" : "a long token \($0)" }
    let map = Self.map(steps)
    try checkFigure(map)
    let root = try XMLTree.parse(map.svg())
    let backs = root.all("rect", class: "shade")
    #expect(backs.count == 6 * count)
    let squares = root.all("rect", class: "cell")
    // 0 of a gate, of a cell and of ratios is the back alone.
    let expected =
      2 * (0..<count).reduce(0) { $0 + ($1 % 5 == 0 ? 0 : 1) + ($1 % 3 == 1 ? 0 : 1) + ($1 % 4 == 3 ? 0 : 1) }
    #expect(squares.count == expected)
    for square in squares {
      let depth = square.number("fill-opacity")
      let tip = square.first("title")?.text ?? ""
      let value = try #require(Double(tip.components(separatedBy: ": ").last ?? ""))
      let shade: HeatMap.Shade =
        tip.contains("gate") ? .upTo(1) : tip.contains("cell") ? .around(1) : .ratios(1e-3...1)
      #expect(abs((shade.depth(of: value) ?? -1) - depth) < 0.006, "\(tip)")
      #expect(square.attributes["class"]?.contains(value < 0 ? "f1" : "f0") == true)
      #expect(square.number("x") + square.number("width") <= 720)
    }
    // A long sequence goes on below, and says where it is.
    let bands = root.all("text").filter { $0.text.contains("–") }
    #expect(count == 200 ? bands.count > 3 && bands[0].text.hasPrefix("1–") : bands.isEmpty)
    #expect(map.summary.contains("\(count) steps") && map.summary.contains("layer 1, forget gate"))
  }

  @Test func gapsAndNothing() throws {
    let map = HeatMap(
      title: "", steps: ["a", "b"], groups: [.init("g", [.init("r", [.nan, 0], .upTo(0))])])
    try checkFigure(map)
    #expect(try XMLTree.parse(map.svg()).all("rect", class: "shade").count == 1)
    try checkFigure(HeatMap(title: "none", steps: [], groups: []))
    #expect(HeatMap.Shade.ratios(1...1).depth(of: 1) == 1 && HeatMap.Shade.upTo(2).depth(of: -1) == 0.5)
  }

  /// Very large ones do not explain every square.
  @Test func largeMapsAreLight() throws {
    let small = Self.map((0..<100).map { "\($0)" }, 2).svg()
    let large = Self.map((0..<1000).map { "\($0)" }, 4).svg()
    #expect(small.contains("<title>99 ·") && !large.contains("<title>99 ·"))
  }
}
