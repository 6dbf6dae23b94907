internal import Recurrent

/// Documents cut into pieces of at most so many asked tokens: at every step of a piece the next token is asked for, and no piece
/// has tokens of two documents. A document of N tokens makes ⌈(N − 1) / steps⌉ pieces, since its first token is not asked for.
struct DocumentPieces: Sendable {
  let corpus: TokenCorpus
  let steps: Int
  private let documents: [Int]
  /// Pieces before each document, and of all.
  private let before: [Int]

  init(_ corpus: TokenCorpus, steps: Int) {
    (self.corpus, self.steps, documents) = (corpus, steps, corpus.documentStarts + [corpus.count])
    var before = [0]
    for (start, end) in zip(documents, documents.dropFirst()) {
      before.append(before[before.count - 1] + max(0, end - start - 1 + steps - 1) / steps)
    }
    self.before = before
  }

  var count: Int { before[before.count - 1] }

  /// The first piece of the document that a piece is of.
  func firstPiece(besides index: Int) -> Int { before[document(of: index)] }

  /// The tokens of a piece, and the one behind them that its last step asks for.
  func ids(_ index: Int) -> [Int32] {
    let document = document(of: index)
    let first = documents[document] + (index - before[document]) * steps
    return corpus.ids(in: first..<min(first + steps, documents[document + 1] - 1) + 1)
  }

  func beginsDocument(_ index: Int) -> Bool { firstPiece(besides: index) == index }

  /// The last document with no more pieces before it; documents of one token have none.
  private func document(of piece: Int) -> Int {
    var (low, high) = (0, before.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if before[middle] <= piece { low = middle } else { high = middle }
    }
    return low
  }
}
