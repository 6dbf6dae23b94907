internal import RecurrentCore

/// The probability of a token after those before it, from counts: interpolated Kneser–Ney with three discounts an order.
///
/// For a history h of n − 1 tokens, w the token, h′ the history without its first token:
///
///     pₙ(w | h) = (c(h w) − D(c(h w))) / c(h •) + γ(h) pₙ₋₁(w | h′)
///     γ(h)      = Σ D(c(h v)) / c(h •), the sum over the v that were seen after h
///     p₀(w)     = 1 / V
///
/// c counts occurrences for n = order; for smaller n, the different tokens that were seen before h w in one document. Where h has
/// no count, pₙ is pₙ₋₁. D(k) is D₁, D₂ or D₃ for k = 1, 2 and from 3 on; with nₖ the number of n-grams of count k,
///
///     Y = n₁ / (n₁ + 2 n₂),  Dₖ = k − (k + 1) Y nₖ₊₁ / nₖ
///
/// and where one of n₁ … n₄ is 0, or a Dₖ is not above 0 and at most k, ½, 1 and 3/2 for that order. The history of the first tokens of a
/// document is as long as the document allows.
///
/// Source: Chen, Goodman, An empirical study of smoothing techniques for language modeling, Computer Speech and Language 13
/// (1999), doi:10.1006/csla.1999.0128.
public struct NGramModel: Sendable {
  /// The longest n-gram that is counted.
  public static let largestOrder = 6

  /// Tokens of an n-gram: a history has one less.
  public let order: Int
  /// V.
  public let vocabularySize: Int
  /// [D₁, D₂, D₃] of n = 1 … order.
  public let discounts: [[Double]]
  /// Different n-grams of n = 1 … order in the training text.
  public let counts: [Int]

  /// Nodes are n-grams of n < order, the root with no token; a value is the child's node.
  private let inner: ChildTable
  /// Of n-grams of n = order; a value is c.
  private let leaves: ChildTable
  /// c of each node.
  private let nodeCounts: [UInt32]
  /// c(h •) and γ(h) of each node as a history.
  private let totals: [UInt32]
  private let backoffs: [Double]

  /// Counts the n-grams of a text.
  ///
  /// - Parameters:
  ///   - ids: tokens.
  ///   - order: 1 (no history) to ``largestOrder``.
  ///   - vocabularySize: V.
  ///   - documentStarts: ascending from 0; no n-gram has tokens of two documents.
  /// - Precondition: each id in 0 ..< V; fewer than 2³¹ tokens.
  public init(_ ids: [Int32], order: Int, vocabularySize: Int, documentStarts: [Int] = [0]) {
    var counting = NGramCounting(order: order, vocabularySize: vocabularySize)
    for (start, end) in zip(documentStarts, documentStarts.dropFirst() + [ids.count]) {
      counting.endDocument()
      for position in stride(from: end - 1, through: start, by: -1) { counting.put(before: ids[position]) }
    }
    self.init(counting)
  }

  /// Counts the n-grams of a corpus, of which a piece at a time is in memory.
  ///
  /// - Parameters:
  ///   - corpus: fewer than 2³¹ tokens.
  ///   - order: 1 (no history) to ``largestOrder``.
  public init(_ corpus: TokenCorpus, order: Int) {
    var counting = NGramCounting(order: order, vocabularySize: corpus.vocabulary.count)
    for document in corpus.documents {
      counting.endDocument()
      var end = document.upperBound
      while end > document.lowerBound {
        let start = max(document.lowerBound, end - 1 << 16)
        for id in corpus.ids(in: start..<end).reversed() { counting.put(before: id) }
        end = start
      }
    }
    self.init(counting)
  }

  private init(_ counting: NGramCounting) {
    order = counting.order
    vocabularySize = counting.vocabularySize
    (inner, leaves, nodeCounts) = (counting.inner, counting.leaves, counting.counts)
    let sums = NGramSums(counting)
    (discounts, counts) = (sums.discounts, sums.types)
    (totals, backoffs) = (sums.totals, sums.backoffs)
  }

  /// log P of each token given those before it in its document, in nats.
  ///
  /// - Precondition: each id in 0 ..< V; starts of documents that ascend from 0.
  public func logProbabilities(of ids: [Int32], documentStarts: [Int] = [0]) -> [Double] {
    var walk = NGramHistory()
    var starts = documentStarts[...]
    return ids.indices.map { position in
      if position == starts.first {
        walk = NGramHistory()
        starts = starts.dropFirst()
      }
      return PortableMath.log(advance(&walk, by: ids[position]))
    }
  }

  /// Mean of −log P over the tokens of a corpus, in nats a token; `exp` of it is the perplexity.
  ///
  /// - Parameter asksFirst: whether the first token of every document counts. Where not, it is only what the second is asked
  ///   after, as for a network, which is asked for nothing before it has read a token. Default true.
  /// - Precondition: a token at least that counts.
  public func meanNats(of corpus: TokenCorpus, asksFirst: Bool = true) -> Double {
    var (sum, count) = (0.0, 0)
    for document in corpus.documents {
      var (walk, isAsked) = (NGramHistory(), asksFirst)
      count += asksFirst ? document.count : document.count - 1
      for start in stride(from: document.lowerBound, to: document.upperBound, by: 1 << 16) {
        for id in corpus.ids(in: start..<min(start + 1 << 16, document.upperBound)) {
          let probability = advance(&walk, by: id)
          if isAsked { sum -= PortableMath.log(probability) }
          isAsked = true
        }
      }
    }
    precondition(count > 0, "NGramModel: no token that is asked for")
    return sum / Double(count)
  }

  /// Mean of −log P over tokens, in nats a token; `exp` of it is the perplexity. Of no token: 0.
  ///
  /// - Precondition: as ``logProbabilities(of:documentStarts:)``.
  public func meanNats(of ids: [Int32], documentStarts: [Int] = [0]) -> Double {
    ids.isEmpty
      ? 0
      : -logProbabilities(of: ids, documentStarts: documentStarts).reduce(0, +) / Double(ids.count)
  }

  /// P of every token of the vocabulary after a history, of which the last order − 1 tokens count; they sum to 1.
  ///
  /// - Precondition: each id in 0 ..< V.
  public func probabilities(after history: [Int32]) -> [Double] {
    var walk = NGramHistory()
    for id in history.suffix(order - 1) { _ = advance(&walk, by: id) }
    return (0..<vocabularySize).map { token in
      var copy = walk
      return advance(&copy, by: Int32(token))
    }
  }

  /// P of the next token; the history has it then.
  private func advance(_ history: inout NGramHistory, by token: Int32) -> Double {
    precondition(
      0 <= token && token < vocabularySize, "NGramModel: id \(token) of \(vocabularySize) tokens")
    var probability = 1 / Double(vocabularySize)
    var next = NGramHistory()
    for length in 0..<order {
      guard let node = history.node(length) else { break }
      let isLeaf = length == order - 1
      let child = isLeaf ? leaves.value(node, token) : inner.value(node, token)
      if !isLeaf, let child { next.append(Int(child)) }
      if totals[node] > 0 {
        let count = child.map { isLeaf ? $0 : nodeCounts[Int($0)] } ?? 0
        let seen = Double(count) - NGramSums.discount(count, discounts[length])
        probability = seen / Double(totals[node]) + backoffs[node] * probability
      }
    }
    history = next
    return probability
  }
}

/// The nodes of the last 0, 1, … tokens, as far as they were seen.
private struct NGramHistory {
  private var nodes = SIMD8<Int32>(repeating: 0)
  private var count = 1

  func node(_ length: Int) -> Int? { length < count ? Int(nodes[length]) : nil }

  mutating func append(_ node: Int) {
    nodes[count] = Int32(node)
    count += 1
  }
}
