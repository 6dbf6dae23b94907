package import Recurrent

/// The numbers that a network reads: the vocabulary's own, then three marks, which are no tokens of any text and are never asked
/// for.
package struct FillSymbols: Sendable, Hashable {
  /// Tokens of the vocabulary.
  package let tokens: Int

  package init(tokens: Int) { self.tokens = tokens }

  /// Before the first token.
  package var begin: Int32 { Int32(tokens) }
  /// Behind the last.
  package var end: Int32 { Int32(tokens + 1) }
  /// In place of a token that is not known.
  package var blank: Int32 { Int32(tokens + 2) }
  /// What the network reads in all.
  package var count: Int { tokens + 3 }

  /// Sentences between their marks; there are outputs at the tokens alone.
  ///
  /// - Parameters:
  ///   - sentences: tokens, or ``blank``.
  ///   - targets: what is asked for at the tokens; `nil`: nothing.
  package func batch(
    _ sentences: [[Int32]], targets: [[Int32]]? = nil, identifiers: [UInt64]? = nil
  ) -> SequenceModel<Float>.Batch {
    var classes: [Int] = []
    let longest = sentences.map(\.count).max() ?? 0
    for t in 0..<longest {
      for own in targets ?? [] where t < own.count { classes.append(Int(own[t])) }
    }
    return SequenceModel.Batch(
      symbols: symbols(sentences, identifiers: identifiers), targets: .classes(classes),
      positions: .mask(sentences.map { [false] + [Bool](repeating: true, count: $0.count) }))
  }

  /// Sentences between their marks.
  package func symbols(_ sentences: [[Int32]], identifiers: [UInt64]? = nil) -> SymbolBatch {
    let (size, steps) = (sentences.count, (sentences.map(\.count).max() ?? 0) + 2)
    var symbols = [Int32](repeating: 0, count: steps * size)
    for (b, sentence) in sentences.enumerated() {
      symbols[b] = begin
      for (t, token) in sentence.enumerated() { symbols[(t + 1) * size + b] = token }
      symbols[(sentence.count + 1) * size + b] = end
    }
    return SymbolBatch(
      steps: steps, batchSize: size, vocabulary: count, symbols: symbols,
      lengths: sentences.map { $0.count + 2 }, identifiers: identifiers)
  }
}

/// Sentences to learn from, or to measure on: every token is asked for, given those around it.
package struct FillSource: BatchSource {
  package let sentences: [[Int32]]
  package let symbols: FillSymbols
  /// Of training: the share of the tokens that is hidden; in measuring none is.
  package let blankShare: Double
  package let seed: UInt64
  /// The number of each sentence's first token in the whole, by which draws are counted.
  private let firstTokens: [Int]

  package init(_ sentences: [[Int32]], symbols: FillSymbols, blankShare: Double = 0, seed: UInt64 = 0) {
    self.sentences = sentences
    self.symbols = symbols
    self.blankShare = blankShare
    self.seed = seed
    var sum = 0
    firstTokens = sentences.map { sentence in
      defer { sum += sentence.count }
      return sum
    }
  }

  package var count: Int { sentences.count }

  package func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    let own = indices.map { sentences[$0] }
    return symbols.batch(own, targets: own, identifiers: indices.map(UInt64.init))
  }

  package func batch(_ indices: [Int], epoch: Int) -> SequenceModel<Float>.Batch {
    guard blankShare > 0 else { return batch(indices) }
    let draws = CounterGenerator(seed: seed, purpose: .sampling, step: UInt64(epoch))
    let seen = indices.map { index in
      sentences[index].enumerated().map { t, token in
        draws.uniform(at: UInt64(firstTokens[index] + t)) < blankShare ? symbols.blank : token
      }
    }
    return symbols.batch(
      seen, targets: indices.map { sentences[$0] }, identifiers: indices.map(UInt64.init))
  }
}
