/// Constraints from the names of tags that mark spans of words, such as "B-PER", "I-PER" and "O". Every tag is "O" or a
/// letter, a hyphen and the span's type; a letter alone has the empty type. Tags that do not occur are no matter.
extension TransitionConstraints {
  /// B begins a span, I goes on with it, O is outside: I-X only behind B-X or I-X, so never at the start.
  ///
  /// - Parameter tags: by label, in 0 ..< K.
  ///
  /// Source: Ramshaw and Marcus, Text chunking using transformation-based learning (1995), arXiv:cmp-lg/9505040, in the form
  /// that begins every span with B (CoNLL 2002).
  public static func bio(_ tags: [String]) throws(TagSchemeError) -> TransitionConstraints {
    let parts = try parts(of: tags, letters: ["B", "I"])
    return TransitionConstraints(
      parts, starts: { $0.letter != "I" },
      follows: { before, after in
        after.letter != "I" || before.letter != "O" && before.type == after.type
      }, ends: { _ in true })
  }

  /// As ``bio(_:)``, with E for the last word of a span and S for a span of one word: behind B-X and I-X only I-X and E-X,
  /// and a sequence ends outside, or with E or S. Also called IOBES; BILOU writes L and U for E and S.
  ///
  /// Source: Ratinov and Roth, Design challenges and misconceptions in named entity recognition (CoNLL 2009), W09-1119.
  public static func bioes(_ tags: [String]) throws(TagSchemeError) -> TransitionConstraints {
    let parts = try parts(of: tags, letters: ["B", "I", "E", "S"])
    func isOpen(_ tag: Tag) -> Bool { tag.letter == "B" || tag.letter == "I" }
    func goesOn(_ tag: Tag) -> Bool { tag.letter == "I" || tag.letter == "E" }
    return TransitionConstraints(
      parts, starts: { !goesOn($0) },
      follows: { before, after in
        isOpen(before) ? goesOn(after) && before.type == after.type : !goesOn(after)
      }, ends: { !isOpen($0) })
  }

  private struct Tag {
    let letter: Substring
    let type: Substring
  }

  private init(
    _ tags: [Tag], starts: (Tag) -> Bool, follows: (Tag, Tag) -> Bool, ends: (Tag) -> Bool
  ) {
    self.init(
      labels: tags.count, starts: tags.map(starts),
      transitions: tags.map { before in tags.map { follows(before, $0) } }, ends: tags.map(ends))
  }

  private static func parts(of tags: [String], letters: [Substring]) throws(TagSchemeError) -> [Tag] {
    var result: [Tag] = []
    for (label, tag) in tags.enumerated() {
      if tags[..<label].contains(tag) { throw .repeated(tag: tag, label: label) }
      let letter = tag.prefix { $0 != "-" }
      guard tag == "O" || letters.contains(letter) else {
        throw .unknown(tag: tag, label: label, letters: letters.map(String.init))
      }
      result.append(Tag(letter: letter, type: tag.dropFirst(letter.count + 1)))
    }
    return result
  }
}

/// Why names of tags say no constraints.
public enum TagSchemeError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A tag that the scheme does not know.
  case unknown(tag: String, label: Int, letters: [String])
  /// A name that an earlier label has too.
  case repeated(tag: String, label: Int)

  public var description: String {
    switch self {
    case .unknown(let tag, let label, let letters):
      "tag '\(tag)' of label \(label), expected O or one of \(letters.map { "\($0)-TYPE" }.joined(separator: ", ")); rename it, or write the constraints as tables"
    case .repeated(let tag, let label):
      "tag '\(tag)' of label \(label) names an earlier label too; every label needs a name of its own"
    }
  }
}
