internal import Recurrent
internal import RecurrentTasks

/// Where a training step's time goes: the whole of it, without its update, and without its way back as well, in turns.
struct StageBenchmark {
  static func rows(_ harness: Harness, threads: [Int]) throws -> [Row] {
    try BenchCase.all.filter { $0.training != nil }.flatMap { benchCase in
      try threads.map { try row(benchCase, harness, threads: $0) }
    }
  }

  private static func row(_ benchCase: BenchCase, _ harness: Harness, threads: Int) throws -> Row {
    let network = BenchNetwork(benchCase)
    let data = BenchData(madeUpFor: benchCase)
    let parameters = ParameterStore<Float>(initializing: network.layout, seed: 1)
    let whole = try network.program(data, parameters: parameters, threads: threads)
    let parts = [BenchStage.End.gradients, .loss].map {
      network.stage($0, data, parameters: parameters, threads: threads)
    }
    let samples = try harness.interleaved(
      [Subject(name: "step", clock: .wall) { try whole.call() }]
        + parts.map { part in Subject(name: "part", clock: .wall) { part.call() } })
    let medians = samples.map(\.median)
    let operations = Double(network.operations(tokens: data.tokens(of: benchCase)))
    return Row("stages", "\(benchCase.name), \(threads) \(threads == 1 ? "thread" : "threads")")
      .with("step", medians[0] * 1e3, "ms")
      .with("products at the peak", operations / samples[0].medianPeak / Double(threads) * 1e3, "ms")
      .with("forward and loss", medians[2] * 1e3, "ms")
      .with("back and gradients", (medians[1] - medians[2]) * 1e3, "ms")
      .with("norm, update and packing", (medians[0] - medians[1]) * 1e3, "ms")
  }
}
