internal import RecurrentCore

/// Which column of a file is meant: by its number or by its name.
public enum ColumnKey: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  /// From 1.
  case number(Int)
  /// As a header has it, or CoNLL-U calls it.
  case name(String)

  /// The columns of CoNLL-U, in order.
  public static let conlluNames = [
    "id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc",
  ]

  public init(integerLiteral number: Int) { self = .number(number) }
  public init(stringLiteral name: String) { self = .name(name) }

  /// As one types it: digits are a number, all else is a name.
  public init(parsing text: String) {
    let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    self = (isNumber ? Int(text) : nil).map(ColumnKey.number) ?? .name(text)
  }

  var isName: Bool { if case .name = self { true } else { false } }

  /// The number, from 1, of a column of CoNLL-U; names in any case.
  ///
  /// - Throws: `unknownColumn`.
  func conlluNumber(in source: String) throws(DataError) -> Int {
    switch self {
    case .number(let number) where number >= 1: return number
    case .number(let number):
      throw .sequence(.unknownColumn(name: "\(number)", nearest: nil), at: DataError.Place(source))
    case .name(let name):
      if let index = Self.conlluNames.firstIndex(of: name.lowercased()) { return index + 1 }
      throw .sequence(
        .unknownColumn(name: name, nearest: nearestName(to: name.lowercased(), among: Self.conlluNames)),
        at: DataError.Place(source))
    }
  }

  public var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .name(let name): name
    }
  }
}
