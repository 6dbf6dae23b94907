internal import Foundation
internal import Recurrent

/// What was counted of tagged sentences: all that a tagger is made of.
package struct TagCounts: Sendable, Hashable {
  var tags: [String] = []
  /// Of each word, how often it had each tag.
  var words: [String: [Double]] = [:]
  var initial: [Double] = []
  /// `[K][K]`.
  var transition: [[Double]] = []
  var final: [Double] = []

  init() {}

  package init(_ sentences: [[String?]], _ labels: [[String]]) {
    var numbers: [String: Int] = [:]
    for label in labels.joined() where numbers[label] == nil {
      numbers[label] = tags.count
      tags.append(label)
    }
    let none = [Double](repeating: 0, count: tags.count)
    (initial, final, transition) = (none, none, [[Double]](repeating: none, count: tags.count))
    for (sentence, labels) in zip(sentences, labels) {
      var before: Int?
      for (word, label) in zip(sentence, labels) {
        guard let tag = numbers[label] else { continue }
        if let before { transition[before][tag] += 1 } else { initial[tag] += 1 }
        if let word { words[word, default: none][tag] += 1 }
        before = tag
      }
      if let before { final[before] += 1 }
    }
  }

  /// How often each tag came, at least a little.
  var tagTotals: [Double] {
    words.values.reduce([Double](repeating: 0, count: tags.count)) { zip($0, $1).map(+) }.map {
      max($0, 1e-9)
    }
  }

  /// How many words have each tag.
  var wordTypes: [Double] {
    words.values.reduce([Double](repeating: 0, count: tags.count)) { sum, own in
      zip(sum, own).map { $0 + ($1 > 0 ? 1 : 0) }
    }
  }

  /// Added to each count of a transition: 0.1 of the share that the tag that follows has anywhere, so that what did not happen
  /// is possible, the more the commoner it is.
  private static let pseudoCount = 0.1

  var chain: ChainScores {
    let totals = tagTotals
    let all = totals.reduce(0, +)
    func logShares(_ counts: [Double], _ base: [Double]) -> [Double] {
      let raised = zip(counts, base).map { $0 + Self.pseudoCount * $1 }
      let sum = raised.reduce(0, +)
      return raised.map { log($0 / sum) }
    }
    let shares = totals.map { $0 / all }
    let ends = (final.reduce(0, +) + 1e-9) / all
    let rows = transition.enumerated().map { tag, row in
      logShares(row + [final[tag]], shares + [ends])
    }
    return ChainScores(
      initial: logShares(initial, shares), transition: Matrix(rows.map { Array($0.dropLast()) }),
      final: rows.map { $0[$0.count - 1] })
  }
}
