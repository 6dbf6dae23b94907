internal import CBenchmarkSupport
internal import Recurrent

/// Times named cases, each on some numbers of threads.
struct CaseBenchmark {
  let named: NamedCase
  let threads: Int
  let program: CaseProgram
  /// In one sample: as many as fill five milliseconds.
  private let calls: Int

  init(_ name: String, _ options: Options, threads: Int) throws {
    guard let folder = options.data else {
      leave(64, "cases needs --data DIR, a folder that peers/export.py filled")
    }
    named = try NamedCase(name, folder: folder)
    self.threads = threads
    program = try CaseProgram(named, threads: threads)
    let start = Clock.wall.now
    var fastest = Double.infinity
    repeat {
      fastest = min(fastest, try Clock.wall.seconds(calls: 1, program.call))
    } while Clock.wall.now - start
      < min(options.seconds, 1)
    calls = max(1, Int(5e-3 / max(fastest, 1e-7)))
  }

  /// One case on one number of threads, as a row of figures and of checks.
  func row(seconds: Double) throws -> Row {
    let before = peak()
    let found = try samples(seconds: seconds)
    let rate = (before + peak()) / 2
    let median = Samples.median(found)
    let operations = try named.number("flops")
    var row = Row("cases", "\(named.name), \(threads) \(threads == 1 ? "thread" : "threads")")
    for (index, value) in program.check.enumerated() {
      row = row.with(named.kind == .train ? "loss \(index + 1)" : "checksum", value, "")
    }
    row =
      row
      .with("median", median * 1e3, "ms").with("best", found.min()! * 1e3, "ms")
      .with("p10", Samples.quantile(found, 0.1) * 1e3, "ms").with(
        "p90", Samples.quantile(found, 0.9) * 1e3, "ms"
      )
      .with("products", operations / median / 1e9, "GFLOP/s").with("peak", rate / 1e9, "GFLOP/s")
      .with("share", operations / median / rate, "").with("tokens", try named.number("tokens") / median, "/s")
    if let steps = program.stepSeconds?() {
      row = row.with("p50 of a step", Samples.quantile(steps, 0.5) * 1e6, "us")
        .with("p99 of a step", Samples.quantile(steps, 0.99) * 1e6, "us")
    }
    return AllocationBenchmark.canCount ? row.with("allocations", Double(try allocations()), "") : row
  }

  /// Answers requests for samples until there are none, as `peers/serve.py` does for other libraries.
  func serve() throws {
    let losses = program.check.map { "\($0)" }.joined(separator: ",")
    say(
      "\"case\":\"\(named.name)\",\"program\":\"recurrent\",\"threads\":\(threads),\"level\":\"\(KernelLevel.active.name)\","
        + "\"check\":[\(losses)]")
    while let seconds = readLine().flatMap(Double.init) {
      let before = peak()
      let found = try samples(seconds: seconds).map { "\($0 * 1e3)" }.joined(separator: ",")
      var answer = "\"ms\":[\(found)],\"peak_gflops\":\((before + peak()) / 2e9)"
      if let steps = program.stepSeconds?() {
        answer +=
          ",\"p50_us\":\(Samples.quantile(steps, 0.5) * 1e6),\"p99_us\":\(Samples.quantile(steps, 0.99) * 1e6)"
      }
      say(answer)
    }
  }

  private func say(_ members: String) { writeLine("@{\(members)}") }
}

// MARK: - Timing

extension CaseBenchmark {
  /// Seconds of a call (of a step, for a stream), one for each sample.
  private func samples(seconds: Double) throws -> [Double] {
    var made: [Double] = []
    let start = Clock.wall.now
    while made.isEmpty || Clock.wall.now - start < seconds {
      made.append(try Clock.wall.seconds(calls: calls, program.call) / Double(program.steps))
    }
    return made
  }

  /// Floating-point operations a second that as many cores as there are threads do together now.
  private func peak() -> Double { benchmark_peak_rate(Int32(threads), 5e-3) }

  /// Allocations of one call, all threads together.
  private func allocations() throws -> Int64 {
    let before = benchmark_allocations()
    try program.call()
    return benchmark_allocations() - before
  }
}
