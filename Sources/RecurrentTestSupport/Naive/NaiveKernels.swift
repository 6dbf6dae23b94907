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

  /// A matrix `[steps, rows, width]` inside a buffer: element `[s, r, j]` at `start + s * step + r * row + j`.
  ///
  /// `step` may be negative: time runs down in back-propagation.
  public struct Steps: Sendable {
    /// Where element `[0, 0, 0]` stands.
    public var start: Int
    /// From a step to the next.
    public var step: Int
    /// From a row to the next.
    public var row: Int

    /// Places `start + s * step + r * row + j`.
    @inlinable
    public init(start: Int, step: Int, row: Int) {
      self.start = start
      self.step = step
      self.row = row
    }

    /// The place of element `[s, r, j]`.
    @inlinable
    public func index(_ s: Int, _ r: Int, _ j: Int) -> Int { start + s * step + r * row + j }
  }

  /// `dW[i, j] += sum over s, then r, of D[s, r, i] X[s, r, j]`, one chain per element that starts at `dW[i, j]`.
  @inlinable
  public static func accumulateProduct<S: BinaryFloatingPoint>(
    steps: Int, rows: Int, _ n: Int, _ k: Int, d: [S], _ dLayout: Steps, x: [S], _ xLayout: Steps,
    dw: inout [S], ldw: Int, fused: Bool = true
  ) {
    for s in 0..<steps {
      for r in 0..<rows {
        for i in 0..<n {
          for j in 0..<k {
            dw[i * ldw + j] = add(
              d[dLayout.index(s, r, i)], times: x[xLayout.index(s, r, j)], to: dw[i * ldw + j], fused: fused)
          }
        }
      }
    }
  }

  /// `db[i] += sum over s, then r, of D[s, r, i]`.
  @inlinable
  public static func accumulateRows<S: BinaryFloatingPoint>(
    steps: Int, rows: Int, _ n: Int, d: [S], _ dLayout: Steps, db: inout [S]
  ) {
    for s in 0..<steps {
      for r in 0..<rows {
        for i in 0..<n { db[i] += d[dLayout.index(s, r, i)] }
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
