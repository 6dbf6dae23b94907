internal import Recurrent
internal import RecurrentTestSupport

/// Matrix products as a step of a recurrent layer needs them, beside plain loops.
struct ProductBenchmark {
  /// M rows, N outputs, K inputs.
  static let sizes = [(32, 1024, 256), (16, 1024, 256), (1, 1024, 256), (2048, 1024, 256)]

  static func rows(_ harness: Harness) throws -> [Row] {
    try sizes.map { try product($0, $1, $2, harness) } + [try gradientProduct(harness)]
  }

  /// C = A Wᵀ on packed W. The plain loops take at most four rows, because an element costs them the same in any.
  private static func product(_ m: Int, _ n: Int, _ k: Int, _ harness: Harness) throws -> Row {
    let a = numbers(m * k)
    let w = numbers(n * k)
    var packed = [Float](repeating: 0, count: Float._packedCount(n, k))
    Float._pack(rows: n, columns: k, w, rowStride: k, columnStride: 1, into: &packed)
    var c = [Float](repeating: 0, count: m * n)
    let naiveRows = min(m, 4)
    let samples = try harness.interleaved([
      Subject(name: "kernel") {
        Float._multiply(
          rows: m, columns: n, inner: k, a, stride: k, packed: packed, bias: nil, accumulate: false, into: &c,
          resultStride: n)
      },
      Subject(name: "loops") {
        NaiveKernels.multiply(
          naiveRows, n, k, a: a, lda: k, w: w, bias: nil, accumulate: false, c: &c, ldc: n)
      },
    ])
    consume(c)
    return row("\(m) x \(n) x \(k)", 2 * Double(m * n * k), 2 * Double(naiveRows * n * k), samples)
  }

  /// dW = Dᵀ X over 50 steps of 32 rows in two shards, D of 1024 and X of 256 columns; the loops take one step.
  private static func gradientProduct(_ harness: Harness) throws -> Row {
    let (steps, rows, n, k) = (50, 32, 1024, 256)
    let d = numbers(steps * rows * n)
    let x = numbers(steps * rows * k)
    var dw = [Float](repeating: 0, count: n * k)
    let bounds = [0, steps * rows / 2, steps * rows]
    let shards = bounds.count - 1
    let index = (0..<shards).flatMap { shard in
      (0..<steps).flatMap { t in (0..<rows / shards).map { Int32(t * rows + shard * rows / shards + $0) } }
    }
    var scratch = [Float](repeating: 0, count: Float._gradientScratch(shards: shards, columns: n, inner: k))
    let samples = try harness.interleaved([
      Subject(name: "kernel") {
        Float._gradientProduct(
          shards: shards, bounds: bounds, index: index, columns: n, d, gradientRow: n, inner: k, x,
          inputRow: k,
          accumulate: false, into: &dw, resultStride: k, scratch: &scratch)
      },
      Subject(name: "loops") {
        let sum = NaiveGradients.product(
          bounds: [0, rows], index: nil, n, d: .init(d, row: n), k, x: .init(x, row: k), start: nil)
        if let sum { consume(sum) }
      },
    ])
    consume(dw)
    let one = 2 * Double(rows * n * k)
    return row("gradient, 50 x 32 rows, 1024 x 256", Double(steps) * one, one, samples)
  }

  private static func row(
    _ name: String, _ operations: Double, _ naiveOperations: Double, _ samples: [Samples]
  ) -> Row {
    let scaled = Samples(
      seconds: samples[1].seconds.map { $0 * operations / naiveOperations }, peaks: samples[1].peaks)
    return Row("product", name)
      .with("median", operations / samples[0].median / 1e9, "GFLOP/s")
      .with("best", operations / samples[0].minimum / 1e9, "GFLOP/s")
      .with("peak", samples[0].medianPeak / 1e9, "GFLOP/s")
      .with("share", samples[0].share(of: operations), "")
      .with("over loops", samples[0].ratio(to: scaled), "times")
  }

  static func numbers(_ count: Int) -> [Float] {
    let draws = CounterGenerator(seed: 3, purpose: .check)
    return (0..<count).map { Float(draws.uniform(at: UInt64($0)) - 0.5) }
  }
}
