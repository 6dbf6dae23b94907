/// A page that needs nothing but itself: no script, font, image or address of another file.
///
/// Light or dark as the reader's system prefers, light on paper, readable on a small screen. The same report always
/// gives the same bytes. The markup is also well-formed XML.
public struct HTMLReport: Sendable {
  /// One piece of a section.
  public enum Block: Sendable {
    /// Running text.
    case paragraph(String)
    /// Points, one text each.
    case list([String])
    /// A paragraph that stands out: a warning or a limit of what is shown.
    case note(String)
    /// A table, with its caption.
    case table(ReportTable)
    /// A chart or drawing, as SVG inside the page, with a line below it.
    case figure(any Figure, caption: String? = nil)
    /// Text as it is, in a fixed width.
    case preformatted(String)
    /// A configuration behind a heading that opens on a click. Numbers that are not finite are shown as null.
    case configuration(String, JSONValue)
  }

  /// A heading and what follows.
  public struct Section: Sendable {
    /// The heading.
    public var title: String
    /// What follows it, in order.
    public var blocks: [Block]

    /// A section.
    public init(_ title: String, _ blocks: [Block]) {
      self.title = title
      self.blocks = blocks
    }
  }

  /// The page's title, also its first heading.
  public var title: String
  /// A line below the title; `nil` for none.
  public var subtitle: String?
  /// The page's language, as in `en`.
  public var language: String
  /// In order.
  public var sections: [Section]

  /// A page; sections can be added later.
  public init(title: String, subtitle: String? = nil, language: String = "en", sections: [Section] = []) {
    self.title = title
    self.subtitle = subtitle
    self.language = language
    self.sections = sections
  }

  /// The page as UTF-8 HTML text.
  public func html() -> String {
    let head = Element(
      "head", [:],
      [
        Element("meta", ["charset": "utf-8"]),
        Element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        // The browser itself then refuses to fetch or run anything.
        Element(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; style-src 'unsafe-inline'",
          ]),
        Element("title", text: title),
        Element("style", markup: Palette.pageStyle + Self.style),
      ])
    var header = [Element("h1", text: title)]
    if let subtitle { header.append(Element("p", ["class": "subtitle"], text: subtitle)) }
    let main = Element("main", [:], header + sections.map(Self.element))
    let page = Element("html", ["lang": language], [head, Element("body", [:], [main])])
    return "<!DOCTYPE html>\n" + page.markup + "\n"
  }

  private static func element(_ section: Section) -> Element {
    Element("section", [:], [Element("h2", text: section.title)] + section.blocks.map(element))
  }

  private static func element(_ block: Block) -> Element {
    switch block {
    case .paragraph(let text): return Element("p", text: text)
    case .note(let text): return Element("p", ["class": "note", "role": "note"], text: text)
    case .preformatted(let text): return Element("pre", ["tabindex": "0"], text: text)
    case .list(let items): return Element("ul", [:], items.map { Element("li", text: $0) })
    case .table(let table): return element(table)
    case .figure(let figure, let caption):
      var element = Element("figure", markup: "\n" + figure.svg(.embedded) + "\n")
      if let caption { element.children.append(.element(Element("figcaption", text: caption))) }
      return element
    case .configuration(let title, let value):
      // With null for what is not finite, there is nothing that could be refused.
      let text = (try? value.text(indented: true, nonFinite: .null)) ?? "null"
      return Element(
        "details", [:], [Element("summary", text: title), Element("pre", ["tabindex": "0"], text: text)])
    }
  }

  private static func element(_ table: ReportTable) -> Element {
    func cells(_ name: String, _ texts: [String]) -> [Element] {
      zip(texts, table.columns).map { text, column in
        var cell = Element(name, text: text)
        if name == "th" { cell.attributes.append(("scope", "col")) }
        switch column.alignment {
        case .left: break
        case .right: cell.attributes.append(("class", "right"))
        case .center: cell.attributes.append(("class", "center"))
        }
        return cell
      }
    }
    let head = Element("thead", [:], [Element("tr", [:], cells("th", table.columns.map(\.header)))])
    let rows = table.rows.map { row in
      var element = Element("tr", [:], cells("td", row.cells))
      if row.isEmphasized { element.attributes.append(("class", "strong")) }
      return element
    }
    let caption = table.caption.map { [Element("caption", text: $0)] } ?? []
    // A wide table scrolls in its own box instead of widening the page.
    return Element(
      "div", ["class": "scroll", "tabindex": "0"],
      [Element("table", [:], caption + [head, Element("tbody", [:], rows)])])
  }

  private static let style = """
    body{margin:0;background:var(--paper);color:var(--ink);\
    font:16px/1.5 system-ui,-apple-system,'Segoe UI','DejaVu Sans',Arial,sans-serif}\
    main{max-width:760px;margin:0 auto;padding:24px 20px 48px}\
    h1{font-size:1.7em;line-height:1.2;margin:0 0 4px}h2{font-size:1.2em;margin:36px 0 8px}\
    .subtitle,figcaption,caption{color:var(--muted)}figcaption,caption{font-size:.9em;text-align:left}\
    p,ul{margin:8px 0}.note{border-left:3px solid var(--c1);background:var(--shade);padding:8px 12px}\
    figure{margin:16px 0;overflow-x:auto}svg.figure{max-width:100%;min-width:460px;height:auto}\
    .scroll{overflow-x:auto;margin:12px 0}table{border-collapse:collapse;font-size:.93em}\
    th,td{padding:4px 14px 4px 0;text-align:left;border-bottom:1px solid var(--grid)}\
    th{border-bottom-color:var(--muted);white-space:nowrap}\
    .right{text-align:right;font-variant-numeric:tabular-nums;padding:4px 14px}.center{text-align:center}\
    .strong td{font-weight:600}\
    details{margin:12px 0}summary{cursor:pointer}\
    pre{background:var(--shade);padding:12px;overflow-x:auto;font:13px/1.45 ui-monospace,'DejaVu Sans Mono',monospace}\
    @media print{main{max-width:none;padding:0}figure,tr,.note{break-inside:avoid}h2{break-after:avoid}}
    """
}
