/// What is wrong with a file of tagged, labelled or measured sequences.
public enum SequenceFault: Equatable, Sendable {
  /// A name that no column of CoNLL-U has, or a number below 1.
  case unknownColumn(name: String, nearest: String?)
  /// A text that cannot stand in a cell: it is empty, or has what separates cells or lines.
  case notACell(text: String, separator: String)
  /// A text that is no tag of an entity: neither `O` nor `B-`, `I-`, `E-` or `S-` before a type.
  case notATag(text: String)
  /// A tag that its scheme does not allow after the one before it; `previous` is nil where a sentence begins, and `tag` where it ends.
  case misplacedTag(tag: String?, after: String?, scheme: TagScheme, expected: String)
  /// A tag that only one scheme has where an earlier one belongs to another.
  case mixedSchemes(
    tag: String, after: String?, scheme: TagScheme, earlier: String, line: Int, other: TagScheme)
  /// A line without a label, or with an empty one.
  case missingLabel
  /// A label that the file's header does not list.
  case unknownLabel(text: String, nearest: String?, available: [String])
  /// A line that begins with "@" and is not understood, or says what cannot be.
  case header(text: String, expected: String)
  /// A text where a number should be.
  case notANumber(text: String)
  /// Another number of things than this place needs; `of` says of what, the noun first and in the singular: "value in channel 2".
  case count(found: Int, expected: Int, of: String)
  /// JSON that is not as it should be, or not what such a file has.
  case json(found: String, expected: String)
  /// A file or folder that has no example.
  case noExample(what: String)
  /// A file that ends before all that its first line announces.
  case cutShort(found: Int, expected: Int, of: String)
}

extension SequenceFault: DataFault {
  var category: DataError.Category {
    switch self {
    case .unknownColumn, .notACell: .usage
    default: .badData
    }
  }

  var explanation: Explanation {
    switch self {
    case .unknownColumn(let name, let nearest):
      Explanation(
        finding: "there is no column \(quoted(name))",
        expectation: "a number from 1, or one of \(ColumnKey.conlluNames.joined(separator: ", "))",
        remedy: nearest.map { "did you mean \(quoted($0))?" } ?? "count the file's columns from 1")
    case .notACell(let text, let separator):
      Explanation(
        finding: "\(quoted(text)) for a cell", expectation: "a text with no \(separator) and no line end",
        remedy: "write it in another way")
    case .notATag(let text):
      Explanation(
        finding: "\(quoted(text)) is no tag of an entity",
        expectation: "O, or B-, I-, E- or S- before a type", remedy: "correct it, or name another column")
    case .misplacedTag(let tag, let previous, let scheme, let expected):
      Explanation(
        finding: Self.finding(tag, previous), expectation: "\(expected) in \(scheme.rawValue)",
        remedy: "correct the tag, convert the file from the scheme that it has, or give --repair")
    case .mixedSchemes(let tag, let previous, let scheme, let earlier, let line, let other):
      Explanation(
        finding: "\(Self.finding(tag, previous)), as \(scheme.rawValue) has it",
        expectation: "\(other.rawValue), as \(quoted(earlier)) in line \(grouped(line)) says",
        remedy: "write all tags in one scheme, or give --repair where one of the two is a slip")
    case .missingLabel:
      Explanation(
        finding: "no label", expectation: "one for each example", remedy: "add it, or take the line out")
    case .unknownLabel(let text, let nearest, let available):
      Explanation(
        finding: "label \(quoted(text))", expectation: "one of \(listedBriefly(available))",
        remedy: nearest.map { "did you mean \(quoted($0))?" } ?? "correct it, or take the line out")
    case .header(let text, let expected):
      Explanation(finding: quoted(text), expectation: expected, remedy: "correct the header")
    case .notANumber(let text):
      Explanation(finding: quoted(text), expectation: "a finite number", remedy: "correct it")
    case .count(let found, let expected, let what):
      Explanation(
        finding: Self.many(found, what), expectation: grouped(expected), remedy: "mend the line")
    case .json(let found, let expected):
      Explanation(finding: found, expectation: expected, remedy: "mend the file")
    case .noExample(let what):
      Explanation(
        finding: "there is no \(what)", expectation: "at least one", remedy: "give a file or folder with data"
      )
    case .cutShort(let found, let expected, let what):
      Explanation(
        finding: "the file ends after \(Self.many(found, what))",
        expectation: "\(grouped(expected)), as its first line says", remedy: "fetch the file again")
    }
  }

  /// `2 values in channel 2` of `value in channel 2`.
  private static func many(_ count: Int, _ what: String) -> String {
    let words = what.split(separator: " ", maxSplits: 1).map(String.init)
    return ([counted(count, words[0])] + words.dropFirst()).joined(separator: " ")
  }

  private static func finding(_ tag: String?, _ previous: String?) -> String {
    switch (tag, previous) {
    case (nil, let previous): "the sentence ends after \(quoted(previous ?? ""))"
    case (let tag?, nil): "\(quoted(tag)) at the beginning of a sentence"
    case (let tag?, let previous?): "\(quoted(tag)) after \(quoted(previous))"
    }
  }
}
