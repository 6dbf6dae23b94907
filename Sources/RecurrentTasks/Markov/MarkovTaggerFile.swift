internal import RecurrentCore
internal import Recurrent
internal import RecurrentReports

/// A tagger as a JSON file of its counts: `{"format": "recurrent.hmm-tagger/1", "tags": […], "initial": […], "transition": [[…]],
/// "final": […], "words": {"walks": {"NOUN": 2, "VERB": 5}}}`. `tokenColumn` and `labelColumn` are there where it was counted from
/// CoNLL columns.
public struct MarkovTaggerFile: Sendable {
  /// What the file holds.
  public let tagger: MarkovTagger
  /// Of CoNLL columns, that of the words, from 1; `nil`: it is not known.
  public let tokenColumn: Int?
  /// Of CoNLL columns, that of the tags, from 1; `nil`: it is not known.
  public let labelColumn: Int?
  static let format = "recurrent.hmm-tagger/1"

  /// A tagger to be written.
  public init(_ tagger: MarkovTagger, tokenColumn: Int? = nil, labelColumn: Int? = nil) {
    (self.tagger, self.tokenColumn, self.labelColumn) = (tagger, tokenColumn, labelColumn)
  }

  /// As it stands in a file.
  ///
  /// - Throws: never but where a word cannot be written as JSON.
  public var text: String {
    get throws(MarkovError) {
      let counts = tagger.counts
      func list(_ numbers: [Double]) -> JSONValue { .array(numbers.map { .number($0) }) }
      let words = counts.words.mapValues { own in
        JSONValue.object(
          Dictionary(
            uniqueKeysWithValues: zip(counts.tags, own).filter { $0.1 > 0 }.map { ($0.0, .number($0.1)) }))
      }
      var members: [String: JSONValue] = [
        "format": .string(Self.format), "tags": .array(counts.tags.map { .string($0) }),
        "initial": list(counts.initial), "transition": .array(counts.transition.map(list)),
        "final": list(counts.final), "words": .object(words),
      ]
      members["tokenColumn"] = tokenColumn.map { .integer($0) }
      members["labelColumn"] = labelColumn.map { .integer($0) }
      do throws(JSONError) {
        return try JSONValue.object(members).text() + "\n"
      } catch {
        throw MarkovError("\(error)")
      }
    }
  }

  /// - Returns: `nil` where the file is not a tagger's.
  /// - Throws: ``MarkovFileError``.
  public init?(bytes: [UInt8], name: String) throws(MarkovFileError) {
    var reader = try MarkovFileReader(bytes, name)
    guard reader.has("format"), try reader.string("format") == Self.format else { return nil }
    tokenColumn = try reader.column("tokenColumn")
    labelColumn = try reader.column("labelColumn")
    let counts = try reader.tagCounts()
    do throws(MarkovError) {
      tagger = try MarkovTagger(counts: counts, source: name)
    } catch {
      throw MarkovFileError(place: name, problem: "\(error)")
    }
  }
}

extension MarkovFileReader {
  /// The number of a column, from 1, where there is one.
  fileprivate mutating func column(_ member: String) throws(MarkovFileError) -> Int? {
    guard has(member) else { return nil }
    guard let number = try integer(member), number > 0 else {
      throw fault(member, "expected the number of a column, from 1")
    }
    return number
  }

  fileprivate mutating func tagCounts() throws(MarkovFileError) -> TagCounts {
    var counts = TagCounts()
    counts.tags = try strings("tags")
    let size = counts.tags.count
    counts.initial = try checked(try numbers("initial"), size, "initial")
    counts.final = try checked(try numbers("final"), size, "final")
    let transition = try matrix("transition")
    if transition.rows != size {
      throw fault("transition", "found \(counted(transition.rows, "row")), expected \(size), one a tag")
    }
    for row in 0..<size {
      counts.transition.append(try checked(transition.row(row), size, "transition"))
    }
    counts.words = try words(counts.tags)
    try requireNoOther(than: "tagger")
    return counts
  }

  /// Larger numbers are no counts, and their sums might overflow.
  private static var mostCounted: Double { 0x1p53 }

  private func checked(
    _ numbers: [Double], _ size: Int, _ member: String
  ) throws(MarkovFileError) -> [Double] {
    guard numbers.count == size, numbers.allSatisfy({ $0 >= 0 && $0 <= Self.mostCounted }) else {
      throw fault(member, "expected \(counted(size, "count")) from 0 to 2^53, one a tag")
    }
    return numbers
  }

  private mutating func words(_ tags: [String]) throws(MarkovFileError) -> [String: [Double]] {
    let places = Dictionary(uniqueKeysWithValues: tags.enumerated().map { ($1, $0) })
    var words: [String: [Double]] = [:]
    for (word, own) in try object("words") {
      guard case .object(let counts) = own, !counts.isEmpty else {
        throw fault("words", "\(quoted(word)) has no counts")
      }
      var row = [Double](repeating: 0, count: tags.count)
      for (tag, count) in counts {
        guard let place = places[tag], let count = count.double, count > 0, count <= Self.mostCounted
        else {
          throw fault(
            "words", "\(quoted(word)) counts \(quoted(tag)), which is no tag, or not a count above 0")
        }
        row[place] = count
      }
      words[word] = row
    }
    return words
  }
}
