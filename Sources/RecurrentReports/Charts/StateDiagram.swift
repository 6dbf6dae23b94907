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
  /// Less probable transitions have no arrow.
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

  private static let spacing = 240.0
  private static let radius = 26.0

  private var farthest: Double {
    var found = 0
    for (i, row) in transition.enumerated() {
      for (j, share) in row.enumerated() where share >= least { found = max(found, abs(i - j)) }
    }
    return Double(found)
  }

  private func centre(_ state: Int) -> Double { 128 + Double(state) * Self.spacing }

  /// The drawing as SVG.
  public func svg(_ use: SVGUse) -> String {
    let arc = 34 + 30 * farthest
    let line = 70 + arc
    let rows = Double(states.map(\.shows.count).max() ?? 0)
    let width = 256 + Double(max(states.count - 1, 0)) * Self.spacing
    let height = line + arc + 46 + rows * 18 + 16
    var elements: [Element] = [
      Element("text", ["class": "h", "x": "14", "y": "24"], text: shortened(title, to: width - 28, size: 15))
    ]
    for (i, row) in transition.enumerated() {
      for (j, share) in row.enumerated() where share >= least { elements += arrow(i, j, share, line: line) }
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
    let label = NumberFormat.significant(2).text(share)
    let thickness = pixels(0.6 + 4 * share)
    let (path, place): (String, (Double, Double))
    if from == to {
      let top = line - Self.radius
      path =
        "M \(pixels(start - 10)) \(pixels(top + 3)) C \(pixels(start - 30)) \(pixels(top - 36)) \(pixels(start + 30)) \(pixels(top - 36)) \(pixels(start + 10)) \(pixels(top + 3))"
      place = (start, top - 30)
    } else {
      let sign = to > from ? -1.0 : 1
      let height = 20 + 30 * Double(abs(to - from))
      let edge = line + sign * Self.radius * 0.8
      let inset = (to > from ? 1.0 : -1) * Self.radius * 0.6
      let middle = (start + end) / 2
      path =
        "M \(pixels(start + inset)) \(pixels(edge)) Q \(pixels(middle)) \(pixels(edge + sign * 2 * height)) \(pixels(end - inset)) \(pixels(edge))"
      place = (middle, edge + sign * height + (sign < 0 ? -5 : 14))
    }
    return [
      Element(
        "path",
        [
          "class": "kr", "d": path, "fill": "none", "stroke-width": thickness,
          "stroke-opacity": pixels(0.25 + 0.7 * share), "stroke-linecap": "round",
        ]),
      head(from, to, line: line),
      Element(
        "text", ["class": "m halo", "x": pixels(place.0), "y": pixels(place.1), "text-anchor": "middle"],
        text: label),
    ]
  }

  /// A small triangle where the arrow ends.
  private func head(_ from: Int, _ to: Int, line: Double) -> Element {
    let x = centre(to)
    let (tip, side): ((Double, Double), (Double, Double))
    if from == to {
      tip = (x + 10, line - Self.radius + 3)
      side = (3, -8)
    } else {
      let sign = to > from ? -1.0 : 1
      tip = (x - (to > from ? 1.0 : -1) * Self.radius * 0.6, line + sign * Self.radius * 0.8)
      side = ((to > from ? -1.0 : 1) * 5, sign * 7)
    }
    let points = [
      tip, (tip.0 + side.0 - 4, tip.1 + side.1), (tip.0 + side.0 + 4, tip.1 + side.1),
    ].map { "\(pixels($0.0)),\(pixels($0.1))" }
    return Element("polygon", ["class": "fr", "points": points.joined(separator: " ")])
  }

  private func bars(_ index: Int, _ state: State, top: Double) -> [Element] {
    let left = centre(index) - 108
    return state.shows.enumerated().flatMap { row, own -> [Element] in
      let y = top + Double(row) * 18
      return [
        Element("text", ["x": pixels(left), "y": pixels(y + 10)], text: shortened(own.name, to: 62)),
        Element(
          "rect",
          [
            "x": pixels(left + 66), "y": pixels(y + 1),
            "width": pixels(max(0.5, 56 * min(max(own.share, 0), 1))),
            "height": "11", "class": "f1",
          ]),
        Element(
          "text", ["class": "m", "x": pixels(left + 126), "y": pixels(y + 10)], text: own.text),
      ]
    }
  }
}
