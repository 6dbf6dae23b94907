internal import RecurrentCore
internal import RecurrentReports
internal import RecurrentTasks

/// The figures of a benchmark, for people and for programs.
struct BenchReport {
  let seconds: Double
  var results: [BenchResult] = []
  var forecasters: [(path: String, bench: ForecastBench)] = []

  init(seconds: Double) { self.seconds = seconds }

  // MARK: Text

  var text: String {
    var parts: [String] = []
    if !results.isEmpty { parts.append(caseTable.text()) }
    if !forecasters.isEmpty { parts.append(forecastTable.text()) }
    let build = Version.isOptimized ? "" : "; a debug build, which is slow"
    parts.append("kernels \(KernelLevel.active.name)\(build)")
    return parts.joined(separator: "\n")
  }

  private var caseTable: ReportTable {
    var table = ReportTable([
      .text("case"), .number("threads"), .number("median"), .number("p10"), .number("p90"),
      .number("tokens/s"), .number("GFLOP/s"), .number("of the limit"), .number("step p50"),
      .number("step p99"), .text("what"),
    ])
    let rate = NumberFormat.significant(3).grouped
    for result in results {
      let (timing, steps) = (result.timing, result.steps)
      let share = result.shareOfLimit.map { NumberFormat.fixed(0).text(100 * $0) + " %" }
      table.append([
        result.benchCase.name, "\(result.threads)", duration(timing.median), duration(timing.quantile(0.1)),
        duration(timing.quantile(0.9)), rate.text(result.tokensPerSecond),
        rate.text(result.operationsPerSecond / 1e9), share ?? "",
        steps.seconds.isEmpty ? "" : duration(steps.median),
        steps.seconds.isEmpty ? "" : duration(steps.quantile(0.99)), result.benchCase.what,
      ])
    }
    return table
  }

  private var forecastTable: ReportTable {
    var table = ReportTable([
      .text("model"), .number("threads"), .number("one at a time"), .number("p50"), .number("p99"),
      .number("\(ForecastBench.windows) at once"),
    ])
    let rate = NumberFormat.significant(3).grouped
    for (path, bench) in forecasters {
      table.append([
        terminalLine(path), "\(bench.threads)", rate.text(bench.forecastsPerSecond) + "/s",
        duration(bench.one.median), duration(bench.one.quantile(0.99)),
        rate.text(bench.forecastsPerSecondTogether) + "/s",
      ])
    }
    return table
  }

  /// Three digits, in milliseconds from 0.1 ms on, else in microseconds.
  private func duration(_ seconds: Double) -> String {
    let format = NumberFormat.significant(3).grouped
    return seconds >= 1e-4 ? format.text(seconds * 1e3) + " ms" : format.text(seconds * 1e6) + " µs"
  }

  // MARK: JSON

  var document: JSONDocument {
    JSONDocument(
      verb: "bench",
      [
        "level": .string(KernelLevel.active.name), "optimized": .boolean(Version.isOptimized),
        "seconds": .number(seconds), "cases": .array(results.map(json)),
        "forecasters": .array(forecasters.map { json($0.path, $0.bench) }),
      ])
  }

  private func json(_ result: BenchResult) -> JSONValue {
    var members = json(result.timing)
    members.merge([
      "name": .string(result.benchCase.name), "what": .string(result.benchCase.what),
      "kind": .string(result.benchCase.work.rawValue), "threads": .integer(result.threads),
      "tokens": .integer(result.tokens), "tokens_per_second": .number(result.tokensPerSecond),
      "operations": .integer(result.operations), "gflops": .number(result.operationsPerSecond / 1e9),
      "peak_gflops": .number(result.peak / 1e9),
      "limit_seconds": result.limit.map { .number($0) } ?? .null,
      "share_of_limit": result.shareOfLimit.map { .number($0) } ?? .null,
    ]) { _, new in new }
    if !result.steps.seconds.isEmpty {
      members["step_p50_seconds"] = .number(result.steps.median)
      members["step_p99_seconds"] = .number(result.steps.quantile(0.99))
    }
    return .object(members)
  }

  private func json(_ path: String, _ bench: ForecastBench) -> JSONValue {
    [
      "model": .string(path), "threads": .integer(bench.threads),
      "one_window": .object(
        json(bench.one).merging([
          "p50_seconds": .number(bench.one.median), "p99_seconds": .number(bench.one.quantile(0.99)),
          "forecasts_per_second": .number(bench.forecastsPerSecond),
        ]) { _, new in new }),
      "many_windows": .object(
        json(bench.many).merging([
          "windows": .integer(ForecastBench.windows),
          "forecasts_per_second": .number(bench.forecastsPerSecondTogether),
        ]) { _, new in new }),
    ]
  }

  private func json(_ timing: BenchTiming) -> [String: JSONValue] {
    [
      "median_seconds": .number(timing.median), "p10_seconds": .number(timing.quantile(0.1)),
      "p90_seconds": .number(timing.quantile(0.9)), "samples": .integer(timing.seconds.count),
    ]
  }
}
