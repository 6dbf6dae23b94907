package import RecurrentCore

/// Mean and variance of each column of points `[N, D]`.
package struct ColumnMoments: Sendable {
  /// `[D]`; 0 of no points.
  package let mean: [Double]
  /// `[D]`, the mean square of what differs from the mean.
  package let variance: [Double]

  /// - Parameter leastVariance: what a smaller variance is raised to.
  package init(_ points: Matrix<Double>, leastVariance: Double = 0) {
    let (elements, columns) = (points.elements, points.columns)
    let count = Double(max(points.rows, 1))
    func column(_ d: Int) -> StrideTo<Int> { stride(from: d, to: elements.count, by: columns) }
    let mean = (0..<columns).map { d in column(d).reduce(0) { $0 + elements[$1] } / count }
    self.mean = mean
    variance = (0..<columns).map { d in
      let sum = column(d).reduce(0) { $0 + (elements[$1] - mean[d]) * (elements[$1] - mean[d]) }
      return max(sum / count, leastVariance)
    }
  }

  /// A share of the mean of the variances; 0 of no columns.
  package func meanVariance(times share: Double = 1) -> Double {
    share * variance.reduce(0, +) / Double(max(variance.count, 1))
  }
}

extension VectorSequence {
  /// The steps of all sequences that are there, `[N, D]`.
  ///
  /// - Throws: ``HMMError`` of the first that is no vector of D finite numbers, with D that of the first step.
  package static func points(of sequences: [VectorSequence]) throws(HMMError) -> Matrix<Double> {
    let rows = sequences.flatMap { sequence in (0..<sequence.count).compactMap { sequence[$0] } }
    let dimensions = rows.first?.count ?? 0
    for (number, sequence) in sequences.enumerated() {
      let problem = sequence.problem(dimensions: dimensions, expected: "a finite number") { $0.isFinite }
      if let problem { throw problem.numbered(number) }
    }
    return Matrix(rows)
  }
}
