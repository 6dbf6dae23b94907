//! A recurrent cell written in one file: the update gate recurrent neural network.

import Recurrent

/// The update gate RNN: one gate decides, unit by unit, between the old state and a candidate.
///
///     g = σ(x W_gᵀ + h U_gᵀ + b_g)     c = tanh(x W_cᵀ + h U_cᵀ + b_c)
///     h′ = g ⊙ h + (1 − g) ⊙ c         output h′
///
/// x `[B, F]`, h `[B, H]`, W `[H, F]`, U `[H, H]`, b `[1, H]`. Adjoint, with dh what reaches h′:
///
///     da_g = dh ⊙ (h − c) ⊙ g(1−g)     da_c = dh ⊙ (1 − g) ⊙ (1 − c²)
///     dW += daᵀ x     dU += daᵀ h     db += Σ da     dx = Σ da W     dh ← dh ⊙ g + Σ da U
///
/// Source: Collins, Sohl-Dickstein, Sussillo, Capacity and trainability in recurrent neural networks (ICLR 2017),
/// arXiv:1611.09913.
struct UpdateGateCell<Scalar: TensorScalar>: RecurrentCell {
  let inputSize: Int, outputSize: Int
  let gateInput, gateHidden, gateBias, candidateInput, candidateHidden, candidateBias: ParameterSlot

  init(inputSize: Int, hiddenSize: Int, named name: String, in layout: inout ParameterLayout) {
    (self.inputSize, outputSize) = (inputSize, hiddenSize)
    func weight(_ part: String, _ columns: Int) -> ParameterSlot {
      layout.addWeight("\(name).\(part)", rows: hiddenSize, columns: columns, initializer: .glorotUniform)
    }
    func bias(_ part: String) -> ParameterSlot {
      layout.addVector("\(name).\(part)", columns: hiddenSize, initializer: .zeros)
    }
    gateInput = weight("gateInput", inputSize)
    gateHidden = weight("gateHidden", hiddenSize)
    gateBias = bias("gateBias")
    candidateInput = weight("candidateInput", inputSize)
    candidateHidden = weight("candidateHidden", hiddenSize)
    candidateBias = bias("candidateBias")
  }

  /// What the way back needs from the way forward.
  struct Tape: Sendable { let x, h, g, c: Matrix<Scalar> }

  func zeroState(batchSize: Int) -> HiddenState<Scalar> {
    HiddenState(hidden: Matrix(zeros: batchSize, outputSize))
  }

  func step(
    _ x: Matrix<Scalar>, state: inout HiddenState<Scalar>, parameters p: PackedParameters<Scalar>
  ) -> (output: Matrix<Scalar>, tape: Tape) {
    let h = state.hidden
    let g = p.apply(gateHidden, to: h, adding: p.apply(gateInput, to: x, bias: gateBias)).applying(.sigmoid)
    let c = p.apply(candidateHidden, to: h, adding: p.apply(candidateInput, to: x, bias: candidateBias))
      .applying(.tanh)
    state.hidden = g * h + g.map { 1 - $0 } * c
    return (state.hidden, Tape(x: x, h: h, g: g, c: c))
  }

  func backpropagate(
    _ outputGradient: Matrix<Scalar>, through t: Tape, stateGradient: inout HiddenState<Scalar>,
    parameters p: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    let dh = outputGradient + stateGradient.hidden
    let dg = dh * (t.h - t.c) * t.g.map { $0 * (1 - $0) }
    let dc = dh * t.g.map { 1 - $0 } * t.c.map { 1 - $0 * $0 }
    gradients.accumulate(gateInput, from: dg, t.x)
    gradients.accumulate(gateHidden, from: dg, t.h)
    gradients.accumulateBias(gateBias, from: dg)
    gradients.accumulate(candidateInput, from: dc, t.x)
    gradients.accumulate(candidateHidden, from: dc, t.h)
    gradients.accumulateBias(candidateBias, from: dc)
    stateGradient.hidden =
      dh * t.g + p.applyTransposed(gateHidden, to: dg) + p.applyTransposed(candidateHidden, to: dc)
    return p.applyTransposed(gateInput, to: dg) + p.applyTransposed(candidateInput, to: dc)
  }
}

// What the steps' tapes hold, for `model.trace`.
extension UpdateGateCell: GatedCell {
  var gateNames: [String] { ["update gate", "candidate"] }
  func gates(of tape: Tape) -> [Matrix<Scalar>] { [tape.g, tape.c] }
}

// Two directions, one of them the new cell; sequences of different lengths; every gradient by differences.
var layout = ParameterLayout()
let layer = Bidirectional(
  forward: UpdateGateCell<Double>(inputSize: 3, hiddenSize: 4, named: "forward", in: &layout),
  reverse: LSTMCell<Double>(inputSize: 3, hiddenSize: 2, named: "reverse", in: &layout))
let model = SequenceModel<Double>(body: layer, positions: .all, loss: .halfSquaredError, layout: layout)

/// Sequences of 5, 1, 0 and 4 steps, from a state that is not zero.
func makeBatch() -> SequenceModel<Double>.Batch {
  var numbers = CounterGenerator(seed: 1, purpose: .check)
  func draw() -> Double { Double.random(in: -1...1, using: &numbers) }
  let input = SequenceBatch(
    steps: 5, batchSize: 4, features: 3, values: (0..<60).map { _ in draw() }, lengths: [5, 1, 0, 4])
  let state = layer.zeroState(batchSize: 4).mapComponents { _, component in component.map { _ in draw() } }
  let targets = Matrix(rows: 10, columns: 6, elements: (0..<60).map { _ in draw() })
  return .init(input: input, targets: .values(targets), initialState: state)
}

let report = GradientCheck().report(
  model, on: makeBatch(), parameters: ParameterStore(initializing: layout, seed: 1))
for entry in report.entries { print("\(entry.name): error \(entry.error)") }
print(report.passes() ? "every gradient is right to 1e-7" : "wrong: \(report.failing().map(\.name))")
