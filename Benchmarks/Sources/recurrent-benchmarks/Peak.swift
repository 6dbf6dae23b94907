internal import Recurrent

/// What a core can do: multiply-adds on registers, at the clock that it has now and with what shares it.
struct PeakBenchmark {
  static func row(seconds: Double) -> Row {
    var found: [Double] = []
    let start = Clock.wall.now
    while found.count < 5 || Clock.wall.now - start < seconds { found.append(Harness.peak()) }
    return Row("peak", KernelLevel.active.name)
      .with("median", Samples.median(found) / 1e9, "GFLOP/s")
      .with("best", (found.max() ?? .nan) / 1e9, "GFLOP/s")
  }
}
