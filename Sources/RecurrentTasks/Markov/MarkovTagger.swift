internal import Foundation
internal import Recurrent

/// A tagger of words by a bigram hidden Markov model whose states are the tags, with a model of words that it has not seen.
///
///     P(tags, words) = Π P(tagₜ | tagₜ₋₁) P(wordₜ | tagₜ),  with a beginning and an end
///
/// Transitions and words are shares of counts, those of transitions with a pseudo-count. A word that was not counted is judged by
/// how it is written and how it ends (``UnknownWords``): P(word | tag) ∝ P(tag | ending) / P(tag).
///
/// Source: Brants, TnT: a statistical part-of-speech tagger (ANLP 2000), doi:10.3115/974147.974178, with pairs of tags in place of
/// triples.
public struct MarkovTagger: Sendable, Hashable {
  /// The tags' names, in the order of their first word.
  public let tags: [String]
  let counts: TagCounts
  private let chain: ChainScores
  private let unknown: UnknownWords
  /// log P(word | tag) of the words that were counted.
  private let scores: [String: [Double]]
  private let wordTypes: [Double]

  /// Of more different labels a table of all pairs would be too large, and they are hardly tags.
  static let mostTags = 1000

  /// Counts tagged sentences.
  ///
  /// - Throws: ``MarkovError`` where no word has a tag, or where there are more than 1000 different tags.
  public init(_ data: MarkovData) throws(MarkovError) {
    guard case .symbols(let sentences) = data.content, let labels = data.labels else {
      throw MarkovError("\(data.source): no tags; name their column by --label-column")
    }
    let different = Set(labels.joined()).count
    if different > Self.mostTags {
      let column = data.labelColumn.map { "column \($0)" } ?? "the column of the labels"
      throw MarkovError(
        "\(data.source): \(column) has \(different) different labels in \(data.stepCount) words, expected at most \(Self.mostTags); is it the column of the words? name that of the tags by --label-column"
      )
    }
    try self.init(counts: TagCounts(sentences, labels), source: data.source)
  }

  package init(counts: TagCounts, source: String) throws(MarkovError) {
    guard !counts.tags.isEmpty else { throw MarkovError("\(source): no tagged word") }
    (self.counts, tags) = (counts, counts.tags)
    chain = counts.chain
    unknown = UnknownWords(counts)
    wordTypes = counts.wordTypes
    let totals = counts.tagTotals
    scores = counts.words.mapValues { own in
      zip(own, totals).map { count, total in log(count / total) }
    }
  }

  /// The most probable tags of a sentence, together; a word that is `nil` is not known and says nothing of its tag.
  public func tag(_ words: [String?]) -> [String] {
    guard let path = chain.bestPath(emissionScores(words)) else {
      preconditionFailure("a tagger's tags may all follow one another, but none can be given to \(words)")
    }
    return path.states.map { tags[$0] }
  }

  /// Whether a word was counted.
  public func knows(_ word: String) -> Bool { scores[word] != nil }

  private func emissionScores(_ words: [String?]) -> Matrix<Double> {
    let none = [Double](repeating: 0, count: tags.count)
    let rows = words.enumerated().map { place, word in
      word.map { scores[$0] ?? unknown.scores($0, isFirst: place == 0) } ?? none
    }
    return Matrix(rows: words.count, columns: tags.count, elements: rows.flatMap(\.self))
  }

  /// The tag that a word has most often, for others the tag that most words have, and where there is no word the tag that came
  /// most often: what a tagger must be better than.
  public func mostFrequentTag(of word: String?) -> String {
    let own = word.map { counts.words[$0] ?? wordTypes } ?? counts.tagTotals
    return tags[own.indices.reduce(0) { own[$1] > own[$0] ? $1 : $0 }]
  }
}
