public import RecurrentCore

/// a = γₓ N(W x) + γₕ N(U h) + b, and an LSTM's gates of it, whose memory is shown as tanh(γ_c N(c′) + β_c): the twin of
/// `LayerNormLSTMCell`.
public struct NaiveLayerNormLSTM: NaiveCell {
  /// What a step leaves behind. gates: i f g o, activated.
  public struct Memory: Sendable {
    let x: [Double], before: NaiveState, gates, shown: [Double]
    let input, hidden, cell: Normal
  }

  /// A normalised row, N(z) and 1 / √(σ² + ε).
  struct Normal: Sendable {
    let values: [Double]
    let scale: Double

    init(_ row: [Double]) { (values, scale) = NaiveGates.normalised(row) }

    /// ∂L/∂z from ∂L/∂N(z): each gradient less its mean, and less the part that a larger row would take back.
    func backpropagating(_ gradient: [Double]) -> [Double] {
      let count = Double(values.count)
      let mean = gradient.reduce(0, +) / count
      let along = zip(gradient, values).reduce(0) { $0 + $1.0 * $1.1 } / count
      return zip(gradient, values).map { ($0 - mean - $1 * along) * scale }
    }
  }

  /// W `[4H][F]`, U `[4H][H]`, b `[4H]`, rows i f g o, with the gains and the shift of the memory.
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
    let input = Normal(weights.w.map { row in x.indices.reduce(0) { $0 + row[$1] * x[$1] } })
    let hidden = Normal(weights.u.map { row in before.h.indices.reduce(0) { $0 + row[$1] * before.h[$1] } })
    let a = weights.b.indices.map {
      weights.gainInput[$0] * input.values[$0] + weights.gainHidden[$0] * hidden.values[$0] + weights.b[$0]
    }
    let made = NaiveGates.layerNormLSTM(
      a, cell: before.c, gain: weights.gainCell, shift: weights.biasCell)
    return (
      NaiveState(h: made.hidden, c: made.cell),
      Memory(
        x: x, before: before, gates: made.gates, shown: made.shown, input: input, hidden: hidden,
        cell: Normal(made.cell))
    )
  }

  /// dm = dh o (1 − t²) reaches γ_c N(c′) + β_c; dc takes what it leaves of that row; then the gates as in ``NaiveLSTM``, and da
  /// reaches both products through their own rows.
  public func backpropagate(
    _ state: inout NaiveState, through memory: Memory, into gradients: inout NaiveWeights
  ) -> [Double] {
    let size = hiddenSize
    let dm = (0..<size).map {
      state.h[$0] * memory.gates[3 * size + $0] * (1 - memory.shown[$0] * memory.shown[$0])
    }
    let reached = memory.cell.backpropagating((0..<size).map { weights.gainCell[$0] * dm[$0] })
    var da = [Double](repeating: 0, count: 4 * size)
    for j in 0..<size {
      let (i, f) = (memory.gates[j], memory.gates[size + j])
      let (g, o) = (memory.gates[2 * size + j], memory.gates[3 * size + j])
      gradients.gainCell[j] += dm[j] * memory.cell.values[j]
      gradients.biasCell[j] += dm[j]
      let dc = state.c[j] + reached[j]
      da[j] = dc * g * i * (1 - i)
      da[size + j] = dc * memory.before.c[j] * f * (1 - f)
      da[2 * size + j] = dc * i * (1 - g * g)
      da[3 * size + j] = state.h[j] * memory.shown[j] * o * (1 - o)
      state.c[j] = dc * f
    }
    for row in da.indices {
      gradients.gainInput[row] += da[row] * memory.input.values[row]
      gradients.gainHidden[row] += da[row] * memory.hidden.values[row]
      gradients.b[row] += da[row]
    }
    let p = memory.input.backpropagating(da.indices.map { weights.gainInput[$0] * da[$0] })
    let q = memory.hidden.backpropagating(da.indices.map { weights.gainHidden[$0] * da[$0] })
    state.h = [Double](repeating: 0, count: size)
    gradients.addHidden(0..<4 * size, q, memory.before.h, weights: weights, to: &state.h)
    var dx = [Double](repeating: 0, count: memory.x.count)
    for row in p.indices {
      for k in dx.indices {
        gradients.w[row][k] += p[row] * memory.x[k]
        dx[k] += p[row] * weights.w[row][k]
      }
    }
    return dx
  }
}
