/// The tags of entities in one column of a file, with their places.
public struct EntityColumn: Sendable, Hashable {
  /// By sentences.
  public let sentences: [[EntityTag]]
  private let file: ColumnFile
  private let column: Int

  /// Reads a column.
  ///
  /// - Throws: ``DataError``: there is no such column, or a text that is no tag, with its place.
  public init(_ file: ColumnFile, column key: ColumnKey) throws(DataError) {
    let column = try file.number(of: key)
    var sentences: [[EntityTag]] = []
    for (sentence, cells) in try file.column(.number(column)).enumerated() {
      var tags: [EntityTag] = []
      for (word, text) in cells.enumerated() {
        guard let tag = EntityTag(text) else {
          throw .sequence(
            .notATag(text: text), at: file.place(sentence: sentence, word: word, column: column))
        }
        tags.append(tag)
      }
      sentences.append(tags)
    }
    (self.sentences, self.file, self.column) = (sentences, file, column)
  }

  /// Every tag that a scheme does not allow, as an error with its place.
  public func violations(of scheme: TagScheme) -> [DataError] {
    sentences.enumerated().flatMap { sentence, tags in
      scheme.violations(in: tags).map { error($0, sentence: sentence, scheme) }
    }
  }

  /// The scheme of all sentences: the first of `bio`, `iob1` and `bioes` that allows every tag. A column without an entity is `bio`.
  ///
  /// - Throws: ``DataError``: a tag that no scheme allows beside those before it, with its place.
  public func scheme() throws(DataError) -> TagScheme {
    let violations = TagScheme.allCases.map { (scheme: $0, first: first($0)) }
    for scheme in [TagScheme.bio, .iob1, .bioes]
    where violations.contains(where: { $0.scheme == scheme && $0.first == nil }) {
      return scheme
    }
    // E and S stand in one scheme alone, so all else has to follow it.
    let usesEnds = sentences.contains { $0.contains { $0.position == .end || $0.position == .single } }
    if usesEnds, let first = first(.bioes) {
      throw error(first.violation, sentence: first.sentence, .bioes)
    }
    // Here one tag is not of bio and another not of iob1; the later one is where the file turns.
    guard let notBIO = first(.bio), let notIOB1 = first(.iob1) else { return .bio }
    let isBIOFirst =
      (notIOB1.sentence, notIOB1.violation.token) < (notBIO.sentence, notBIO.violation.token)
    let (earlier, later) = isBIOFirst ? (notIOB1, notBIO) : (notBIO, notIOB1)
    throw .sequence(
      .mixedSchemes(
        tag: "\(sentences[later.sentence][later.violation.token])",
        after: later.violation.previous.map { "\($0)" }, scheme: isBIOFirst ? .iob1 : .bio,
        earlier: "\(sentences[earlier.sentence][earlier.violation.token])",
        line: place(earlier).line ?? 0, other: isBIOFirst ? .bio : .iob1), at: place(later))
  }

  private typealias Found = (sentence: Int, violation: TagScheme.Violation)

  private func first(_ scheme: TagScheme) -> Found? {
    for (sentence, tags) in sentences.enumerated() {
      if let violation = scheme.violations(in: tags).first { return (sentence, violation) }
    }
    return nil
  }

  private func place(_ found: Found) -> DataError.Place {
    file.place(sentence: found.sentence, word: found.violation.token, column: column)
  }

  private func error(_ violation: TagScheme.Violation, sentence: Int, _ scheme: TagScheme) -> DataError {
    .sequence(
      .misplacedTag(
        tag: violation.tag.map { "\($0)" }, after: violation.previous.map { "\($0)" }, scheme: scheme,
        expected: violation.expected), at: place((sentence, violation)))
  }
}
