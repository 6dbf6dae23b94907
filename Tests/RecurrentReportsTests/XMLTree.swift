import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A parsed XML text: by Foundation's parser, not by the code that wrote it.
final class XMLTree {
  let name: String
  let attributes: [String: String]
  private(set) var children: [XMLTree] = []
  private(set) var text = ""

  init(name: String, attributes: [String: String]) {
    self.name = name
    self.attributes = attributes
  }

  static func parse(_ text: String) throws -> XMLTree {
    let parser = XMLParser(data: Data(text.utf8))
    let builder = Builder()
    parser.delegate = builder
    guard parser.parse(), let root = builder.root else {
      throw ParseFailure(line: parser.lineNumber, column: parser.columnNumber, error: parser.parserError)
    }
    return root
  }

  struct ParseFailure: Error {
    let line: Int
    let column: Int
    let error: (any Error)?
  }

  /// This element and all below it, in document order.
  var all: [XMLTree] { [self] + children.flatMap(\.all) }

  func all(_ name: String, class wanted: String? = nil) -> [XMLTree] {
    all.filter { $0.name == name && (wanted == nil || $0.classes.contains(wanted!)) }
  }

  var classes: [String] { (attributes["class"] ?? "").split(separator: " ").map(String.init) }

  func number(_ attribute: String) -> Double { attributes[attribute].flatMap(Double.init) ?? .nan }

  /// The first element of that name below this one.
  func first(_ name: String) -> XMLTree? { all(name).first }

  private final class Builder: NSObject, XMLParserDelegate {
    var root: XMLTree?
    private var stack: [XMLTree] = []

    func parser(
      _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String] = [:]
    ) {
      let element = XMLTree(name: elementName, attributes: attributes)
      if let parent = stack.last { parent.children.append(element) } else { root = element }
      stack.append(element)
    }

    func parser(_ parser: XMLParser, didEndElement: String, namespaceURI: String?, qualifiedName: String?) {
      stack.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { stack.last?.text += string }
  }
}

/// The corner points of a path written with absolute M, L, H and V; other commands are skipped with their numbers.
func pathPoints(_ path: String) -> [[(x: Double, y: Double)]] {
  var pieces: [[(x: Double, y: Double)]] = []
  var command: Character = " "
  var numbers: [Double] = []
  var here = (x: 0.0, y: 0.0)
  func flush() {
    switch command {
    case "M" where numbers.count == 2:
      here = (numbers[0], numbers[1])
      pieces.append([here])
    case "L" where numbers.count == 2:
      here = (numbers[0], numbers[1])
      pieces[pieces.count - 1].append(here)
    case "H" where numbers.count == 1:
      here.x = numbers[0]
      pieces[pieces.count - 1].append(here)
    case "V" where numbers.count == 1:
      here.y = numbers[0]
      pieces[pieces.count - 1].append(here)
    default: break
    }
    numbers = []
  }
  var number = ""
  for character in path + " Z" {
    if character.isNumber || character == "." || character == "-" {
      number.append(character)
      continue
    }
    if let value = Double(number) { numbers.append(value) }
    number = ""
    if character.isLetter {
      flush()
      command = character
    }
  }
  return pieces
}
