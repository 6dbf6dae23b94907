internal import CBenchmarkSupport
internal import Recurrent
internal import RecurrentTasks

/// Times named cases, each on some numbers of threads.
struct CaseBenchmark {
  let named: NamedCase
  let threads: Int
  let check: [Double]
  private let program: any BenchProgram
  private let timer: BenchTimer

  init(_ name: String, _ options: Options, threads: Int) throws {
    guard let folder = options.data else {
      leave(64, "cases needs --data DIR, a folder that peers/export.py filled")
    }
    named = try NamedCase(name, folder: folder)
    self.threads = threads
    program = try named.network.program(named.data, parameters: named.parameters, threads: threads)
    check = try named.check(program)
    timer = try BenchTimer(program, warmUp: min(options.seconds, 1))
  }

  /// One case on one number of threads, as a row of figures and of checks.
  func row(seconds: Double) throws -> Row {
    let before = limits()
    let timing = try timer.samples(seconds: seconds)
    let after = limits()
    let median = timing.median
    let operations = Double(named.operations)
    var row = Row("cases", "\(named.name), \(threads) \(threads == 1 ? "thread" : "threads")")
    for (index, value) in check.enumerated() {
      row = row.with(named.benchCase.work == .training ? "loss \(index + 1)" : "checksum", value, "")
    }
    row =
      row
      .with("median", median * 1e3, "ms").with("best", timing.quantile(0) * 1e3, "ms")
      .with("p10", timing.quantile(0.1) * 1e3, "ms").with("p90", timing.quantile(0.9) * 1e3, "ms")
      .with("products", operations / median / 1e9, "GFLOP/s").with(
        "peak", (before.peak + after.peak) / 2e9, "GFLOP/s"
      )
      .with("tokens", Double(named.tokens) / median, "/s")
    if let limit = mean(before, after) { row = row.with("of the limit", limit / median, "") }
    if let steps = steps() {
      row = row.with("p50 of a step", steps.median * 1e6, "us")
        .with("p99 of a step", steps.quantile(0.99) * 1e6, "us")
    }
    return AllocationBenchmark.canCount ? row.with("allocations", Double(try allocations()), "") : row
  }

  /// Answers requests for samples until there are none, as `peers/serve.py` does for other libraries.
  func serve() throws {
    let checks = check.map { "\($0)" }.joined(separator: ",")
    say(
      "\"case\":\"\(named.name)\",\"program\":\"recurrent\",\"threads\":\(threads),\"level\":\"\(KernelLevel.active.name)\","
        + "\"check\":[\(checks)]")
    while let seconds = readLine().flatMap(Double.init) {
      let before = limits()
      let found = try timer.samples(seconds: seconds).seconds.map { "\($0 * 1e3)" }.joined(separator: ",")
      let after = limits()
      var answer = "\"ms\":[\(found)],\"peak_gflops\":\((before.peak + after.peak) / 2e9)"
      if let limit = mean(before, after) { answer += ",\"limit_ms\":\(limit * 1e3)" }
      if let steps = steps() {
        answer += ",\"p50_us\":\(steps.median * 1e6),\"p99_us\":\(steps.quantile(0.99) * 1e6)"
      }
      say(answer)
    }
  }

  /// Floating-point operations a second that as many cores as there are threads do together now, and the least that a call
  /// can take.
  private func limits() -> (peak: Double, seconds: Double?) {
    let peak = MachineSpeed.peak(threads: threads)
    let limit = named.network.limit(tokens: named.tokens, threads: threads)
    return (peak, limit?.seconds(peak: peak, threads: threads))
  }

  private func mean(_ before: (peak: Double, seconds: Double?), _ after: (peak: Double, seconds: Double?))
    -> Double?
  {
    before.seconds.flatMap { before in after.seconds.map { (before + $0) / 2 } }
  }

  private func say(_ members: String) { writeLine("@{\(members)}") }

  /// Of a stream, each step of one more call.
  private func steps() -> BenchTiming? {
    let seconds = program.stepSeconds()
    return seconds.isEmpty ? nil : BenchTiming(seconds)
  }

  /// Allocations of one call, all threads together.
  private func allocations() throws -> Int64 {
    let before = benchmark_allocations()
    try program.call()
    return benchmark_allocations() - before
  }
}
