internal import Foundation

/// How probable a word that was never counted is under each tag, from how it is written and how it ends.
///
/// Rare words are what new words are like: their endings are counted, apart by the way they are written. An ending's shares are
/// smoothed by those of the next shorter one, down to the way of writing and to all rare words:
///
///     P(tag | ending of n letters) = (share + θ P(tag | ending of n − 1 letters)) / (1 + θ)
///
/// with θ the standard deviation of the tags' own shares (Brants 2000, section 2.3).
struct UnknownWords: Sendable, Hashable {
  private static let longestEnding = 8
  /// Words that came at most so often are rare.
  private static let rarest = 10.0

  private let endings: [String: [Double]]
  private let shares: [Double]
  private let theta: Double

  init(_ counts: TagCounts) {
    var endings: [String: [Double]] = [:]
    let none = [Double](repeating: 0, count: counts.tags.count)
    for (word, own) in counts.words where own.reduce(0, +) <= Self.rarest {
      // In the middle of a sentence and at its beginning: a capital says less there.
      for isFirst in [false, true] {
        for key in Self.keys(word, isFirst: isFirst) {
          endings[key, default: none] = zip(endings[key] ?? none, own).map(+)
        }
      }
    }
    self.endings = endings
    let totals = counts.tagTotals
    let all = totals.reduce(0, +)
    shares = totals.map { $0 / all }
    let mean = 1 / Double(shares.count)
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(shares.count - 1, 1))
    theta = variance.squareRoot()
  }

  /// log P(word | tag), up to a constant that is the same for all tags.
  func scores(_ word: String, isFirst: Bool) -> [Double] {
    var probabilities = shares
    for key in Self.keys(word, isFirst: isFirst) {
      guard let counted = endings[key] else { break }
      let sum = counted.reduce(0, +)
      probabilities = zip(counted, probabilities).map { ($0 / sum + theta * $1) / (1 + theta) }
    }
    return zip(probabilities, shares).map { log($0 / $1) }
  }

  /// From the way of writing to the longest ending.
  private static func keys(_ word: String, isFirst: Bool) -> [String] {
    let letters = Array(word.lowercased())
    let form = form(of: word, isFirst: isFirst)
    return (0...min(longestEnding, letters.count)).map { form + "|" + String(letters.suffix($0)) }
  }

  private static func form(of word: String, isFirst: Bool) -> String {
    if word.contains(where: \.isNumber) { return "number" }
    if !word.contains(where: \.isLetter) { return "mark" }
    if word.contains("@") || word.contains("://") || word.hasPrefix("www.") { return "address" }
    let isHyphened = word.dropFirst().contains("-")
    guard let first = word.first, first.isUppercase else { return isHyphened ? "hyphen" : "lower" }
    if word.count > 1 && word.allSatisfy({ !$0.isLowercase }) { return "capitals" }
    return isFirst ? "first" : "capital"
  }
}
