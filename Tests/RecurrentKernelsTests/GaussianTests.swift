import RecurrentTestSupport
import Testing

/// `rk_gaussian_scores` and `rk_gaussian_counts` against their naive twins, bit for bit.
@Suite struct GaussianTests {
  func failure<T: KernelScalar>(_ kernels: KernelTable<T>, steps: Int, k: Int, d: Int, gap: Int) -> String? {
    var generator = SeededGenerator(UInt64(steps * 10_000 + k * 100 + d))
    func rows(_ count: Int, _ width: Int) -> [[T]] {
      (0..<count).map { _ in generator.values(width, of: T.self, scale: 3) }
    }
    func joined(_ rows: [[T]], padding: Int) -> [T] {
      rows.flatMap { $0 + [T](repeating: .nan, count: padding) }
    }
    let (x, means, gamma) = (rows(steps, d), rows(k, d), rows(steps, k))
    let (precisions, constants) = (rows(k, d).map { $0.map { abs($0) } }, rows(1, k)[0])
    let lanes = 64 / MemoryLayout<T>.size
    let width = (k + lanes - 1) / lanes * lanes
    func columns(_ rows: [[T]]) -> [T] {
      (0..<d).flatMap { d in rows.map { $0[d] } + [T](repeating: 0, count: width - k) }
    }
    let fused = kernels.isFused
    let inputs = joined(x, padding: gap)

    var scores = GuardedBuffer<T>(garbage: steps * (k + gap))
    scores.write {
      kernels.gaussianScores(
        steps, k, d, inputs, d + gap, columns(means), columns(precisions),
        constants + [T](repeating: 0, count: width - k), width, $0, k + gap)
    }
    let expected = NaiveGaussians.scores(
      x, means: means, precisions: precisions, constants: constants, fused: fused)
    if !scores.isIntact { return "scores wrote outside" }
    if let found = difference(scores.values, joined(expected, padding: gap)) { return "scores" + found }

    for products in [false, true] {
      let size = products ? d * d : d
      var expected = NaiveGaussians.Counts(
        weights: rows(1, k)[0], sums: rows(1, k * d)[0], squares: rows(1, k * size)[0])
      var weights = GuardedBuffer(expected.weights)
      var sums = GuardedBuffer(expected.sums)
      var squares = GuardedBuffer(expected.squares)
      expected.add(x, gamma: gamma, centres: means, products: products, fused: fused)
      weights.write { weights in
        sums.write { sums in
          squares.write {
            kernels.gaussianCounts(
              steps, k, d, inputs, d + gap, joined(gamma, padding: gap), k + gap, means.flatMap { $0 },
              products ? 1 : 0, weights, sums, $0)
          }
        }
      }
      if !(weights.isIntact && sums.isIntact && squares.isIntact) { return "counts wrote outside" }
      let found =
        difference(weights.values, expected.weights).map { "weights" + $0 }
        ?? difference(sums.values, expected.sums).map { "sums" + $0 }
        ?? difference(squares.values, expected.squares).map { "squares" + $0 }
      if let found { return found }
    }
    return nil
  }

  func failures<T: KernelScalar>(_ type: T.Type) -> [String] {
    var failures: [String] = []
    for kernels in everyLevel(of: type) {
      for k in [1, 2, 5, 7, 8, 9, 16, 17, 33] {
        for d in [0, 1, 3, 8, 9, 16, 17] {
          for steps in [0, 1, 5] {
            if let found = failure(kernels, steps: steps, k: k, d: d, gap: (k + d) % 3) {
              failures.append("K \(k) D \(d) steps \(steps) level \(kernels.level): \(found)")
            }
          }
        }
      }
    }
    return failures
  }

  @Test func float() { #expect(failures(Float.self).prefix(3) == []) }
  @Test func double() { #expect(failures(Double.self).prefix(3) == []) }
}
