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
    return laneSum(lanes)
  }

  /// The sum that the probe of reads makes: vectors of 64 bytes go to four sums in turn as long as there are four whole
  /// ones, the elements that are left to the first sum; then (0 + 1) + (2 + 3), and the lanes as in
  /// ``sumOfSquares(_:fused:)``.
  @inlinable
  public static func readSum<S: BinaryFloatingPoint>(_ x: [S]) -> S {
    let width = 64 / MemoryLayout<S>.size
    var sums = [[S]](repeating: [S](repeating: 0, count: width), count: 4)
    let whole = x.count - x.count % (4 * width)
    for (index, value) in x.enumerated() {
      let sum = index < whole ? index / width % 4 : 0
      sums[sum][index % width] += value
    }
    return laneSum((0..<width).map { (sums[0][$0] + sums[1][$0]) + (sums[2][$0] + sums[3][$0]) })
  }

  /// Lane `l` takes in lane `l + lanes / 2`, and so on down to one; as many lanes as a power of two.
  @inlinable
  static func laneSum<S: BinaryFloatingPoint>(_ lanes: [S]) -> S {
    var lanes = lanes
    while lanes.count > 1 {
      let half = lanes.count / 2
      lanes = (0..<half).map { lanes[$0] + lanes[$0 + half] }
    }
    return lanes[0]
  }
}
