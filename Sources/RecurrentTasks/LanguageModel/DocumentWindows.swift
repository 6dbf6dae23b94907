package import Recurrent

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
    let pieces = DocumentPieces(corpus, steps: steps)
    let count = pieces.count
    if count == 0 { return nil }
    // As many pieces a row as whole documents allow.
    let starts = (0..<rows).map { pieces.firstPiece(besides: count * $0 / rows) } + [count]
    (self.pieces, self.rows, self.starts) = (pieces, rows, starts)
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
