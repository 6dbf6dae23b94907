internal import Recurrent

/// A text as rows side by side, read window after window: the next token is asked for at every step.
///
/// N tokens make B rows of ⌊(N − 1) / B⌋; example w · B + b is window w of row b, so a batch of B examples in order is one window
/// of every row, and the next batch goes on where it ends. What is left at the rows' ends is not read.
struct TextWindows: BatchSource {
  let corpus: TokenCorpus
  let rows: Int
  let steps: Int
  private let rowLength: Int

  /// - Returns: `nil` where the text has not a window for every row.
  init?(_ corpus: TokenCorpus, rows: Int, steps: Int) {
    self.corpus = corpus
    self.rows = rows
    self.steps = steps
    rowLength = (corpus.count - 1) / rows
    if rowLength < steps { return nil }
  }

  /// Tokens that no window asks for.
  var unread: Int { corpus.count - 1 - count * steps }

  /// Windows of a row.
  var windows: Int { rowLength / steps }
  var count: Int { windows * rows }

  func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    LanguageModelBatch.make(
      indices.map { index in
        let (window, row) = index.quotientAndRemainder(dividingBy: rows)
        let first = row * rowLength + window * steps
        return corpus.ids(in: first..<first + steps + 1)
      }, vocabulary: corpus.vocabulary.count, identifiers: indices.map(UInt64.init))
  }
}

/// Stretches of a text that stand alone, one after another: for losses that are only measured, and for networks that read ahead.
struct TextStretches: BatchSource {
  let pieces: DocumentPieces

  init(corpus: TokenCorpus, steps: Int) { pieces = DocumentPieces(corpus, steps: steps) }

  var count: Int { pieces.count }

  func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    LanguageModelBatch.make(
      indices.map(pieces.ids), vocabulary: pieces.corpus.vocabulary.count,
      identifiers: indices.map(UInt64.init))
  }
}

enum LanguageModelBatch {
  /// Sequences of tokens, each a step longer than what is read: at every step the next one is the target.
  static func make(
    _ tokens: [[Int32]], vocabulary: Int, identifiers: [UInt64]? = nil, from state: LayerState<Float>? = nil
  ) -> SequenceModel<Float>.Batch {
    let lengths = tokens.map { $0.count - 1 }
    let (steps, size) = (lengths.max() ?? 0, tokens.count)
    var symbols = [Int32](repeating: 0, count: steps * size)
    var classes: [Int] = []
    classes.reserveCapacity(steps * size)
    for t in 0..<steps {
      for b in 0..<size where t < lengths[b] {
        symbols[t * size + b] = tokens[b][t]
        classes.append(Int(tokens[b][t + 1]))
      }
    }
    return SequenceModel.Batch(
      symbols: SymbolBatch(
        steps: steps, batchSize: size, vocabulary: vocabulary, symbols: symbols, lengths: lengths,
        identifiers: identifiers),
      targets: .classes(classes), initialState: state)
  }
}
