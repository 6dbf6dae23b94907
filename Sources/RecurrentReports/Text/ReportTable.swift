/// A table of texts that renders for the terminal, as Markdown and in an `HTMLReport`.
public struct ReportTable: Sendable, Hashable {
  /// Where the texts of a column stand.
  public enum Alignment: Sendable, Hashable {
    /// At the left edge: words.
    case left
    /// At the right edge: numbers.
    case right
    /// In the middle: marks.
    case center
  }

  /// One column's heading and alignment.
  public struct Column: Sendable, Hashable {
    /// The heading.
    public var header: String
    /// Where its texts stand.
    public var alignment: Alignment

    /// A column of words.
    public static func text(_ header: String) -> Column { Column(header, .left) }

    /// A column of numbers: right-aligned, so that equal decimals stand under one another.
    public static func number(_ header: String) -> Column { Column(header, .right) }

    /// A column of any alignment.
    public init(_ header: String, _ alignment: Alignment) {
      self.header = header
      self.alignment = alignment
    }
  }

  /// One line of the table.
  public struct Row: Sendable, Hashable {
    /// One text for each column.
    public var cells: [String]
    /// Whether the row stands out: bold in HTML and Markdown, as the caller says on a terminal.
    public var isEmphasized: Bool
  }

  /// Said above the table in HTML and text; `nil` for none.
  public var caption: String?
  /// From left to right; at least one.
  public let columns: [Column]
  /// From top to bottom, each with a cell for every column.
  public private(set) var rows: [Row] = []

  /// An empty table.
  public init(_ columns: [Column], caption: String? = nil) {
    precondition(!columns.isEmpty, "ReportTable: no columns")
    self.columns = columns
    self.caption = caption
  }

  /// Adds a row; it must have one cell for each column.
  public mutating func append(_ cells: [String], emphasized: Bool = false) {
    precondition(
      cells.count == columns.count, "ReportTable: \(cells.count) cells for \(columns.count) columns")
    rows.append(Row(cells: cells, isEmphasized: emphasized))
  }

  /// The table for a terminal: columns two spaces apart, a rule under the headings, a newline at the end.
  ///
  /// - Parameter emphasis: What becomes of an emphasized line, for instance bold type; nothing by default.
  public func text(emphasis: (String) -> String = { $0 }) -> String {
    let cleaned = rows.map { $0.cells.map(singleLine) }
    let headers = columns.map { singleLine($0.header) }
    let widths = columns.indices.map { column in
      max(displayWidth(headers[column]), cleaned.map { displayWidth($0[column]) }.max() ?? 0)
    }
    func line(_ cells: [String]) -> String {
      let padding = zip(cells, zip(widths, columns)).map { padded($0, to: $1.0, $1.1.alignment) }
      return trimmedEnd(padding.joined(separator: "  "))
    }
    var lines = caption.map { [singleLine($0)] } ?? []
    lines.append(line(headers))
    lines.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "))
    for (row, cells) in zip(rows, cleaned) {
      lines.append(row.isEmphasized ? emphasis(line(cells)) : line(cells))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

private func trimmedEnd(_ text: String) -> String {
  var text = text
  while text.last == " " { text.removeLast() }
  return text
}
