package import RecurrentCore
package import RecurrentNN

/// A recurrent layer over one sequence by nested loops over numbers, in Double, written from the equations of the source
/// notes: no matrices, no batch, no packing, no shared exponentials. The twin of the sweeps of the built-in cells.
package struct ReferenceRecurrence {
  package enum Kind {
    case simple(Activation)
    case gru(GRUForm)
    case lstm

    var gates: Int {
      switch self {
      case .simple: 1
      case .gru: 3
      case .lstm: 4
      }
    }
  }

  package let kind: Kind
  package let inputs, size: Int
  /// W[row][k] and U[row][k], rows by gate (r z n, i f g o); b of the rows; c of the reset-after GRU's candidate.
  let w, u: [[Double]]
  let b, c: [Double]

  /// The parameters of `cell` named `prefix` in `store`; a bias that is not there is zero.
  package init(_ kind: Kind, named prefix: String, in store: ParameterStore<Double>) {
    func rows(_ name: String) -> [[Double]] {
      guard let slot = store.layout["\(prefix).\(name)"] else { return [] }
      let matrix = store[slot]
      return (0..<matrix.rows).map(matrix.row)
    }
    self.kind = kind
    w = rows("weightInput")
    u = rows("weightHidden")
    size = w.count / kind.gates
    inputs = w[0].count
    b = rows("bias").first ?? [Double](repeating: 0, count: w.count)
    c = rows("biasHidden").first ?? [Double](repeating: 0, count: size)
  }

  /// h and, of an LSTM, c.
  package struct State {
    package var h, c: [Double]

    package init(h: [Double], c: [Double]) {
      self.h = h
      self.c = c
    }
  }

  /// What a step leaves behind. gates: the values of all gates; q: U h + c of the reset-after candidate.
  struct Memory {
    let x: [Double]
    let before, after: State
    let gates, q: [Double]
  }

  package struct Run {
    /// At the steps they belong to, in either direction.
    package let outputs: [[Double]]
    package let final: State
    let memories: [Memory]
    let direction: Direction
  }

  /// The states of all steps of one sequence, from its first step or, in reverse, from its last.
  package func run(_ xs: [[Double]], from initial: State, direction: Direction) -> Run {
    var state = initial
    var memories: [Memory] = []
    for x in direction == .forward ? xs : xs.reversed() {
      let memory = step(x, state)
      memories.append(memory)
      state = memory.after
    }
    let outputs = memories.map(\.after.h)
    return Run(
      outputs: direction == .forward ? outputs : outputs.reversed(), final: state, memories: memories,
      direction: direction)
  }

  /// Sums over the steps; added to by every sequence.
  package struct Gradients {
    package var w, u: [[Double]]
    package var b, c: [Double]
  }

  package var zeroGradients: Gradients {
    Gradients(
      w: w.map { $0.map { _ in 0 } }, u: u.map { $0.map { _ in 0 } }, b: b.map { _ in 0 }, c: c.map { _ in 0 }
    )
  }

  /// Back-propagation through time: dys at the steps of the outputs.
  ///
  /// - Returns: ∂L/∂x of every step, and ∂L/∂(initial state).
  package func backpropagate(
    _ dys: [[Double]], final: State, through run: Run, into gradients: inout Gradients
  ) -> (dxs: [[Double]], initial: State) {
    var dState = final
    var dxs: [[Double]] = []
    let ordered = run.direction == .forward ? dys : dys.reversed()
    for (memory, dy) in zip(run.memories, ordered).reversed() {
      for j in 0..<size { dState.h[j] += dy[j] }
      dxs.append(backpropagate(&dState, memory, &gradients))
    }
    return (run.direction == .forward ? dxs.reversed() : dxs, dState)
  }

  /// Σ W[row][k] x[k] + b[row], with or without the recurrent sum Σ U[row][k] h[k].
  func sum(_ row: Int, _ x: [Double], _ h: [Double]? = nil) -> Double {
    var sum = b[row]
    for k in 0..<inputs { sum += w[row][k] * x[k] }
    if let h { for k in 0..<size { sum += u[row][k] * h[k] } }
    return sum
  }
}
