/// What one token is to an entity: outside, or its beginning, inside, end or whole, with the entity's type.
public struct EntityTag: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The letter before the type.
  public enum Position: String, Sendable, Hashable, CaseIterable, Codable {
    /// Of no entity.
    case outside = "O"
    /// First token of an entity; what that means differs between schemes.
    case begin = "B"
    /// A token of an entity.
    case inside = "I"
    /// Last token of an entity of two tokens or more (BIOES).
    case end = "E"
    /// The only token of an entity (BIOES).
    case single = "S"
  }

  /// Where in an entity.
  public let position: Position
  /// The entity's type; empty for ``Position/outside`` and in texts that have one type and do not name it.
  public let type: String

  /// Of no entity.
  public static let outside = EntityTag(.outside, "")

  /// From its parts; the type of ``Position/outside`` is dropped.
  public init(_ position: Position, _ type: String) {
    (self.position, self.type) = (position, position == .outside ? "" : type)
  }

  /// As it is written: `O`, `B-PER`, or `B` where types are not named. The type is all that follows the first hyphen.
  ///
  /// Nil for every other text, and for a type with white space at an end: "PER " would be another type than "PER".
  public init?(_ text: String) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let position = Position(rawValue: String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      self.init(position, "")
      return
    }
    guard let first = parts[1].first, let last = parts[1].last, position != .outside, !first.isWhitespace,
      !last.isWhitespace
    else { return nil }
    self.init(position, String(parts[1]))
  }

  public var description: String { type.isEmpty ? position.rawValue : "\(position.rawValue)-\(type)" }
}
