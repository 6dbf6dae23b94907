/// Colours, line patterns and style sheets of figures.
///
/// The series colours start from M. Okabe and K. Ito, "Color Universal Design" (2008), chosen to be told apart with
/// every common kind of colour vision; yellow is left out (too faint on white) and the rest is darkened for white paper
/// and lightened for dark screens. No figure relies on colour alone: line patterns, marker shapes and hatching differ
/// too.
enum Palette {
  /// Role, colour on white, colour on dark.
  private static let colours: [(role: String, light: String, dark: String)] = [
    ("paper", "#ffffff", "#16181d"), ("ink", "#1b1e24", "#e8eaee"), ("muted", "#5a616e", "#a4abb8"),
    ("grid", "#e3e6eb", "#2e333c"), ("shade", "#eef1f6", "#22262e"),
    ("c0", "#0072b2", "#5ab4f0"), ("c1", "#d55e00", "#ff8f4d"), ("c2", "#00805c", "#3ccf9f"),
    ("c3", "#b0528c", "#e79fcb"), ("c4", "#a87400", "#f0bb45"), ("c5", "#3a97c9", "#a5dcf7"),
  ]

  /// How many series colours there are.
  static let count = 6

  /// Stroke patterns. Five, so that with six colours thirty series differ.
  static let dashes = ["", "7 4", "2 3", "10 3 2 3", "14 5"]

  /// The rules that both kinds of figure share, with a colour for each role.
  private static func rules(_ colour: (String) -> String) -> String {
    var lines = [
      ".figure{font-family:system-ui,-apple-system,'Segoe UI','DejaVu Sans',Arial,sans-serif;font-size:12px}",
      ".paper{fill:\(colour("paper"))}", ".shade{fill:\(colour("shade"))}",
      ".figure text{fill:\(colour("ink"))}", ".figure text.m{fill:\(colour("muted"))}",
      ".figure text.h{font-size:15px;font-weight:600}", ".figure text.s{font-size:11px}",
      ".figure text.o{fill:\(colour("paper"))}",
      ".figure text.halo{stroke:\(colour("paper"));stroke-width:3.5px;paint-order:stroke;stroke-linejoin:round}",
      ".a{stroke:\(colour("muted"));fill:none}", ".g{stroke:\(colour("grid"));fill:none}",
      ".l{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}",
      ".p{fill:none;stroke-width:4;stroke-linecap:round}",
      ".kr{stroke:\(colour("ink"))}", ".fr{fill:\(colour("ink"))}", ".fp{fill:\(colour("paper"))}",
      ".fm{fill:\(colour("muted"))}",
    ]
    for index in 0..<count {
      let value = colour("c\(index)")
      lines.append(".k\(index){stroke:\(value)}.f\(index){fill:\(value)}")
    }
    return lines.joined()
  }

  /// The style sheet inside a figure that stands alone: colours as they are, since not every viewer knows variables.
  static let standaloneStyle = rules { role in colours.first { $0.role == role }!.light }

  /// The style sheet of a page: light, dark where the reader prefers it, light again on paper.
  static var pageStyle: String {
    let light = colours.map { "--\($0.role):\($0.light)" }.joined(separator: ";")
    let dark = colours.map { "--\($0.role):\($0.dark)" }.joined(separator: ";")
    return ":root{color-scheme:light dark;\(light)}"
      + "@media (prefers-color-scheme:dark){:root{\(dark)}}"
      + "@media print{:root{color-scheme:light;\(light)}}"
      + rules { "var(--\($0))" }
  }
}

/// How one series is told from the others.
struct SeriesLook: Hashable {
  /// The part of class names after k (stroke) and f (fill).
  let colour: String
  let dash: String
  let shape: Int
  let hatching: Int

  init(index: Int, isReference: Bool) {
    colour = isReference ? "r" : String(index % Palette.count)
    dash = isReference ? "" : Palette.dashes[index % Palette.dashes.count]
    // One further each time the colours start again.
    shape = isReference ? 0 : (index + index / Palette.count) % 6
    hatching = isReference ? 0 : index % 5
  }

  /// A line in this look.
  func line(_ path: String, width: Double? = nil) -> Element {
    var element = Element("path", ["class": "l k\(colour)"])
    if !dash.isEmpty { element.attributes.append(("stroke-dasharray", dash)) }
    if let width { element.attributes.append(("stroke-width", pixels(width))) }
    element.attributes.append(("d", path))
    return element
  }

  /// The path of one marker: circle, square, triangle, diamond, cross, inverted triangle.
  func marker(_ x: Double, _ y: Double) -> String {
    func at(_ dx: Double, _ dy: Double) -> String { "\(pixels(x + dx)) \(pixels(y + dy))" }
    return switch shape {
    case 1: "M\(at(-2.8, -2.8))h5.6v5.6h-5.6z"
    case 2: "M\(at(0, -3.6))l3.5 6.3h-7z"
    case 3: "M\(at(0, -3.9))l3.9 3.9l-3.9 3.9l-3.9 -3.9z"
    case 4: "M\(at(-3, -3))l6 6m0 -6l-6 6"
    case 5: "M\(at(0, 3.6))l3.5 -6.3h-7z"
    default: "M\(at(-3, 0))a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z"
    }
  }

  /// Several markers in one element.
  func markers(_ path: String) -> Element {
    // A cross has no inside; the others are filled.
    shape == 4
      ? Element("path", ["class": "l k\(colour)", "d": path])
      : Element("path", ["class": "f\(colour)", "d": path])
  }
}
