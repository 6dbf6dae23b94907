internal import Recurrent
internal import RecurrentTasks

/// The named cases of hidden Markov models, on one thread and on two in turns, or one of them on demand.
struct ChainBenchmark {
  /// - Parameter folder: where `peers/export.py` wrote the cases; `nil`: data are made up.
  static func rows(_ harness: Harness, folder: String?) throws -> [Row] {
    let cases =
      try folder.map { folder in try ChainCase.names.map { try ChainCase.read($0, folder: folder).case } }
      ?? ChainCase.madeUp()
    return try cases.map { benchCase in
      let programs = try [1, 2].map { try benchCase.program(threads: $0) }
      let samples = try harness.interleaved(
        programs.map { program in Subject(name: benchCase.name, clock: .wall) { program.call() } })
      return Row("markov", benchCase.name)
        .with("one thread", samples[0].median * 1e3, "ms").with("best", samples[0].minimum * 1e3, "ms")
        .with("a step", samples[0].median / Double(benchCase.steps) * 1e9, "ns")
        .with("two threads", samples[1].median * 1e3, "ms")
        .with("times as fast on two", samples[1].ratio(to: samples[0]), "")
    }
  }

  /// Answers requests for samples of one case until there are none.
  static func serve(_ name: String, folder: String, threads: Int, warmUp seconds: Double) throws {
    let (benchCase, weights) = try ChainCase.read(name, folder: folder)
    let program = try benchCase.program(threads: threads)
    let checks = try program.check(weights).map { "\($0)" }.joined(separator: ",")
    let timer = try BenchTimer(program, warmUp: min(seconds, 1))
    writeLine(
      "@{\"case\":\"\(name)\",\"program\":\"recurrent\",\"threads\":\(threads),\"level\":\"\(KernelLevel.active.name)\","
        + "\"check\":[\(checks)]}")
    while let seconds = readLine().flatMap(Double.init) {
      let before = MachineSpeed.peak(threads: threads)
      let found = try timer.samples(seconds: seconds).seconds.map { "\($0 * 1e3)" }.joined(separator: ",")
      writeLine(
        "@{\"ms\":[\(found)],\"peak_gflops\":\((before + MachineSpeed.peak(threads: threads)) / 2e9)}")
    }
  }
}
