public import Recurrent

/// Models that fill gaps by counting, fitted on the sentences that a network learned from.
///
/// - unigram: p(w), whatever stands around it.
/// - bigrams on both sides: p(w | l, r) ∝ p(w | l) p(w | r) / p(w) for the neighbours l and r, or the sentence's ends: the product
///   of the forward and the backward bigram, as of a chain of the first order.
///
/// All are smoothed by Kneser and Ney's method.
public struct FillBaselines: Sendable {
  private let unigram: [Double]
  private let forward: NGramModel
  private let backward: NGramModel
  private let vocabulary: Vocabulary

  package init(_ sentences: [[Int32]], vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    let symbols = FillSymbols(tokens: vocabulary.count)
    unigram = NGramModel(
      sentences.flatMap(\.self), order: 1, vocabularySize: vocabulary.count
    ).probabilities(after: [])
    func bigrams(_ sentences: [[Int32]]) -> NGramModel {
      var (ids, starts) = ([Int32](), [Int]())
      for sentence in sentences {
        starts.append(ids.count)
        ids += [symbols.begin] + sentence + [symbols.end]
      }
      return NGramModel(ids, order: 2, vocabularySize: symbols.count, documentStarts: starts)
    }
    forward = bigrams(sentences)
    // What is behind a token is what is before it in the sentence read from its end, whose ends keep their own names.
    backward = bigrams(sentences.map { $0.reversed() })
  }

  /// Fits them on a text.
  ///
  /// - Throws: ``TaskError/text(_:)`` where no sentence has a token, and ``TaskError/data(_:)`` where one is not known.
  public init(_ text: TextSentences, of model: FillModel) throws(TaskError) {
    let sentences = try taskErrors(DataError.self) { () throws(DataError) in try model.tokens(of: text) }
    if sentences.isEmpty { throw .text(.noToken(source: text.source)) }
    self.init(sentences, vocabulary: model.vocabulary)
  }

  package func score(_ sentences: [[Int32]]) -> [FillFigures] {
    let symbols = FillSymbols(tokens: vocabulary.count)
    var (simple, both) = (FillFigures(name: "unigram"), FillFigures(name: "bigrams on both sides"))
    var (after, before) = (Memory(forward), Memory(backward))
    for sentence in sentences {
      for (t, token) in sentence.enumerated() {
        simple.take(weights: unigram, target: Int(token), unknown: vocabulary.unknown)
        let left = after.probabilities(t == 0 ? symbols.begin : sentence[t - 1])
        // The backward model reads the end first, so the end is its beginning.
        let right = before.probabilities(t == sentence.count - 1 ? symbols.begin : sentence[t + 1])
        let weights = unigram.indices.map { left[$0] * right[$0] / unigram[$0] }
        both.take(weights: weights, target: Int(token), unknown: vocabulary.unknown)
      }
    }
    return [simple, both]
  }

  /// Distributions after single tokens, as many as fit in some room.
  private struct Memory {
    let model: NGramModel
    private var known: [Int32: [Double]] = [:]

    init(_ model: NGramModel) { self.model = model }

    mutating func probabilities(_ token: Int32) -> [Double] {
      if let found = known[token] { return found }
      if known.count * model.vocabularySize > 1 << 24 { known.removeAll() }
      let made = model.probabilities(after: [token])
      known[token] = made
      return made
    }
  }
}
