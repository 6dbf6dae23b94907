public import RecurrentCore

/// r z = σ(W x + U h + b), h′ = z h + (1 − z) n: the twin of ``GRUCell``, with n in both forms:
///
///     reset before:  n = tanh(W x + U (r h) + b)
///     reset after:   n = tanh(W x + b + r q),  q = U h + c
public struct NaiveGRU: NaiveCell {
  /// What a step leaves behind. gates: r z n, activated; q: empty in the reset-before form.
  public struct Memory: Sendable {
    let x, before, gates, q: [Double]
  }

  /// Where the reset gate stands.
  public let form: GRUForm
  /// W `[3H][F]`, U `[3H][H]`, b `[3H]`, rows r z n; c `[H]` (reset after only).
  public let weights: NaiveWeights

  /// The parameters of the cell named `prefix` in `store`.
  public init(_ form: GRUForm, named prefix: String, in store: ParameterStore<Double>) {
    self.form = form
    weights = NaiveWeights(named: prefix, in: store)
  }

  /// H.
  public var hiddenSize: Int { weights.u[0].count }
  /// Gradients of no step yet.
  public var zeroGradients: NaiveWeights { weights.zeroed }

  /// One step, x `[F]`.
  public func step(_ x: [Double], _ before: NaiveState) -> (after: NaiveState, memory: Memory) {
    let size = hiddenSize
    let h = before.h
    var a = (0..<3 * size).map { weights.input($0, x) }
    for row in 0..<2 * size { a[row] = weights.hidden(row, h, from: a[row]) }
    var q: [Double]?
    switch form {
    case .resetBefore:
      let reset = NaiveGates.resetHidden(a, hidden: h)
      for row in 2 * size..<3 * size { a[row] = weights.hidden(row, reset, from: a[row]) }
    case .resetAfter:
      q = (0..<size).map { weights.hidden(2 * size + $0, h, from: weights.c[$0]) }
    }
    let (gates, hidden) = NaiveGates.gru(a, q: q, hidden: h)
    return (NaiveState(h: hidden), Memory(x: x, before: h, gates: gates, q: q ?? []))
  }

  /// dz = dh (h − n), dn = dh (1 − z), dh ← dh z, each times its gate's slope; then n's own sum, by the form.
  public func backpropagate(
    _ state: inout NaiveState, through memory: Memory, into gradients: inout NaiveWeights
  ) -> [Double] {
    let size = hiddenSize
    let h = memory.before
    var da = [Double](repeating: 0, count: 3 * size)
    for j in 0..<size {
      let (z, n) = (memory.gates[size + j], memory.gates[2 * size + j])
      let dh = state.h[j]
      da[size + j] = dh * (h[j] - n) * z * (1 - z)
      da[2 * size + j] = dh * (1 - z) * (1 - n * n)
      state.h[j] = dh * z
    }
    var dr = [Double](repeating: 0, count: size)
    for j in 0..<size {
      let row = 2 * size + j
      let r = memory.gates[j]
      for k in 0..<size {
        switch form {
        case .resetBefore:
          // n reads r h.
          let rk = memory.gates[k]
          gradients.u[row][k] += da[row] * rk * h[k]
          dr[k] += da[row] * weights.u[row][k] * h[k]
          state.h[k] += da[row] * weights.u[row][k] * rk
        case .resetAfter:
          gradients.u[row][k] += da[row] * r * h[k]
          state.h[k] += da[row] * r * weights.u[row][k]
        }
      }
      if form == .resetAfter {
        dr[j] = da[row] * memory.q[j]
        gradients.c[j] += da[row] * r
      }
    }
    for j in 0..<size { da[j] = dr[j] * memory.gates[j] * (1 - memory.gates[j]) }
    gradients.addHidden(0..<2 * size, da, h, weights: weights, to: &state.h)
    return gradients.addInput(da, memory.x, weights: weights)
  }
}
