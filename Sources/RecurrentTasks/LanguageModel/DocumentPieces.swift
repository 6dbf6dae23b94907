package import Recurrent

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

  /// Of several documents, the number of the first piece of one near piece `index`.
  func start(near index: Int) -> Int { before[document(of: index)] }

  /// The tokens of a piece, and the one behind them that its last step asks for.
  func ids(_ index: Int) -> [Int32] {
    let document = document(of: index)
    let first = documents[document] + (index - before[document]) * steps
    return corpus.ids(in: first..<min(first + steps, documents[document + 1] - 1) + 1)
  }

  func beginsDocument(_ index: Int) -> Bool { before[document(of: index)] == index }

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

/// Documents side by side, each from the state zero: a row of the batch has whole documents, and a window of it one piece of one of
/// them. Where a row has no piece left, its window is empty.
///
/// Example w · B + b is window w of row b, as in ``TextWindows``.
package struct DocumentWindows: BatchSource {
  private let pieces: DocumentPieces
  let rows: Int
  /// The number of the first piece of each row, and of all.
  private let starts: [Int]
  private let windows: Int

  /// - Returns: `nil` where no token is asked for.
  package init?(_ corpus: TokenCorpus, rows: Int, steps: Int) {
    pieces = DocumentPieces(corpus, steps: steps)
    self.rows = rows
    let count = pieces.count
    if count == 0 { return nil }
    let pieces = pieces
    let starts = (0..<rows).map { pieces.start(near: count * $0 / rows) } + [count]
    self.starts = starts
    windows = (0..<rows).map { starts[$0 + 1] - starts[$0] }.max() ?? 0
  }

  package var count: Int { windows * rows }

  package func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    let places = indices.map { index -> Int? in
      let (window, row) = index.quotientAndRemainder(dividingBy: rows)
      let piece = starts[row] + window
      return piece < starts[row + 1] ? piece : nil
    }
    var batch = LanguageModelBatch.make(
      // One token is read by no step.
      places.map { $0.map(pieces.ids) ?? [0] }, vocabulary: pieces.corpus.vocabulary.count,
      identifiers: indices.map(UInt64.init))
    batch.restarts = places.map { $0.map(pieces.beginsDocument) ?? false }
    return batch
  }
}
