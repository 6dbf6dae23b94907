internal import CBenchmarkSupport
internal import Recurrent

/// Allocations of the built-in cells for sequences of two lengths. As many for both means none in the time loop.
struct AllocationBenchmark {
  static let lengths = [50, 100]

  static var canCount: Bool { benchmark_counts_allocations() == 1 }

  static func rows() -> [Row] {
    return [
      counted("SimpleRNNCell") {
        SimpleRNNCell<Float>(inputSize: 5, hiddenSize: 24, named: "cell", in: &$0)
      },
      counted("GRUCell, reset before") {
        GRUCell<Float>(inputSize: 5, hiddenSize: 24, form: .resetBefore, named: "cell", in: &$0)
      },
      counted("GRUCell, reset after") {
        GRUCell<Float>(inputSize: 5, hiddenSize: 24, form: .resetAfter, named: "cell", in: &$0)
      },
      counted("LSTMCell") { LSTMCell<Float>(inputSize: 5, hiddenSize: 24, named: "cell", in: &$0) },
    ]
  }

  /// Whether both lengths cost as many.
  static func isIndependentOfLength(_ row: Row) -> Bool {
    stride(from: 0, to: row.figures.count, by: 2).allSatisfy {
      row.figures[$0].value == row.figures[$0 + 1].value
    }
  }

  private static func counted<Cell: RecurrentCell<Float>>(
    _ name: String, _ make: (inout ParameterLayout) -> Cell
  ) -> Row {
    var layout = ParameterLayout()
    let cell = make(&layout)
    var gradients = ParameterStore<Float>(zeros: layout)
    var forward: [Double] = []
    var back: [Double] = []
    for steps in lengths {
      let sweep = CellSweep(cell, layout: layout, steps: steps, sequences: 16)
      // The first call may fill caches of the run-time system.
      for _ in 0..<2 {
        consume(sweep.run())
        consume(sweep.pullback(into: &gradients).input)
      }
      forward.append(allocations { consume(sweep.run()) })
      back.append(allocations { consume(sweep.pullback(into: &gradients).input) })
    }
    return Row("allocations", name)
      .with("run, T 50", forward[0], "").with("run, T 100", forward[1], "")
      .with("pullback, T 50", back[0], "").with("pullback, T 100", back[1], "")
  }

  /// The form of one call a step, which does allocate: were it counted alike for both lengths, the count would be wrong.
  static func control() -> Row {
    var layout = ParameterLayout()
    let cell = SimpleRNNCell<Float>(inputSize: 5, hiddenSize: 24, named: "cell", in: &layout)
    var row = Row("allocations", "SimpleRNNCell, step by step")
    for steps in lengths {
      let sweep = CellSweep(cell, layout: layout, steps: steps, sequences: 16)
      row = row.with("run, T \(steps)", allocations { consume(sweep.runStepwise()) }, "")
    }
    return row
  }

  private static func allocations(_ body: () -> Void) -> Double {
    let before = benchmark_allocations()
    body()
    return Double(benchmark_allocations() - before)
  }
}
