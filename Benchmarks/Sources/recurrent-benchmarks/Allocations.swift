internal import CBenchmarkSupport
internal import Recurrent
internal import RecurrentTasks

/// Allocations of one call of every named case, all threads together, once it has been called twice. There may be none.
struct AllocationBenchmark {
  /// The most that a call may make.
  static let most = 0.0
  static let threads = [1, 2, 3]
  private static let tries = 5

  static var canCount: Bool { benchmark_counts_allocations() == 1 }

  static func rows() throws -> [Row] {
    try BenchCase.all.map { benchCase in
      let network = BenchNetwork(benchCase)
      let data = BenchData(madeUpFor: benchCase)
      let parameters = ParameterStore<Float>(initializing: network.layout, seed: 1)
      var row = Row("allocations", "\(benchCase.name), a call")
      for threads in threads {
        let program = try network.program(data, parameters: parameters, threads: threads)
        // The first call makes room, and fills caches of the run-time system.
        for _ in 0..<2 { try program.call() }
        row = row.with("\(threads) thread\(threads == 1 ? "" : "s")", try count { try program.call() }, "")
      }
      return row
    }
  }

  static func allocates(_ row: Row) -> Bool { row.figures.contains { $0.value > most } }

  /// The form of one call a step, which does allocate: were none counted, the count would be wrong.
  static func control() -> Row {
    var layout = ParameterLayout()
    let cell = SimpleRNNCell<Float>(inputSize: 5, hiddenSize: 24, named: "cell", in: &layout)
    let parameters = PackedParameters(ParameterStore<Float>(initializing: layout, seed: 1))
    let input = SequenceBatch(
      steps: 50, batchSize: 16, features: 5, values: ProductBenchmark.numbers(50 * 16 * 5))
    let made = try? count {
      consume(
        cell.runStepwise(
          input, from: cell.zeroState(batchSize: 16), direction: .forward, parameters: parameters
        ).output)
    }
    return Row("allocations", "SimpleRNNCell, step by step").with("T 50", made ?? 0, "")
  }

  /// The fewest of some tries: a thread of the pool that starts, or of the pool before that ends, allocates at a time of
  /// its own, and every thread's allocations are counted. What a call makes itself, every try makes.
  private static func count(_ body: () throws -> Void) throws -> Double {
    var fewest = Int64.max
    for _ in 0..<tries where fewest > 0 {
      let before = benchmark_allocations()
      try body()
      fewest = min(fewest, benchmark_allocations() - before)
    }
    return Double(fewest)
  }
}
