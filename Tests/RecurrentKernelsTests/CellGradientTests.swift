import RecurrentTestSupport
import Testing

/// `rk_accumulate_cell` against the naive twins of its three parts, bit for bit.
@Suite struct CellGradientTests {
  struct Case: CustomStringConvertible {
    let steps: Int, rows: Int, n: Int, k: Int, m: Int, descending: Bool, bias: Bool
    var description: String {
      "steps \(steps) rows \(rows) n \(n) k \(k) m \(m) descending \(descending) bias \(bias)"
    }
  }

  /// On both sides of the size (16 float or 8 double columns of x, h and the bias) up to which the parts are one.
  static let cases: [Case] = {
    var cases: [Case] = []
    for (steps, rows) in [(0, 4), (3, 0), (1, 1), (24, 16), (5, 3)] {
      for (n, k, m) in [
        (1, 1, 1), (2, 6, 2), (4, 2, 4), (3, 4, 3), (5, 5, 5), (8, 13, 2), (9, 12, 3), (4, 6, 4), (12, 4, 3),
        (7, 14, 7), (20, 33, 5),
      ] {
        for descending in [false, true] {
          for bias in [false, true] {
            cases.append(
              Case(steps: steps, rows: rows, n: n, k: k, m: m, descending: descending, bias: bias))
          }
        }
      }
    }
    return cases
  }()

  func check<T: KernelScalar>(_ kernels: KernelTable<T>, _ c: Case) -> String? {
    var generator = SeededGenerator(UInt64(c.steps * 7919 + c.rows * 131 + c.n * 17 + c.k * 5 + c.m))
    func layout(row: Int) -> NaiveKernels.Steps {
      let step = c.rows * row
      return NaiveKernels.Steps(
        start: c.descending ? max(0, c.steps - 1) * step : 0, step: c.descending ? -step : step, row: row)
    }
    // D has a gap after each row; dW, dU and db are followed by what must not change.
    let dRow = c.n + 1
    let d = generator.values(c.steps * c.rows * dRow, of: T.self)
    let x = generator.values(c.steps * c.rows * c.k, of: T.self)
    let h = generator.values(c.steps * c.rows * c.m, of: T.self)
    var expectedW = generator.values(c.n * c.k + 20, of: T.self)
    var expectedU = generator.values(c.n * c.m + 20, of: T.self)
    var expectedB = generator.values(c.n + 20, of: T.self)
    var (w, u, b) = (expectedW, expectedU, expectedB)
    NaiveKernels.accumulateProduct(
      steps: c.steps, rows: c.rows, c.n, c.k, d: d, layout(row: dRow), x: x, layout(row: c.k),
      dw: &expectedW, ldw: c.k, fused: kernels.isFused)
    NaiveKernels.accumulateProduct(
      steps: c.steps, rows: c.rows, c.n, c.m, d: d, layout(row: dRow), x: h, layout(row: c.m),
      dw: &expectedU, ldw: c.m, fused: kernels.isFused)
    let order: Int32 = c.descending ? 1 : 0
    if c.bias {
      NaiveKernels.accumulateRows(
        steps: c.steps, rows: c.rows, c.n, d: d, layout(row: dRow), db: &expectedB)
      kernels.accumulateCell(c.steps, c.rows, order, c.n, d, dRow, c.k, x, &w, c.m, h, &u, &b)
    } else {
      kernels.accumulateCell(c.steps, c.rows, order, c.n, d, dRow, c.k, x, &w, c.m, h, &u, nil)
    }
    let failure =
      difference(w, expectedW).map { "dW\($0)" } ?? difference(u, expectedU).map { "dU\($0)" }
      ?? difference(b, expectedB).map { "db\($0)" }
    return failure.map { "level \(kernels.level), \(c): \($0)" }
  }

  func failures<T: KernelScalar>(_ type: T.Type) -> [String] {
    everyLevel(of: type).flatMap { kernels in Self.cases.compactMap { check(kernels, $0) } }
  }

  @Test func equalsNaiveTwinsFloat() { #expect(failures(Float.self).prefix(3) == []) }
  @Test func equalsNaiveTwinsDouble() { #expect(failures(Double.self).prefix(3) == []) }
}
