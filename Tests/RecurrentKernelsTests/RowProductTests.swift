import RecurrentTestSupport
import Testing

/// `rk_multiply_rows` against its naive twin, bit for bit, and nothing written to rows that no index names.
@Suite struct RowProductTests {
  struct Case: CustomStringConvertible {
    let m: Int, n: Int, k: Int
    let isIndexed: Bool
    let hasBias: Bool, accumulate: Bool
    var description: String {
      "m \(m) n \(n) k \(k) index \(isIndexed) bias \(hasBias) accumulate \(accumulate)"
    }
  }

  /// On both sides of the narrow products, of tiles and panels, and of the 64 rows that are taken at a time.
  static let cases: [Case] = {
    var cases: [Case] = []
    for m in [0, 1, 2, 3, 7, 8, 13, 64, 65, 131] {
      for (n, k) in [
        (0, 3), (3, 0), (1, 1), (2, 5), (4, 4), (8, 8), (16, 16), (17, 3), (32, 9), (33, 20), (70, 31),
        (200, 6),
      ] {
        for isIndexed in [false, true] {
          for (hasBias, accumulate) in [(false, false), (true, false), (false, true)] {
            cases.append(
              Case(m: m, n: n, k: k, isIndexed: isIndexed, hasBias: hasBias, accumulate: accumulate))
          }
        }
      }
    }
    return cases
  }()

  func check<T: KernelScalar>(_ kernels: KernelTable<T>, _ c: Case) -> String? {
    var generator = SeededGenerator(UInt64(c.m * 7919 + c.n * 131 + c.k))
    let (lda, ldc) = (c.k + 3, c.n + 2)
    let rows = c.isIndexed ? 2 * c.m + 1 : c.m
    let index = c.isIndexed ? Array((0..<Int32(rows)).shuffled(using: &generator)[..<c.m]) : nil
    let a = generator.values(rows * lda, of: T.self)
    let w = generator.values(c.n * c.k, of: T.self)
    let bias = c.hasBias ? generator.values(c.n, of: T.self) : nil
    let start = generator.values(rows * ldc, of: T.self)
    var packed = [T](repeating: .nan, count: T.packedCount(c.n, c.k))
    T.pack(c.n, c.k, w, c.k, 1, &packed)
    var expected = start
    NaiveKernels.multiplyRows(
      c.m, index, c.n, c.k, a: a, lda: lda, w: w, bias: bias, accumulate: c.accumulate, c: &expected,
      ldc: ldc,
      fused: kernels.isFused)
    // The columns of one row may be made in either order.
    for fromEnd: Int32 in [0, 1] {
      var found = GuardedBuffer(start)
      found.write {
        kernels.multiplyRows(
          c.m, index, c.n, c.k, a, lda, packed, bias, c.accumulate ? 1 : 0, fromEnd, $0, ldc)
      }
      if let failure = difference(found.values, expected) ?? (found.isIntact ? nil : "wrote outside") {
        return "level \(kernels.level), from the end \(fromEnd), \(c): \(failure)"
      }
    }
    return nil
  }

  func failures<T: KernelScalar>(_ type: T.Type) -> [String] {
    everyLevel(of: type).flatMap { kernels in Self.cases.compactMap { check(kernels, $0) } }
  }

  @Test func equalNaiveTwinFloat() { #expect(failures(Float.self).prefix(3) == []) }
  @Test func equalNaiveTwinDouble() { #expect(failures(Double.self).prefix(3) == []) }
}
