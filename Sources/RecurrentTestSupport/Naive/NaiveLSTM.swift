#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif
public import RecurrentCore

/// i f o = σ(W x + U h + b), g = tanh(W x + U h + b), c′ = f c + i g, h′ = o tanh c′: the twin of ``LSTMCell``.
public struct NaiveLSTM: NaiveCell {
  /// What a step leaves behind. gates: i f g o, activated.
  public struct Memory: Sendable {
    let x: [Double], before: NaiveState, gates, cell: [Double]
  }

  /// W `[4H][F]`, U `[4H][H]`, b `[4H]`, rows i f g o.
  public let weights: NaiveWeights

  /// The parameters of the cell named `prefix` in `store`.
  public init(named prefix: String, in store: ParameterStore<Double>) {
    weights = NaiveWeights(named: prefix, in: store)
  }

  /// H.
  public var hiddenSize: Int { weights.u[0].count }
  /// Gradients of no step yet.
  public var zeroGradients: NaiveWeights { weights.zeroed }

  /// One step, x `[F]`.
  public func step(_ x: [Double], _ before: NaiveState) -> (after: NaiveState, memory: Memory) {
    let a = (0..<4 * hiddenSize).map { weights.hidden($0, before.h, from: weights.input($0, x)) }
    let (gates, cell, hidden) = NaiveGates.lstm(a, cell: before.c)
    return (
      NaiveState(h: hidden, c: cell), Memory(x: x, before: before, gates: gates, cell: cell)
    )
  }

  /// dc += dh o (1 − tanh² c′); di = dc g, df = dc c, dg = dc i, do = dh tanh c′, each times its gate's slope; dc ← dc f.
  public func backpropagate(
    _ state: inout NaiveState, through memory: Memory, into gradients: inout NaiveWeights
  ) -> [Double] {
    let size = hiddenSize
    var da = [Double](repeating: 0, count: 4 * size)
    for j in 0..<size {
      let (i, f) = (memory.gates[j], memory.gates[size + j])
      let (g, o) = (memory.gates[2 * size + j], memory.gates[3 * size + j])
      let squashed = tanh(memory.cell[j])
      let dc = state.c[j] + state.h[j] * o * (1 - squashed * squashed)
      da[j] = dc * g * i * (1 - i)
      da[size + j] = dc * memory.before.c[j] * f * (1 - f)
      da[2 * size + j] = dc * i * (1 - g * g)
      da[3 * size + j] = state.h[j] * squashed * o * (1 - o)
      state.c[j] = dc * f
    }
    state.h = [Double](repeating: 0, count: size)
    gradients.addHidden(0..<4 * size, da, memory.before.h, weights: weights, to: &state.h)
    return gradients.addInput(da, memory.x, weights: weights)
  }
}
