/// A drawing of a hidden Markov model: states side by side, arrows as thick as transitions are probable, and under each state
/// what it shows.
public struct StateDiagram: Figure {
  /// One state.
  public struct State: Sendable, Hashable {
    /// Under the circle.
    public let name: String
    /// P(h₁ = this).
    public let initial: Double
    /// What it shows.
    public let shows: [Bar]

    /// A state.
    public init(name: String, initial: Double, shows: [Bar]) {
      (self.name, self.initial, self.shows) = (name, initial, shows)
    }
  }

  /// One thing that a state shows.
  public struct Bar: Sendable, Hashable {
    /// Before the bar.
    public let name: String
    /// The bar's length, from 0 to 1.
    public let share: Double
    /// Behind the bar.
    public let text: String

    /// A bar.
    public init(name: String, share: Double, text: String) {
      (self.name, self.share, self.text) = (name, share, text)
    }
  }

  /// Above the drawing.
  public let title: String
  /// From left to right.
  public let states: [State]
  /// P(to | from), row by row.
  public let transition: [[Double]]
  /// Less probable transitions have no arrow, but for each state's likeliest way out and in.
  public let least: Double

  /// - Parameter least: default 0.01.
  public init(title: String, states: [State], transition: [[Double]], least: Double = 0.01) {
    precondition(
      transition.count == states.count && transition.allSatisfy { $0.count == states.count },
      "StateDiagram: \(states.count) states, \(transition.count) rows of transitions")
    (self.title, self.states, self.transition, self.least) = (title, states, transition, least)
  }

  /// In words.
  public var summary: String {
    let stays = states.enumerated().map { index, state in
      "\(state.name) stays with probability \(NumberFormat.significant(2).text(transition[index][index]))"
    }
    return "A hidden Markov model of \(states.count) states: " + stays.joined(separator: ", ") + "."
  }

  private static let spacing = 270.0
  private static let radius = 26.0

  private var farthest: Double {
    var found = 0
    for (i, row) in transition.enumerated() {
      for j in row.indices where isShown(i, j) { found = max(found, abs(i - j)) }
    }
    return Double(found)
  }

  private func centre(_ state: Int) -> Double { 142 + Double(state) * Self.spacing }

  /// The drawing as SVG.
  public func svg(_ use: SVGUse) -> String {
    let arc = 34 + 30 * farthest
    let line = 70 + arc
    let rows = Double(states.map(\.shows.count).max() ?? 0)
    let width = 284 + Double(max(states.count - 1, 0)) * Self.spacing
    let height = line + arc + 46 + rows * 18 + 16
    var elements: [Element] = [
      Element("text", ["class": "h", "x": "14", "y": "24"], text: shortened(title, to: width - 28, size: 15))
    ]
    for (i, row) in transition.enumerated() {
      for (j, share) in row.enumerated() where isShown(i, j) { elements += arrow(i, j, share, line: line) }
    }
    for (index, state) in states.enumerated() {
      elements += circle(index, state, line: line)
      elements += bars(index, state, top: line + arc + 40)
    }
    return svgRoot(width: width, height: height, use, elements)
  }

  private func circle(_ index: Int, _ state: State, line: Double) -> [Element] {
    let x = centre(index)
    return [
      Element(
        "circle",
        [
          "class": "f0 kr", "cx": pixels(x), "cy": pixels(line), "r": pixels(Self.radius),
          "fill-opacity": pixels(0.1 + 0.6 * state.initial),
        ]),
      Element(
        "text", ["x": pixels(x), "y": pixels(line + 4), "text-anchor": "middle"],
        text: shortened(state.name, to: 2 * Self.radius + 40)),
    ]
  }

  /// Above the line from left to right, below it back, and a loop over a state that stays.
  private func arrow(_ from: Int, _ to: Int, _ share: Double, line: Double) -> [Element] {
    let (start, end) = (centre(from), centre(to))
    let path: String
    // Where the arrow ends, the point that it comes from there, and where its label stands.
    let (tip, bend, label): (Point, Point, Point)
    if from == to {
      let top = line - Self.radius
      tip = (start + 10, top + 3)
      bend = (start + 30, top - 36)
      label = (start, top - 30)
      path =
        "M \(pixels(start - 10)) \(pixels(top + 3)) C \(pixels(start - 30)) \(pixels(top - 36)) \(text(bend)) \(text(tip))"
    } else {
      let sign = to > from ? -1.0 : 1
      let height = 20 + 30 * Double(abs(to - from))
      let edge = line + sign * Self.radius * 0.8
      let inset = (to > from ? 1.0 : -1) * Self.radius * 0.6
      tip = (end - inset, edge)
      bend = ((start + end) / 2, edge + sign * 2 * height)
      label = (bend.x, edge + sign * height + (sign < 0 ? -5 : 14))
      path = "M \(pixels(start + inset)) \(pixels(edge)) Q \(text(bend)) \(text(tip))"
    }
    return [
      Element(
        "path",
        [
          "class": "kr", "d": path, "fill": "none", "stroke-width": pixels(0.6 + 4 * share),
          "stroke-opacity": pixels(0.25 + 0.7 * share), "stroke-linecap": "round",
        ]),
      head(tip, from: bend),
      Element(
        "text",
        ["class": "m halo", "x": pixels(label.x), "y": pixels(label.y), "text-anchor": "middle"],
        text: NumberFormat.significant(2).text(share)),
    ]
  }

  private typealias Point = (x: Double, y: Double)

  private func text(_ point: Point) -> String { "\(pixels(point.x)) \(pixels(point.y))" }

  /// A triangle where an arrow ends, pointing as its curve does there.
  private func head(_ tip: Point, from bend: Point) -> Element {
    let length = ((tip.x - bend.x) * (tip.x - bend.x) + (tip.y - bend.y) * (tip.y - bend.y)).squareRoot()
    let (dx, dy) = ((tip.x - bend.x) / length, (tip.y - bend.y) / length)
    let base: Point = (tip.x - 9 * dx, tip.y - 9 * dy)
    let points: [Point] = [tip, (base.x - 4 * dy, base.y + 4 * dx), (base.x + 4 * dy, base.y - 4 * dx)]
    return Element(
      "polygon",
      ["class": "fr", "points": points.map { "\(pixels($0.x)),\(pixels($0.y))" }.joined(separator: " ")])
  }

  /// Whether a transition has an arrow: the probable ones, and of each state the likeliest way out and in, so that none looks
  /// as if it could not be left or reached.
  private func isShown(_ from: Int, _ to: Int) -> Bool {
    let share = transition[from][to]
    if share <= 0 { return false }
    let out = transition[from].enumerated().filter { $0.offset != from }.map(\.element).max() ?? 0
    let into = transition.enumerated().filter { $0.offset != to }.map { $0.element[to] }.max() ?? 0
    return share >= least || from != to && (share == out || share == into)
  }

  private func bars(_ index: Int, _ state: State, top: Double) -> [Element] {
    let left = centre(index) - 124
    return state.shows.enumerated().flatMap { row, own -> [Element] in
      let y = top + Double(row) * 18
      return [
        Element("text", ["x": pixels(left), "y": pixels(y + 10)], text: shortened(own.name, to: 92)),
        Element(
          "rect",
          [
            "x": pixels(left + 96), "y": pixels(y + 1),
            "width": pixels(max(0.5, 56 * min(max(own.share, 0), 1))),
            "height": "11", "class": "f1",
          ]),
        Element(
          "text", ["class": "m", "x": pixels(left + 160), "y": pixels(y + 10)], text: own.text),
      ]
    }
  }
}
