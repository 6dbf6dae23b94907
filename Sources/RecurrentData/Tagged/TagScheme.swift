/// How entities are written as one tag a token.
///
/// | scheme | a name of two tokens | two names side by side, of one token each |
/// |---|---|---|
/// | `iob1` | I-PER I-PER | I-PER B-PER |
/// | `bio` (IOB2) | B-PER I-PER | B-PER B-PER |
/// | `bioes` | B-PER E-PER | S-PER S-PER |
public enum TagScheme: String, Sendable, Hashable, CaseIterable, Codable {
  /// B only where an entity follows another of its type without a gap.
  case iob1
  /// B at the beginning of every entity; also called IOB2.
  case bio
  /// B at the beginning, E at the end of an entity of several tokens; S for one of one token. Also called IOBES; BILOU, which
  /// writes L and U for E and S, is not read.
  case bioes

  // MARK: - Writing

  /// The tags of a sentence.
  ///
  /// - Parameters:
  ///   - entities: in any order.
  ///   - count: tokens of the sentence.
  /// - Precondition: entities lie in the sentence and do not overlap.
  public func tags(_ entities: [Entity], count: Int) -> [EntityTag] {
    var tags = [EntityTag](repeating: .outside, count: count)
    var previous: Entity?
    for entity in entities.sorted(by: { $0.tokens.lowerBound < $1.tokens.lowerBound }) {
      precondition(
        entity.tokens.lowerBound >= previous?.tokens.upperBound ?? 0 && entity.tokens.upperBound <= count,
        "TagScheme: entity \(entity.tokens) overlaps another or leaves the sentence of \(count) tokens")
      let touches = previous?.type == entity.type && previous?.tokens.upperBound == entity.tokens.lowerBound
      for token in entity.tokens {
        let isFirst = token == entity.tokens.lowerBound
        let isLast = token == entity.tokens.upperBound - 1
        let position: EntityTag.Position =
          switch self {
          case .iob1: isFirst && touches ? .begin : .inside
          case .bio: isFirst ? .begin : .inside
          case .bioes: isFirst ? (isLast ? .single : .begin) : (isLast ? .end : .inside)
          }
        tags[token] = EntityTag(position, entity.type)
      }
      previous = entity
    }
    return tags
  }

  /// The tags of the same entities in this scheme, whatever scheme they are in; tags that no scheme allows are mended by the rule of
  /// ``Entity/entities(in:)``, so tags without a violation come back as they are.
  public func repaired(_ tags: [EntityTag]) -> [EntityTag] {
    self.tags(Entity.entities(in: tags), count: tags.count)
  }

  // MARK: - Rules

  /// Whether a tag may follow another; `previous` is nil at the beginning of a sentence.
  public func allows(_ tag: EntityTag, after previous: EntityTag?) -> Bool {
    let previous = previous ?? .outside
    let continues = previous.position != .outside && previous.type == tag.type
    switch self {
    case .iob1:
      return tag.position == .begin ? continues : tag.position == .inside || tag.position == .outside
    case .bio:
      return tag.position == .inside ? continues : tag.position == .begin || tag.position == .outside
    case .bioes:
      let isOpen = Self.isOpen(previous)
      switch tag.position {
      case .inside, .end: return isOpen && previous.type == tag.type
      case .outside, .begin, .single: return !isOpen
      }
    }
  }

  /// Whether a sentence may end after a tag.
  public func allowsEnd(after tag: EntityTag) -> Bool { self != .bioes || !Self.isOpen(tag) }

  /// Whether the entity goes on (BIOES).
  private static func isOpen(_ tag: EntityTag) -> Bool { tag.position == .begin || tag.position == .inside }

  /// A place in a sentence whose tag the scheme does not allow.
  public struct Violation: Sendable, Hashable {
    /// From 0; the last token where the sentence ends too early.
    public let token: Int
    /// Nil: what is not allowed is that the sentence ends.
    public let tag: EntityTag?
    /// Nil at the beginning of a sentence.
    public let previous: EntityTag?
    /// What would be allowed, in words.
    public let expected: String
  }

  /// Every place of a sentence that the scheme does not allow, in order.
  public func violations(in tags: [EntityTag]) -> [Violation] {
    var violations: [Violation] = []
    for (token, tag) in tags.enumerated() {
      let previous = token > 0 ? tags[token - 1] : nil
      if allows(tag, after: previous) { continue }
      violations.append(
        Violation(token: token, tag: tag, previous: previous, expected: expectation(tag, previous)))
    }
    if let last = tags.last, !allowsEnd(after: last) {
      violations.append(
        Violation(
          token: tags.count - 1, tag: nil, previous: last,
          expected: "\(EntityTag(.end, last.type)) or \(EntityTag(.single, last.type)) at the end"))
    }
    return violations
  }

  private func expectation(_ tag: EntityTag, _ previous: EntityTag?) -> String {
    func named(_ position: EntityTag.Position, _ type: String) -> String { "\(EntityTag(position, type))" }
    switch (self, tag.position) {
    case (.iob1, .begin): return "\(named(.begin, tag.type)) only right behind an entity of its type"
    case (.bio, .inside):
      return
        "\(named(.inside, tag.type)) only after \(named(.begin, tag.type)) or \(named(.inside, tag.type))"
    case (.bioes, _):
      if let previous, Self.isOpen(previous) {
        return
          "\(named(.inside, previous.type)) or \(named(.end, previous.type)) after \(previous)"
      }
      return "\(tag) only after \(named(.begin, tag.type)) or \(named(.inside, tag.type))"
    default: return "tags O, B- and I- only"
    }
  }
}
