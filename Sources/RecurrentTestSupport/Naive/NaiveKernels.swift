/// The products and sums of the kernels as plain loops: the oracle that the fast ones must equal to the bit.
///
/// Every element is one chain of fused multiply-adds over `k = 0 ..< K`, from its start value. Kept for ever; never
/// made faster than these loops.
public enum NaiveKernels {
  /// Adds `a * b` to `sum`: rounded once where `fused`, else twice.
  @inlinable
  public static func add<S: BinaryFloatingPoint>(_ a: S, times b: S, to sum: S, fused: Bool) -> S {
    fused ? sum.addingProduct(a, b) : sum + a * b
  }

  /// `C[i, j] = start + sum over l of A[i, l] W[j, l]`, `i < m`, `j < n`, `l < k`.
  ///
  /// The start is `C[i, j]` where `accumulate`, else `bias[j]`, else 0. `a` has row stride `lda`, `w` is `[n, k]`, `c` has
  /// row stride `ldc`. Cost: `m n k` multiply-adds.
  @inlinable
  public static func multiply<S: BinaryFloatingPoint>(
    _ m: Int, _ n: Int, _ k: Int, a: [S], lda: Int, w: [S], bias: [S]?, accumulate: Bool,
    c: inout [S], ldc: Int, fused: Bool = true
  ) {
    for i in 0..<m {
      for j in 0..<n {
        var sum = accumulate ? c[i * ldc + j] : bias?[j] ?? 0
        for l in 0..<k { sum = add(a[i * lda + l], times: w[j * k + l], to: sum, fused: fused) }
        c[i * ldc + j] = sum
      }
    }
  }

  /// ``multiply(_:_:_:a:lda:w:bias:accumulate:c:ldc:fused:)`` for the rows `index` of A and C; `nil`: rows 0 ..< m.
  @inlinable
  public static func multiplyRows<S: BinaryFloatingPoint>(
    _ m: Int, _ index: [Int32]?, _ n: Int, _ k: Int, a: [S], lda: Int, w: [S], bias: [S]?, accumulate: Bool,
    c: inout [S], ldc: Int, fused: Bool = true
  ) {
    for place in 0..<m {
      let i = index.map { Int($0[place]) } ?? place
      for j in 0..<n {
        var sum = accumulate ? c[i * ldc + j] : bias?[j] ?? 0
        for l in 0..<k { sum = add(a[i * lda + l], times: w[j * k + l], to: sum, fused: fused) }
        c[i * ldc + j] = sum
      }
    }
  }

  /// The sum of squares in `Double`: lane `l` of 64 bytes' worth of `S` takes elements `l`, `l + lanes` and so on; then
  /// lane `l` takes in lane `l + lanes / 2`, and so on down to one.
  @inlinable
  public static func sumOfSquares<S: BinaryFloatingPoint>(_ x: [S], fused: Bool = true) -> Double {
    var lanes = [Double](repeating: 0, count: 64 / MemoryLayout<S>.size)
    for (index, value) in x.enumerated() {
      let lane = index % lanes.count
      lanes[lane] = add(Double(value), times: Double(value), to: lanes[lane], fused: fused)
    }
    while lanes.count > 1 {
      let half = lanes.count / 2
      lanes = (0..<half).map { lanes[$0] + lanes[$0 + half] }
    }
    return lanes[0]
  }
}
