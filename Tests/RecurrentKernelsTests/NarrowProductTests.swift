import RecurrentTestSupport
import Testing

/// `rk_multiply` where rows lie side by side without gaps, as the states of a very small layer do, against its naive
/// twin, bit for bit.
@Suite struct NarrowProductTests {
  /// A square product of contiguous rows; what follows the result must stay as it was.
  func check<T: KernelScalar>(_ kernels: KernelTable<T>, rows: Int, size: Int, mode: Int) -> String? {
    var generator = SeededGenerator(UInt64(rows * 1009 + size * 3 + mode))
    var a = generator.values(rows * size, of: T.self)
    // What is not a number stays in its row.
    if rows > 2 { a[2 * size] = .nan }
    let w = generator.values(size * size, of: T.self)
    let bias = mode == 1 ? generator.values(size, of: T.self) : nil
    var packed = [T](repeating: .nan, count: T.packedCount(size, size))
    T.pack(size, size, w, size, 1, &packed)
    var expected = generator.values(rows * size + 40, of: T.self)
    var found = expected
    NaiveKernels.multiply(
      rows, size, size, a: a, lda: size, w: w, bias: bias, accumulate: mode == 2, c: &expected, ldc: size,
      fused: kernels.isFused)
    if let bias {
      kernels.multiply(rows, size, size, a, size, packed, bias, 0, &found, size)
    } else {
      kernels.multiply(rows, size, size, a, size, packed, nil, mode == 2 ? 1 : 0, &found, size)
    }
    return difference(found, expected).map {
      "level \(kernels.level) rows \(rows) size \(size) mode \(mode): \($0)"
    }
  }

  func failures<T: KernelScalar>(_ type: T.Type) -> [String] {
    var failures: [String] = []
    for kernels in everyLevel(of: type) {
      for rows in 0...40 {
        for size in 1...9 {
          for mode in 0..<3 {
            if let failure = check(kernels, rows: rows, size: size, mode: mode) { failures.append(failure) }
          }
        }
      }
    }
    return failures
  }

  @Test func equalsNaiveTwinFloat() { #expect(failures(Float.self).prefix(3) == []) }
  @Test func equalsNaiveTwinDouble() { #expect(failures(Double.self).prefix(3) == []) }
}
