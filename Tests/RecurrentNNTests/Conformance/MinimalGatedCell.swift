import RecurrentCore
import RecurrentNN

/// f = σ(W x + U h + b),  n = tanh(V x + R (f ⊙ h) + c),  h′ = h + f ⊙ (n − h). Zhou et al. (2016), arXiv:1603.09420.
struct MinimalGatedCell<Scalar: TensorScalar>: RecurrentCell {
  let inputSize: Int, outputSize: Int
  let w, u, b, v, r, c: ParameterSlot

  init(inputSize: Int, hiddenSize: Int, named name: String, in layout: inout ParameterLayout) {
    (self.inputSize, outputSize) = (inputSize, hiddenSize)
    let first = Initializer.uniform(bound: 1 / Double(hiddenSize).squareRoot())
    w = layout.addWeight("\(name).w", rows: hiddenSize, columns: inputSize, initializer: first)
    u = layout.addWeight("\(name).u", rows: hiddenSize, columns: hiddenSize, initializer: first)
    b = layout.addVector("\(name).b", columns: hiddenSize, initializer: first)
    v = layout.addWeight("\(name).v", rows: hiddenSize, columns: inputSize, initializer: first)
    r = layout.addWeight("\(name).r", rows: hiddenSize, columns: hiddenSize, initializer: first)
    c = layout.addVector("\(name).c", columns: hiddenSize, initializer: first)
  }

  struct Tape: Sendable { let x, h, f, n: Matrix<Scalar> }

  func zeroState(batchSize: Int) -> HiddenState<Scalar> {
    .init(hidden: Matrix(zeros: batchSize, outputSize))
  }

  func step(
    _ x: Matrix<Scalar>, state: inout HiddenState<Scalar>, parameters p: PackedParameters<Scalar>
  ) -> (output: Matrix<Scalar>, tape: Tape) {
    let h = state.hidden
    let f = p.apply(u, to: h, adding: p.apply(w, to: x, bias: b)).applying(.sigmoid)
    let n = p.apply(r, to: f * h, adding: p.apply(v, to: x, bias: c)).applying(.tanh)
    state.hidden = h + f * (n - h)
    return (state.hidden, Tape(x: x, h: h, f: f, n: n))
  }

  func backpropagate(
    _ dy: Matrix<Scalar>, through t: Tape, stateGradient: inout HiddenState<Scalar>,
    parameters p: PackedParameters<Scalar>, into g: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    let dh = dy + stateGradient.hidden
    let dn = dh * t.f * t.n.map { 1 - $0 * $0 }
    let dfh = p.applyTransposed(r, to: dn)
    let df = (dh * (t.n - t.h) + dfh * t.h) * t.f.map { $0 * (1 - $0) }
    g.accumulate(w, from: df, t.x)
    g.accumulate(u, from: df, t.h)
    g.accumulateBias(b, from: df)
    g.accumulate(v, from: dn, t.x)
    g.accumulate(r, from: dn, t.f * t.h)
    g.accumulateBias(c, from: dn)
    stateGradient.hidden = dh - dh * t.f + dfh * t.f + p.applyTransposed(u, to: df)
    return p.applyTransposed(w, to: df) + p.applyTransposed(v, to: dn)
  }
}
