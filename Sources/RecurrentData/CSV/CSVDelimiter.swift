internal import RecurrentCore

/// What separates the cells of a row.
public enum CSVDelimiter: String, Codable, CaseIterable, Sendable {
  /// By the names that ``init(parsing:)`` reads.
  case comma, semicolon, tab, bar

  package var byte: UInt8 {
    switch self {
    case .comma: UInt8(ascii: ",")
    case .semicolon: UInt8(ascii: ";")
    case .tab: UInt8(ascii: "\t")
    case .bar: UInt8(ascii: "|")
    }
  }

  /// `comma`, `semicolon`, `tab` or `bar`.
  public var name: String { rawValue }

  /// From its name or the character itself: `comma` or `,`; a tab may be written `\t`.
  public init(parsing text: String) throws(DataError) {
    let named = Self(rawValue: text.lowercased())
    let literal = Self.allCases.first { text.utf8.elementsEqual([$0.byte]) }
    guard let delimiter = named ?? literal ?? (text == "\\t" ? .tab : nil) else {
      throw .setup(.delimiter(text))
    }
    self = delimiter
  }
}
