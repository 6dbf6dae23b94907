/// A run of tokens of one type: a person's name, a place, a chunk.
public struct Entity: Sendable, Hashable, Codable {
  /// As its tags name it.
  public let type: String
  /// Tokens of the sentence, from 0; at least one.
  public let tokens: Range<Int>

  /// - Precondition: at least one token.
  public init(type: String, tokens: Range<Int>) {
    precondition(!tokens.isEmpty, "Entity: no token")
    (self.type, self.tokens) = (type, tokens)
  }

  /// The entities of a sentence, in order, as conlleval reads them: any scheme, and tags that no scheme allows too.
  ///
  /// An entity begins at B and S, at any tag of an entity after O, at E or I after E or S, and where the type changes; it ends before the next
  /// one begins and before O. For O, B and I this is the rule of conlleval, to which its translation into Python added S.
  public static func entities(in tags: [EntityTag]) -> [Entity] {
    var entities: [Entity] = []
    var start: Int?
    for index in tags.indices {
      let isBegin = begins(tags[index], after: index > 0 ? tags[index - 1] : .outside)
      if let first = start, isBegin || tags[index].position == .outside {
        entities.append(Entity(type: tags[first].type, tokens: first..<index))
        start = nil
      }
      if isBegin { start = index }
    }
    if let first = start { entities.append(Entity(type: tags[first].type, tokens: first..<tags.count)) }
    return entities
  }

  private static func begins(_ tag: EntityTag, after previous: EntityTag) -> Bool {
    switch (previous.position, tag.position) {
    case (_, .outside): false
    case (_, .begin), (_, .single), (.outside, _), (.end, _), (.single, _): true
    case (.begin, _), (.inside, _): previous.type != tag.type
    }
  }
}
