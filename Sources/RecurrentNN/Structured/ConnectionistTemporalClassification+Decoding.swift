public import RecurrentCore

/// Labels that logits read as.
public struct LabelHypothesis: Sendable, Hashable {
  /// Without blanks.
  public let labels: [Int]
  /// log p(labels): the sum over the paths that read so, of those that the search followed.
  public let logProbability: Double
}

extension ConnectionistTemporalClassification {
  /// What the most probable symbol of each step reads as, the first of equals: the labels of the most probable *path*, which
  /// need not be the most probable labels. Time T V.
  ///
  /// - Parameter logits: `[T, B, V]`.
  public func greedyLabels<Scalar>(_ logits: SequenceBatch<Scalar>) -> [[Int]] {
    require(logits)
    return logits.lengths.indices.map { b in
      let path = (0..<logits.lengths[b]).map { t in
        (0..<logits.features).reduce(0) { logits[t, b, $1] > logits[t, b, $0] ? $1 : $0 }
      }
      return labels(of: path)
    }
  }

  /// What a path of symbols reads as: equal neighbours joined, then blanks dropped.
  public func labels(of path: [Int]) -> [Int] {
    path.indices.filter { path[$0] != blank && ($0 == 0 || path[$0] != path[$0 - 1]) }.map { path[$0] }
  }

  /// The most probable labels of each sequence, best first, by prefix beam search: step by step, the probabilities of the
  /// `width` best beginnings are kept, each in two parts, of the paths that end with the blank and of those that do not. What
  /// reads alike is joined, so with a beam as wide as there are beginnings, log p is exact, and else at most that.
  ///
  /// - Parameters:
  ///   - logits: `[T, B, V]`.
  ///   - width: how many beginnings are kept, at least 1; default 16.
  ///   - count: how many labellings are given, fewer where fewer are possible.
  /// - Returns: for each sequence. Of labellings equally probable, the one that was met first comes first: a beginning before
  ///   what it goes on to, then by symbol.
  ///
  /// Time T W V log(W V), with W the width.
  ///
  /// Source: Hannun, Maas, Jurafsky and Ng, First-pass large vocabulary continuous speech recognition using bi-directional
  /// recurrent DNNs (2014), arXiv:1408.2873, algorithm 1 without a language model.
  public func beamSearch<Scalar>(
    _ logits: SequenceBatch<Scalar>, width: Int = 16, count: Int = 1
  ) -> [[LabelHypothesis]] {
    require(logits)
    precondition(width > 0 && count > 0, "a beam of \(width) for \(count) labellings")
    return logits.lengths.indices.map { b in
      var search = PrefixSearch(blank: blank, width: width)
      for row in logits.logSoftmax(of: b) { search.step(row) }
      return search.hypotheses(count)
    }
  }

  private func require<Scalar>(_ logits: SequenceBatch<Scalar>) {
    precondition(
      blank >= 0 && blank < logits.features, "the blank \(blank) is not one of \(logits.features) symbols")
  }
}

extension SequenceBatch {
  /// log softmax of each step of a sequence.
  fileprivate func logSoftmax(of b: Int) -> [[Double]] {
    (0..<lengths[b]).map { t in
      var row = [Scalar](repeating: 0, count: features)
      values.withUnsafeBufferPointer { source in
        row.withUnsafeMutableBufferPointer { target in
          guard let source = source.baseAddress, let target = target.baseAddress else { return }
          Scalar._logSoftmax(
            rows: 1, columns: features, source + (t * batchSize + b) * features, target)
        }
      }
      return row.map { Double($0) }
    }
  }
}
