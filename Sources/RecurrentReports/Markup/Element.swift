/// A piece of SVG or HTML; it is written as well-formed XML, so the same text serves both.
struct Element {
  enum Node {
    case element(Element)
    case text(String)
    /// Markup that was escaped already.
    case markup(String)
  }

  let name: String
  var attributes: [(name: String, value: String)]
  var children: [Node]

  init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Element] = []) {
    self.name = name
    self.attributes = attributes.map { ($0.key, $0.value) }
    self.children = children.map(Node.element)
  }

  init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) {
    self.name = name
    self.attributes = attributes.map { ($0.key, $0.value) }
    children = [.text(text)]
  }

  init(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], markup: String) {
    self.name = name
    self.attributes = attributes.map { ($0.key, $0.value) }
    children = [.markup(markup)]
  }

  /// The markup. Elements stand on lines of their own except where white space would show.
  var markup: String {
    var text = ""
    write(to: &text)
    return text
  }

  private static let empty: Set<String> = [
    "meta", "br", "hr", "rect", "line", "path", "circle", "polygon", "polyline",
  ]

  private func write(to text: inout String) {
    text += "<" + name
    for attribute in attributes {
      text += " \(attribute.name)=\"\(Self.escaped(attribute.value))\""
    }
    if children.isEmpty, Self.empty.contains(name) {
      text += "/>"
      return
    }
    text += ">"
    var isBlock = false
    for child in children {
      switch child {
      case .element(let element):
        isBlock = true
        text += "\n"
        element.write(to: &text)
      case .text(let string): text += Self.escaped(string)
      case .markup(let markup): text += markup
      }
    }
    text += (isBlock ? "\n" : "") + "</\(name)>"
  }

  /// Text with the characters that XML and HTML reserve as references, and those that XML forbids replaced.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "\t", "\n", "\r": result.append(scalar)
      case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}": result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
