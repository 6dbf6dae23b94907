import RecurrentTestSupport
import Testing

/// `rk_accumulate_product` and `rk_accumulate_rows` against their naive twins, bit for bit.
@Suite struct GradientProductTests {
  struct Case: CustomStringConvertible {
    let steps: Int, rows: Int, n: Int, k: Int, reversed: Bool
    var description: String { "steps \(steps) rows \(rows) n \(n) k \(k) reversed \(reversed)" }
  }

  /// Around the edges of tiles, panels, gathered blocks (96 float or 48 double columns) and chunks (128 rows).
  static let cases: [Case] = {
    var cases: [Case] = []
    for (steps, rows) in [(0, 4), (3, 0), (1, 1), (1, 16), (5, 3), (3, 43), (2, 64), (24, 16), (1, 300)] {
      for (n, k) in [(0, 3), (3, 0), (1, 1), (2, 2), (2, 6), (7, 17), (8, 32), (13, 33), (50, 50), (110, 19)]
      {
        for reversed in [false, true] {
          cases.append(Case(steps: steps, rows: rows, n: n, k: k, reversed: reversed))
        }
      }
    }
    return cases
  }()

  /// A layout with gaps between rows and steps, walked from the last step where reversed.
  func layout(_ c: Case, width: Int) -> (layout: NaiveKernels.Steps, count: Int) {
    let row = width + 1
    let step = c.rows * row + 2
    let last = max(0, c.steps - 1) * step
    let layout = NaiveKernels.Steps(start: c.reversed ? last : 0, step: c.reversed ? -step : step, row: row)
    return (layout, c.steps * step + 1)
  }

  func check<T: KernelScalar>(_ kernels: KernelTable<T>, _ c: Case) -> String? {
    var generator = SeededGenerator(UInt64(c.steps * 7919 + c.rows * 131 + c.n * 17 + c.k))
    let (dLayout, dCount) = layout(c, width: c.n)
    let (xLayout, xCount) = layout(c, width: c.k)
    let d = generator.values(dCount, of: T.self)
    let x = generator.values(xCount, of: T.self)
    let ldw = c.k + 2
    var expected = generator.values(c.n * ldw, of: T.self)
    var found = expected
    var expectedRows = generator.values(c.n + 1, of: T.self)
    var foundRows = expectedRows
    NaiveKernels.accumulateProduct(
      steps: c.steps, rows: c.rows, c.n, c.k, d: d, dLayout, x: x, xLayout, dw: &expected, ldw: ldw,
      fused: kernels.isFused)
    NaiveKernels.accumulateRows(steps: c.steps, rows: c.rows, c.n, d: d, dLayout, db: &expectedRows)
    d.withUnsafeBufferPointer { d in
      x.withUnsafeBufferPointer { x in
        kernels.accumulateProduct(
          c.steps, c.rows, c.n, c.k, d.baseAddress! + dLayout.start, dLayout.step, dLayout.row,
          x.baseAddress! + xLayout.start, xLayout.step, xLayout.row, &found, ldw)
        kernels.accumulateRows(
          c.steps, c.rows, c.n, d.baseAddress! + dLayout.start, dLayout.step, dLayout.row, &foundRows)
      }
    }
    if let failure = difference(found, expected) { return "level \(kernels.level) product, \(c): \(failure)" }
    return difference(foundRows, expectedRows).map { "level \(kernels.level) rows, \(c): \($0)" }
  }

  func failures<T: KernelScalar>(_ type: T.Type) -> [String] {
    everyLevel(of: type).flatMap { kernels in Self.cases.compactMap { check(kernels, $0) } }
  }

  @Test func equalNaiveTwinsFloat() { #expect(failures(Float.self).prefix(3) == []) }
  @Test func equalNaiveTwinsDouble() { #expect(failures(Double.self).prefix(3) == []) }

  /// A chain cut in two calls equals one call: gradients are added, never assigned.
  @Test func continuesAChain() {
    var generator = SeededGenerator(3)
    let (rows, n, k) = (40, 9, 21)
    let d = generator.values(2 * rows * n, of: Float.self)
    let x = generator.values(2 * rows * k, of: Float.self)
    for kernels in everyLevel(of: Float.self) {
      var whole = [Float](repeating: 0.5, count: n * k)
      var cut = whole
      kernels.accumulateProduct(2, rows, n, k, d, rows * n, n, x, rows * k, k, &whole, k)
      for step in 0..<2 {
        let (ds, xs) = (Array(d[(step * rows * n)...]), Array(x[(step * rows * k)...]))
        kernels.accumulateProduct(1, rows, n, k, ds, 0, n, xs, 0, k, &cut, k)
      }
      #expect(difference(cut, whole) == nil)
    }
  }
}
