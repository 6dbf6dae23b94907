public import RecurrentCore

/// One time step of a cell for one sequence, by nested loops over numbers in `Double`, and its adjoint: the readable twin
/// that a fast cell is compared with.
///
/// Write it from the equations, with no matrices, no batch and no packing, so that it shares no code with the cell that
/// it checks. Two functions are enough; ``run(_:from:direction:)`` and
/// ``backpropagate(_:final:through:into:)`` make whole sequences of them. ``NaiveSimpleRNN``, ``NaiveGRU``,
/// ``NaiveLSTM`` and ``NaiveLayerNormLSTM`` are the twins of the built-in cells.
public protocol NaiveCell<Weights>: Sendable {
  /// The parameters, and with them the gradients, which have the same form.
  associatedtype Weights: Sendable
  /// What ``backpropagate(_:through:into:)`` needs from ``step(_:_:)``.
  associatedtype Memory: Sendable

  /// H, numbers of the state and of the output.
  var hiddenSize: Int { get }
  /// Gradients of no step yet: the form of the parameters, all zero.
  var zeroGradients: Weights { get }

  /// One step: x `[F]` and the state before it give the state after it, whose h `[H]` is the output.
  func step(_ x: [Double], _ before: NaiveState) -> (after: NaiveState, memory: Memory)

  /// The adjoint of ``step(_:_:)``.
  ///
  /// - Parameters:
  ///   - state: in, ∂L/∂(state after the step), the output's part included; out, ∂L/∂(state before it).
  ///   - gradients: ∂L/∂parameters are added here.
  /// - Returns: ∂L/∂x `[F]`.
  func backpropagate(_ state: inout NaiveState, through memory: Memory, into gradients: inout Weights)
    -> [Double]
}

/// The state of a ``NaiveCell`` for one sequence.
public struct NaiveState: Sendable, Hashable {
  /// h `[H]`, which is also the output.
  public var h: [Double]
  /// The memory c `[H]` of an LSTM; empty for cells without one.
  public var c: [Double]

  /// A state, or the gradient of one.
  public init(h: [Double], c: [Double] = []) {
    self.h = h
    self.c = c
  }
}

/// A ``NaiveCell`` run over one sequence.
public struct NaiveRun<Cell: NaiveCell>: Sendable {
  /// `[T][H]`, at the steps they belong to, in either direction.
  public let outputs: [[Double]]
  /// After the last step in the direction run; of no steps, the initial state.
  public let final: NaiveState
  let memories: [Cell.Memory]
  let direction: Direction
}

extension NaiveCell {
  /// All steps of one sequence xs `[T][F]`, from its first or, in reverse, from its last.
  public func run(_ xs: [[Double]], from initial: NaiveState, direction: Direction) -> NaiveRun<Self> {
    var state = initial
    var memories: [Memory] = []
    var outputs: [[Double]] = []
    for x in direction == .forward ? xs : xs.reversed() {
      let (after, memory) = step(x, state)
      memories.append(memory)
      outputs.append(after.h)
      state = after
    }
    return NaiveRun(
      outputs: direction == .forward ? outputs : outputs.reversed(), final: state, memories: memories,
      direction: direction)
  }

  /// Back-propagation through time.
  ///
  /// - Parameters:
  ///   - dys: ∂L/∂outputs `[T][H]`, at the steps of the outputs.
  ///   - final: ∂L/∂(final state).
  ///   - gradients: added to, so that the sequences of a batch add up.
  /// - Returns: ∂L/∂x of every step `[T][F]`, and ∂L/∂(initial state).
  public func backpropagate(
    _ dys: [[Double]], final: NaiveState, through run: NaiveRun<Self>, into gradients: inout Weights
  ) -> (dxs: [[Double]], initial: NaiveState) {
    var state = final
    var dxs: [[Double]] = []
    let ordered = run.direction == .forward ? dys : dys.reversed()
    for (memory, dy) in zip(run.memories, ordered).reversed() {
      for j in 0..<hiddenSize { state.h[j] += dy[j] }
      dxs.append(backpropagate(&state, through: memory, into: &gradients))
    }
    return (run.direction == .forward ? dxs.reversed() : dxs, state)
  }
}
