internal import RecurrentCore
internal import Recurrent
internal import RecurrentReports

/// A tagger as a JSON file of its counts: `{"format": "recurrent.hmm-tagger/1", "tags": […], "initial": […], "transition": [[…]],
/// "final": […], "words": {"walks": {"NOUN": 2, "VERB": 5}}}`.
public struct MarkovTaggerFile: Sendable {
  /// What the file holds.
  public let tagger: MarkovTagger
  static let format = "recurrent.hmm-tagger/1"

  /// A tagger to be written.
  public init(_ tagger: MarkovTagger) { self.tagger = tagger }

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
      let value: JSONValue = [
        "format": .string(Self.format), "tags": .array(counts.tags.map { .string($0) }),
        "initial": list(counts.initial), "transition": .array(counts.transition.map(list)),
        "final": list(counts.final), "words": .object(words),
      ]
      do throws(JSONError) {
        return try value.text() + "\n"
      } catch {
        throw MarkovError("\(error)")
      }
    }
  }

  /// - Returns: `nil` where the file is not a tagger's.
  /// - Throws: ``MarkovFileError``.
  public init?(bytes: [UInt8], name: String) throws(MarkovFileError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes, name: name)
    } catch {
      throw MarkovFileError(place: error.location, problem: "found \(error.found); \(error.expected)")
    }
    guard value["format"]?.string == Self.format else { return nil }
    func fault(_ problem: String) -> MarkovFileError { MarkovFileError(place: name, problem: problem) }
    // Larger numbers are no counts, and their sums might overflow.
    let mostCounted = 0x1p53
    var counts = TagCounts()
    counts.tags = value["tags"]?.array?.compactMap(\.string) ?? []
    let size = counts.tags.count
    if Set(counts.tags).count != size { throw fault("\"tags\": a tag stands there twice") }
    func numbers(_ value: JSONValue?, _ member: String) throws(MarkovFileError) -> [Double] {
      let numbers = value?.array?.compactMap(\.double) ?? []
      guard numbers.count == size, numbers.allSatisfy({ $0 >= 0 && $0 <= mostCounted }) else {
        throw fault("\"\(member)\": expected \(size) counts, one a tag")
      }
      return numbers
    }
    counts.initial = try numbers(value["initial"], "initial")
    counts.final = try numbers(value["final"], "final")
    for row in value["transition"]?.array ?? [] { counts.transition.append(try numbers(row, "transition")) }
    if counts.transition.count != size { throw fault("\"transition\": expected \(size) rows, one a tag") }
    guard case .object(let words)? = value["words"], size > 0 else {
      throw fault("tags or words are missing")
    }
    let places = Dictionary(counts.tags.enumerated().map { ($1, $0) }) { first, _ in first }
    for (word, own) in words {
      guard case .object(let tags) = own, !tags.isEmpty else {
        throw fault("\"words\": \(quoted(word)) has no counts")
      }
      var row = [Double](repeating: 0, count: size)
      for (tag, count) in tags {
        guard let place = places[tag], let count = count.double, count > 0, count <= mostCounted
        else {
          throw fault(
            "\"words\": \(quoted(word)) counts \(quoted(tag)), which is no tag, or not a count above 0")
        }
        row[place] = count
      }
      counts.words[word] = row
    }
    do throws(MarkovError) {
      tagger = try MarkovTagger(counts: counts, source: name)
    } catch {
      throw fault("\(error)")
    }
  }
}
