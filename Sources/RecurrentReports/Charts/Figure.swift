/// A picture that renders to SVG.
///
/// The same figure always gives the same bytes. It carries its title and a summary in words for readers who do not see
/// it, needs no script, font, image or other file, and no identifier that could clash with another figure's.
public protocol Figure: Sendable {
  /// The heading; also the accessible name.
  var title: String { get }

  /// What the figure shows, in a sentence or two, for readers who do not see it.
  var summary: String { get }

  /// The SVG text.
  func svg(_ use: SVGUse) -> String
}

/// Where an SVG text will stand.
public enum SVGUse: Sendable, Hashable {
  /// A file of its own: brings its colours (for white paper) and a white background.
  case standalone
  /// Inside an `HTMLReport`, whose style sheet gives the colours, light or dark.
  case embedded
}

extension Figure {
  /// The SVG text of a file of its own.
  public func svg() -> String { svg(.standalone) + "\n" }

  /// The outermost element around a figure's content.
  func svgRoot(width: Double, height: Double, _ use: SVGUse, _ content: [Element]) -> String {
    let (width, height) = (pixels(width), pixels(height))
    var children = [Element("title", text: title), Element("desc", text: summary)]
    if use == .standalone {
      children.append(Element("style", text: Palette.standaloneStyle))
      children.append(Element("rect", ["class": "paper", "width": width, "height": height]))
    }
    let root = Element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "figure", "role": "img", "aria-label": title,
        "width": width, "height": height, "viewBox": "0 0 \(width) \(height)",
      ], children + content)
    return root.markup
  }
}

/// A coordinate with at most one decimal, by whole-number arithmetic, so that it is the same everywhere.
func pixels(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded())
  let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
  return (tenths < 0 ? "-" : "") + String(whole) + (rest == 0 ? "" : ".\(rest)")
}

/// About how wide a text is, in pixels. Generous: no font is measured, and readers have different ones.
func textWidth(_ text: String, size: Double = 12) -> Double {
  text.reduce(0) { sum, character in
    if displayWidth(String(character)) > 1 { return sum + size }
    return sum + ("ijl.,:;'|! ".contains(character) ? 0.34 : character.isUppercase ? 0.72 : 0.61) * size
  }
}

/// The text, cut with an ellipsis where it is wider than a number of pixels.
func shortened(_ text: String, to width: Double, size: Double = 12) -> String {
  guard textWidth(text, size: size) > width else { return text }
  var kept = text
  while !kept.isEmpty, textWidth(kept + "…", size: size) > width { kept.removeLast() }
  return kept + "…"
}

/// The text, cut in its middle where it is too wide: names often differ only at their end.
func shortenedInside(_ text: String, to width: Double, size: Double = 12) -> String {
  guard textWidth(text, size: size) > width else { return text }
  var start = text
  var end = ""
  // Half from the end first, then as much from the start as fits.
  while let last = start.last, textWidth(String(last) + end, size: size) < width / 2 {
    end.insert(start.removeLast(), at: end.startIndex)
  }
  while !start.isEmpty, textWidth(start + "…" + end, size: size) > width { start.removeLast() }
  return start + "…" + end
}
