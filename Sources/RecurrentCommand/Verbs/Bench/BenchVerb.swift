internal import RecurrentTasks

/// `recurrent bench`: how fast this machine trains and runs the named cases, and a model of one's own.
struct BenchVerb: Verb {
  static let names = Argument<[String]>.rest(
    "NAME", .text("NAME"), isRequired: false,
    help:
      "Named cases (\(BenchSubject.caseNames.joined(separator: ", "))) and folders that 'train forecast' made; without any, all named cases."
  )
  static let threads = Option<[Int]?>(
    "threads", .list(of: .integer(in: 1...1024), distinct: true), absent: "one, and all cores",
    help: "Each runs on each of these numbers of threads.")
  static let seconds = Option(
    "seconds", .number(in: 1e-3...86_400), default: 1,
    help: "For each, on each number of threads; at least one call is timed.")

  var definition: VerbDefinition {
    VerbDefinition(
      name: "bench", summary: "time named cases, or a trained model, on this machine",
      discussion: """
        T1 to T7 are training steps (forward, loss, gradients, update) on one made-up batch, I1 to I5 runs of a frozen \
        model; Documentation/performance.md has the same cases beside other libraries. Times are medians of samples of \
        some five milliseconds, or of single calls that take longer, after a warm-up. GFLOP/s counts matrix products alone, two operations for a \
        multiply-add. The limit is what as many cores allow, measured just before and after: the products as \
        multiply-adds on registers, and of one sequence, for which every step reads its weights anew, the time to \
        read as many bytes from the cache that they fit; a network as small as I5 has none. Of the stream I1 \
        and of a model, each step and each forecast is also timed by itself: p50 and p99.

        What stands in the way of a quiet figure is other work on the machine: start it alone.
        """,
      arguments: [Self.names],
      options: [
        OptionGroup("Timing", Self.threads, Self.seconds),
        OptionGroup("Output", StandardOptions.json, StandardOptions.quiet, StandardOptions.progress),
      ],
      examples: [
        .init("recurrent bench", "All named cases, on one thread and on all cores; a minute."),
        .init("recurrent bench T2 I5 --threads 1 --seconds 0.2", "Two of them, on one thread."),
        .init("recurrent bench weather.model --seconds 0.5 --json", "A model of your own, for a program."),
      ],
      exitCodes: [.data, .noInput, .configuration])
  }

  func run(_ arguments: ParsedArguments, console: Console) throws(CommandError) -> ExitCode {
    let given = arguments[Self.names]
    var subjects: [BenchSubject] = []
    for name in given.isEmpty ? BenchSubject.caseNames : given {
      subjects.append(try BenchSubject(name))
    }
    let threads = arguments[Self.threads] ?? Array(Set([1, ThreadCount.cores])).sorted()
    ThreadCount.warn(threads.max() ?? 1, console)
    let report = try measure(subjects, threads, seconds: arguments[Self.seconds], console)
    if arguments[StandardOptions.json] {
      try console.print(report.document)
    } else {
      try console.print(report.text)
    }
    return .success
  }

  private func measure(
    _ subjects: [BenchSubject], _ threads: [Int], seconds: Double, _ console: Console
  ) throws(CommandError) -> BenchReport {
    let progress = ProgressDisplay(
      console, title: "timing", unit: "runs", total: subjects.count * threads.count)
    var report = BenchReport(seconds: seconds)
    var done = 0
    for subject in subjects {
      progress.update(done, detail: subject.name)
      let measure = prepared(subject, seconds: seconds)
      for count in threads {
        progress.update(done, detail: "\(subject.name) on \(count)")
        try commandErrors { try measure(count, &report) }
        done += 1
        progress.update(done)
      }
    }
    progress.remove()
    return report
  }

  /// What measures a subject on so many threads. Data and parameters are made once, and dropped before the next subject.
  private func prepared(
    _ subject: BenchSubject, seconds: Double
  ) -> (_ threads: Int, _ report: inout BenchReport) throws -> Void {
    switch subject {
    case .named(let found):
      let run = BenchRun(found)
      return { $1.results.append(try run.measure(threads: $0, seconds: seconds)) }
    case .forecaster(let path, let model):
      return { $1.forecasters.append((path, ForecastBench(model, threads: $0, seconds: seconds))) }
    }
  }
}
