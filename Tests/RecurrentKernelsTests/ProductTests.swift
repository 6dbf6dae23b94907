import CRecurrentKernels
import RecurrentTestSupport
import Testing

/// `rk_multiply` against its naive twin, bit for bit.
@Suite struct ProductTests {
  /// Sizes around every edge of tiles and panels: none, one, a vector less one, a panel and one, several panels.
  static let rows = [0, 1, 2, 3, 5, 8, 13, 16, 17, 67]
  static let columns = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 100, 128, 131]
  static let depths = [0, 1, 2, 6, 33]

  /// One product with strides wider than the rows, so that a write beside the result is seen.
  func check<T: KernelScalar>(_ kernels: KernelTable<T>, _ m: Int, _ n: Int, _ k: Int, mode: Int) -> String? {
    var generator = SeededGenerator(UInt64(m * 1_000_003 + n * 1009 + k * 3 + mode))
    let lda = k + 3
    let ldc = n + 2
    let a = generator.values(m * lda, of: T.self)
    let w = generator.values(n * k, of: T.self)
    let bias = mode == 1 ? generator.values(n, of: T.self) : nil
    var packed = [T](repeating: .nan, count: T.packedCount(n, k))
    T.pack(n, k, w, k, 1, &packed)
    var expected = generator.values(m * ldc, of: T.self)
    var found = expected
    NaiveKernels.multiply(
      m, n, k, a: a, lda: lda, w: w, bias: bias, accumulate: mode == 2, c: &expected, ldc: ldc,
      fused: kernels.isFused)
    if let bias {
      kernels.multiply(m, n, k, a, lda, packed, bias, 0, &found, ldc)
    } else {
      kernels.multiply(m, n, k, a, lda, packed, nil, mode == 2 ? 1 : 0, &found, ldc)
    }
    return difference(found, expected).map {
      "level \(kernels.level) m \(m) n \(n) k \(k) mode \(mode): \($0)"
    }
  }

  func failures<T: KernelScalar>(_ type: T.Type) -> [String] {
    var failures: [String] = []
    for kernels in everyLevel(of: type) {
      for m in Self.rows {
        for n in Self.columns {
          for k in Self.depths {
            for mode in 0..<3 {
              if let failure = check(kernels, m, n, k, mode: mode) { failures.append(failure) }
            }
          }
        }
      }
    }
    return failures
  }

  @Test func equalsNaiveTwinFloat() { #expect(failures(Float.self).prefix(3) == []) }
  @Test func equalsNaiveTwinDouble() { #expect(failures(Double.self).prefix(3) == []) }

  /// Packing the transpose by its strides gives the packed form of the transposed copy.
  @Test func packsTransposes() {
    for (n, k) in [(1, 1), (5, 3), (33, 20), (70, 65)] {
      var generator = SeededGenerator(UInt64(n))
      let w: [Float] = generator.values(n * k, of: Float.self)
      let transposed = (0..<k * n).map { w[$0 % n * k + $0 / n] }
      var direct = [Float](repeating: .nan, count: rk_packed_count_f32(n, k))
      var viaStrides = direct
      Float.pack(n, k, w, k, 1, &direct)
      Float.pack(n, k, transposed, 1, n, &viaStrides)
      #expect(difference(viaStrides, direct) == nil)
    }
  }

  /// A row has the same bits alone and as any row of 1 ... 63: batching cannot change a result.
  func rowDependence<T: KernelScalar>(_ type: T.Type) -> [String] {
    let (n, k) = (45, 29)
    var generator = SeededGenerator(7)
    let a = generator.values(63 * k, of: T.self)
    let w = generator.values(n * k, of: T.self)
    var packed = [T](repeating: 0, count: T.packedCount(n, k))
    T.pack(n, k, w, k, 1, &packed)
    var failures: [String] = []
    for kernels in everyLevel(of: type) {
      var alone = [T](repeating: 0, count: 63 * n)
      for row in 0..<63 {
        a.withUnsafeBufferPointer { a in
          alone.withUnsafeMutableBufferPointer { c in
            kernels.multiply(
              1, n, k, a.baseAddress! + row * k, k, packed, nil, 0, c.baseAddress! + row * n, n)
          }
        }
      }
      for m in 1...63 {
        var together = [T](repeating: 0, count: m * n)
        kernels.multiply(m, n, k, a, k, packed, nil, 0, &together, n)
        if let failure = difference(together, Array(alone[..<(m * n)])) {
          failures.append("level \(kernels.level) m \(m): \(failure)")
        }
      }
    }
    return failures
  }

  @Test func rowsAreIndependentFloat() { #expect(rowDependence(Float.self) == []) }
  @Test func rowsAreIndependentDouble() { #expect(rowDependence(Double.self) == []) }

  /// A NaN in a row reaches every column of that row and no other row, for any number of rows.
  @Test func nanStaysInItsRow() {
    let (n, k) = (19, 4)
    let w = [Float](repeating: 1, count: n * k)
    var packed = [Float](repeating: 0, count: rk_packed_count_f32(n, k))
    Float.pack(n, k, w, k, 1, &packed)
    for kernels in everyLevel(of: Float.self) {
      for m in 1...20 {
        var a = [Float](repeating: 1, count: m * k)
        a[(m - 1) * k + 2] = .nan
        var c = [Float](repeating: 0, count: m * n)
        kernels.multiply(m, n, k, a, k, packed, nil, 0, &c, n)
        let wrong = c.indices.filter { $0 < (m - 1) * n ? c[$0] != 4 : !c[$0].isNaN }
        #expect(wrong == [], "level \(kernels.level), \(m) rows")
      }
    }
  }
}
