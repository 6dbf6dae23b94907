import Foundation
package import RecurrentCore

/// Everything about what few steps of few symbols read as, by looking at every one of the Vᵀ paths.
package struct NaiveAlignments {
  /// Every path with log of its probability.
  package let paths: [(symbols: [Int], score: Double)]
  private let blank: Int
  private let steps: Int
  private let count: Int

  /// - Parameter logits: `[T, V]`.
  package init(_ logits: Matrix<Double>, blank: Int) {
    self.blank = blank
    (steps, count) = (logits.rows, logits.columns)
    let logs = (0..<logits.rows).map { t in
      let row = logits.row(t)
      let total = log(row.reduce(0) { $0 + exp($1) })
      return row.map { $0 - total }
    }
    var paths: [(symbols: [Int], score: Double)] = [([], 0)]
    for t in 0..<logits.rows {
      paths = paths.flatMap { path in
        (0..<logits.columns).map { (path.symbols + [$0], path.score + logs[t][$0]) }
      }
    }
    self.paths = paths
  }

  /// Equal neighbours joined, then blanks dropped.
  package func labels(of path: [Int]) -> [Int] {
    var result: [Int] = []
    var before = -1
    for symbol in path {
      if symbol != before && symbol != blank { result.append(symbol) }
      before = symbol
    }
    return result
  }

  /// p of everything that some path reads as.
  package var probabilities: [[Int]: Double] {
    paths.reduce(into: [:]) { $0[labels(of: $1.symbols), default: 0] += exp($1.score) }
  }

  /// P(πₜ = k | labels) `[T, V]`.
  package func posterior(of wanted: [Int]) -> [Double] {
    var result = [Double](repeating: 0, count: steps * count)
    var total = 0.0
    for path in paths where labels(of: path.symbols) == wanted {
      total += exp(path.score)
      for (t, symbol) in path.symbols.enumerated() { result[t * count + symbol] += exp(path.score) }
    }
    return result.map { $0 / total }
  }
}
