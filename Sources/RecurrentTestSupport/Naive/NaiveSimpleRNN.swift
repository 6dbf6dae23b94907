public import RecurrentCore

/// h′ = f(W x + U h + b): the twin of ``SimpleRNNCell``.
public struct NaiveSimpleRNN: NaiveCell {
  /// What a step leaves behind.
  public struct Memory: Sendable {
    let x, before, after: [Double]
  }

  /// f.
  public let activation: Activation
  /// W `[H][F]`, U `[H][H]`, b `[H]`.
  public let weights: NaiveWeights

  /// The parameters of the cell named `prefix` in `store`.
  public init(_ activation: Activation, named prefix: String, in store: ParameterStore<Double>) {
    self.activation = activation
    weights = NaiveWeights(named: prefix, in: store)
  }

  /// H.
  public var hiddenSize: Int { weights.u[0].count }
  /// Gradients of no step yet.
  public var zeroGradients: NaiveWeights { weights.zeroed }

  /// One step, x `[F]`.
  public func step(_ x: [Double], _ before: NaiveState) -> (after: NaiveState, memory: Memory) {
    let h = (0..<hiddenSize).map { row in
      NaiveGates.value(activation, weights.hidden(row, before.h, from: weights.input(row, x)))
    }
    return (NaiveState(h: h), Memory(x: x, before: before.h, after: h))
  }

  /// da = dh f′(h′).
  public func backpropagate(
    _ state: inout NaiveState, through memory: Memory, into gradients: inout NaiveWeights
  ) -> [Double] {
    let da = (0..<hiddenSize).map { state.h[$0] * NaiveGates.derivative(activation, memory.after[$0]) }
    state.h = [Double](repeating: 0, count: hiddenSize)
    gradients.addHidden(0..<hiddenSize, da, memory.before, weights: weights, to: &state.h)
    return gradients.addInput(da, memory.x, weights: weights)
  }
}
