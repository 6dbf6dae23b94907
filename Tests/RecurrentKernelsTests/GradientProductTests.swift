import RecurrentTestSupport
import Testing

/// `rk_gradient_product` and `rk_gradient_rows` against their naive twins, bit for bit.
@Suite struct GradientProductTests {
  struct Case: CustomStringConvertible {
    let rows: GradientRows
    let n: Int, k: Int
    let accumulate: Bool
    var description: String { "\(rows) n \(n) k \(k) accumulate \(accumulate)" }
  }

  /// Around the edges of tiles and panels; then more columns than are gathered at a time of D (96 float, 48 double) and of
  /// X (256 and 128).
  static let cases: [Case] = {
    let small = [(0, 3), (3, 0), (1, 1), (2, 2), (2, 6), (7, 17), (8, 32), (13, 33)]
    let large = [(50, 50), (110, 19), (97, 3), (4, 260), (9, 513), (200, 130)]
    let pairs =
      small.flatMap { size in GradientRows.every(GradientRows.many).map { (size, $0) } }
      + large.flatMap { size in GradientRows.every(GradientRows.few).map { (size, $0) } }
    return pairs.enumerated().flatMap { place, pair in
      // Both for few rows; for many, in turn.
      let both = pair.1.rowCount < 100 ? [false, true] : [place % 2 == 0]
      return both.map { Case(rows: pair.1, n: pair.0.0, k: pair.0.1, accumulate: $0) }
    }
  }()

  /// D and X have gaps between rows, dW between its own, and D begins some columns into its rows, as tasks use it.
  func check<T: KernelScalar>(_ levels: [KernelTable<T>], _ c: Case) -> String? {
    var generator = SeededGenerator(UInt64(c.rows.rowCount * 7919 + c.n * 17 + c.k))
    let (skipped, dRow, xRow, ldw) = (2, c.n + 5, c.k + 1, c.k + 2)
    let bounds = c.rows.bounds
    let index = c.rows.index(&generator)
    let d = generator.values((c.rows.rowCount + 1) * dRow, of: T.self)
    let x = generator.values((c.rows.rowCount + 1) * xRow, of: T.self)
    // What dW holds is not read where nothing is accumulated.
    let before =
      c.accumulate
      ? generator.values(c.n * ldw + c.n, of: T.self) : [T](repeating: .nan, count: c.n * ldw + c.n)
    let start = c.accumulate ? (0..<c.n).flatMap { before[($0 * ldw)..<($0 * ldw + c.k)] } : nil
    let startRows = c.accumulate ? Array(before[(c.n * ldw)...]) : nil

    func sums(isFused: Bool) -> [T] {
      var expected = before
      if let sums = NaiveGradients.product(
        bounds: bounds, index: index, c.n, d: .init(d, start: skipped, row: dRow), c.k,
        x: .init(x, row: xRow),
        start: start, fused: isFused)
      {
        for i in 0..<c.n { for j in 0..<c.k { expected[i * ldw + j] = sums[i * c.k + j] } }
      }
      if let sums = NaiveGradients.product(
        bounds: bounds, index: index, c.n, d: .init(d, start: skipped, row: dRow), 1, x: nil, start: startRows
      ) {
        expected.replaceSubrange((c.n * ldw)..., with: sums)
      }
      return expected
    }

    let (fused, unfused) = (sums(isFused: true), sums(isFused: false))
    for kernels in levels {
      let expected = kernels.isFused ? fused : unfused
      var found = GuardedBuffer(before)
      var scratch = GuardedBuffer<T>(garbage: T.gradientScratch(c.rows.counts.count, c.n, c.k))
      var rowScratch = GuardedBuffer<T>(garbage: T.gradientScratch(c.rows.counts.count, c.n, 1))
      let accumulate: Int32 = c.accumulate ? 1 : 0
      d.withUnsafeBufferPointer { d in
        let d = d.baseAddress! + skipped
        found.write { dw in
          scratch.write {
            kernels.gradientProduct(
              c.rows.counts.count, bounds, index, c.n, d, dRow, c.k, x, xRow, accumulate, dw, ldw, $0)
          }
          rowScratch.write {
            kernels.gradientRows(
              c.rows.counts.count, bounds, index, c.n, d, dRow, accumulate, dw + c.n * ldw, $0)
          }
        }
      }
      let place = "level \(kernels.level), \(c)"
      if let failure = difference(found.values, expected) { return "\(place): \(failure)" }
      if !(found.isIntact && scratch.isIntact && rowScratch.isIntact) { return "\(place): wrote outside" }
    }
    return nil
  }

  @Test func equalNaiveTwinsFloat() {
    let levels = everyLevel(of: Float.self)
    #expect(Self.cases.compactMap { check(levels, $0) }.prefix(3) == [])
  }

  @Test func equalNaiveTwinsDouble() {
    let levels = everyLevel(of: Double.self)
    #expect(Self.cases.compactMap { check(levels, $0) }.prefix(3) == [])
  }

  /// Rows of dW made task by task, with scratch for the whole, are those of the whole.
  @Test func tasksMakeTheWhole() {
    var generator = SeededGenerator(5)
    let (n, k, bounds) = (103, 21, [0, 16, 20, 36])
    let d = generator.values(36 * n, of: Float.self)
    let x = generator.values(36 * k, of: Float.self)
    var scratch = [Float](repeating: 0, count: Float.gradientScratch(3, n, k))
    for kernels in everyLevel(of: Float.self) {
      var whole = [Float](repeating: 0.5, count: n * k)
      var parts = whole
      kernels.gradientProduct(3, bounds, nil, n, d, n, k, x, k, 1, &whole, k, &scratch)
      d.withUnsafeBufferPointer { d in
        parts.withUnsafeMutableBufferPointer { parts in
          for (first, end) in [(0, 1), (1, 34), (34, 34), (34, 103)] {
            kernels.gradientProduct(
              3, bounds, nil, end - first, d.baseAddress! + first, n, k, x, k, 1,
              parts.baseAddress! + first * k, k, &scratch)
          }
        }
      }
      #expect(difference(parts, whole) == nil)
    }
  }

  /// The chains of one shard cut in two calls equal one call: gradients are added, never assigned.
  @Test func continuesAChain() {
    var generator = SeededGenerator(3)
    let (n, k) = (9, 21)
    let d = generator.values(80 * n, of: Float.self)
    let x = generator.values(80 * k, of: Float.self)
    var scratch = [Float](repeating: 0, count: Float.gradientScratch(1, n, k))
    for kernels in everyLevel(of: Float.self) {
      var whole = [Float](repeating: 0.5, count: n * k)
      var cut = whole
      kernels.gradientProduct(1, [0, 80], nil, n, d, n, k, x, k, 1, &whole, k, &scratch)
      for bounds in [[0, 33], [33, 80]] {
        kernels.gradientProduct(1, bounds, nil, n, d, n, k, x, k, 1, &cut, k, &scratch)
      }
      #expect(difference(cut, whole) == nil)
    }
  }
}
