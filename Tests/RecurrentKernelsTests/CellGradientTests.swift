import RecurrentTestSupport
import Testing

/// `rk_gradient_small_cell` against the naive twins of its three parts, bit for bit.
@Suite struct CellGradientTests {
  struct Case: CustomStringConvertible {
    let rows: GradientRows
    let n: Int, k: Int, m: Int
    let bias: Bool, accumulate: Bool
    var description: String { "\(rows) n \(n) k \(k) m \(m) bias \(bias) accumulate \(accumulate)" }
  }

  /// Up to the size (16 float, 8 double columns of x, h and the bias) that fills the vector.
  static func cases(lanes: Int) -> [Case] {
    let sizes = [
      (0, 1, 1), (1, 1, 1), (2, 6, 1), (4, 2, 4), (3, 4, 3), (5, 5, 2), (8, 0, 2), (9, 3, 0), (20, 2, 5),
      (8, 13, 2),
      (11, 4, 11), (12, 7, 7),
    ]
    var cases: [Case] = []
    for (n, k, m) in sizes where k + m + 1 <= lanes {
      for rows in GradientRows.every(GradientRows.many) {
        for (bias, accumulate) in [(false, false), (false, true), (true, false), (true, true)] {
          cases.append(Case(rows: rows, n: n, k: k, m: m, bias: bias, accumulate: accumulate))
        }
      }
    }
    return cases
  }

  func check<T: KernelScalar>(_ levels: [KernelTable<T>], _ c: Case) -> String? {
    var generator = SeededGenerator(UInt64(c.rows.rowCount * 7919 + c.n * 17 + c.k * 5 + c.m))
    let bounds = c.rows.bounds
    let index = c.rows.index(&generator)
    let dRow = c.n + 1
    let d = generator.values((c.rows.rowCount + 1) * dRow, of: T.self)
    let x = generator.values((c.rows.rowCount + 1) * c.k, of: T.self)
    let h = generator.values((c.rows.rowCount + 1) * c.m, of: T.self)
    func start(_ count: Int) -> [T] {
      c.accumulate ? generator.values(count, of: T.self) : [T](repeating: .nan, count: count)
    }
    let (beforeW, beforeU, beforeB) = (start(c.n * c.k), start(c.n * c.m), start(c.n))

    for kernels in levels {
      func expected(_ before: [T], _ width: Int, _ other: [T]?) -> [T] {
        NaiveGradients.product(
          bounds: bounds, index: index, c.n, d: .init(d, row: dRow), width,
          x: other.map { .init($0, row: width) },
          start: c.accumulate ? before : nil, fused: kernels.isFused) ?? before
      }
      var (w, u, b) = (GuardedBuffer(beforeW), GuardedBuffer(beforeU), GuardedBuffer(beforeB))
      // The engine asks for the room of a weight of one column.
      var scratch = GuardedBuffer<T>(garbage: T.gradientScratch(c.rows.counts.count, c.n, 1))
      w.write { w in
        u.write { u in
          b.write { b in
            scratch.write {
              kernels.gradientSmallCell(
                c.rows.counts.count, bounds, index, c.n, d, dRow, c.k, x, w, c.m, h, u, c.accumulate ? 1 : 0,
                c.bias ? b : nil, $0)
            }
          }
        }
      }
      let failure =
        difference(w.values, expected(beforeW, c.k, x)).map { "dW\($0)" }
        ?? difference(u.values, expected(beforeU, c.m, h)).map { "dU\($0)" }
        ?? difference(b.values, c.bias ? expected(beforeB, 1, nil) : beforeB).map { "db\($0)" }
      let place = "level \(kernels.level), \(c)"
      if let failure { return "\(place): \(failure)" }
      if ![w.isIntact, u.isIntact, b.isIntact, scratch.isIntact].allSatisfy(\.self) {
        return "\(place): wrote outside"
      }
    }
    return nil
  }

  @Test func equalsNaiveTwinsFloat() {
    let levels = everyLevel(of: Float.self)
    #expect(Self.cases(lanes: 16).compactMap { check(levels, $0) }.prefix(3) == [])
  }

  @Test func equalsNaiveTwinsDouble() {
    let levels = everyLevel(of: Double.self)
    #expect(Self.cases(lanes: 8).compactMap { check(levels, $0) }.prefix(3) == [])
  }
}
