internal import CBenchmarkSupport

/// What a core can do: multiply-adds on registers, at the clock that it has now and with what shares it.
struct PeakBenchmark {
  static func row(seconds: Double) -> Row {
    var found: [Double] = []
    let start = Clock.wall.now
    while found.count < 5 || Clock.wall.now - start < seconds { found.append(Harness.peak()) }
    let level =
      switch Int(benchmark_peak_level()) {
      case BENCHMARK_AVX512: "AVX-512"
      case BENCHMARK_AVX2: "AVX2"
      default: "base vectors"
      }
    return Row("peak", level)
      .with("median", Samples.median(found) / 1e9, "GFLOP/s")
      .with("best", (found.max() ?? .nan) / 1e9, "GFLOP/s")
  }
}
