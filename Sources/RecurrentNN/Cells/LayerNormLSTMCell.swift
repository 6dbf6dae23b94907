public import RecurrentCore

/// The LSTM with layer normalisation of its products and of its memory. Gate order i f g o.
///
///     N(z) = (z − μ) / √(σ² + ε),  μ and σ² the mean and the variance of the numbers of one row,  ε = 10⁻⁵
///     a = γₓ ⊙ N(x Wᵀ) + γₕ ⊙ N(h Uᵀ) + b
///     i = σ(aᵢ)     f = σ(a_f)     g = tanh(a_g)     o = σ(aₒ)
///     c′ = f ⊙ c + i ⊙ g     t = tanh(γ_c ⊙ N(c′) + β_c)     h′ = o ⊙ t     output h′
///
/// x `[B, F]`, h and c `[B, H]`, W `[4H, F]`, U `[4H, H]`, γₓ, γₕ and b `[1, 4H]`, γ_c and β_c `[1, H]`. A row of a product is
/// normalised as a whole, over its 4H numbers. The paper's two shifts of the products and its bias are one sum, b. What is
/// carried is c′ itself; only what is shown of it is normalised.
///
/// Adjoint, with dh and dc what reaches h′ and c′ from the output and from the future, and
/// N*(z, dy) = (dy − mean(dy) − N(z) · mean(dy ⊙ N(z))) / √(σ² + ε), the means over a row:
///
///     do = dh ⊙ t     dm = dh ⊙ o ⊙ (1 − t²)     dγ_c += Σ dm ⊙ N(c′)     dβ_c += Σ dm
///     dc += N*(c′, γ_c ⊙ dm)
///     di = dc ⊙ g     df = dc ⊙ c     dg = dc ⊙ i     dc ← dc ⊙ f
///     da = (di i(1−i), df f(1−f), dg (1−g²), do o(1−o))
///     dγₓ += Σ da ⊙ N(x Wᵀ)     dγₕ += Σ da ⊙ N(h Uᵀ)     db += Σ da
///     p = N*(x Wᵀ, γₓ ⊙ da)     q = N*(h Uᵀ, γₕ ⊙ da)
///     dW += pᵀ x     dU += qᵀ h     dx = p W     dh ← q U
///
/// Of one hidden unit N(c′) is 0, and of two it is their order, ±1, but for ε: a configuration asks for three at least.
///
/// Run step by step, on new matrices at each: it has no fused sweep, so training takes some seven times an ``LSTMCell``'s time.
/// Source: Ba, Kiros, Hinton (2016), arXiv:1607.06450, equations 20 to 22.
public struct LayerNormLSTMCell<Scalar: TensorScalar>: RecurrentCell {
  /// h and c, each `[B, H]`.
  public typealias State = LSTMState<Scalar>

  /// F.
  public let inputSize: Int
  /// H.
  public let outputSize: Int
  /// W `[4H, F]`, rows i f g o.
  public let weightInput: ParameterSlot
  /// U `[4H, H]`, rows i f g o.
  public let weightHidden: ParameterSlot
  /// γₓ `[1, 4H]`, at first 1.
  public let gainInput: ParameterSlot
  /// γₕ `[1, 4H]`, at first 1.
  public let gainHidden: ParameterSlot
  /// γ_c `[1, H]`, at first 1.
  public let gainCell: ParameterSlot
  /// b `[1, 4H]`; `nil`: none.
  public let bias: ParameterSlot?
  /// β_c `[1, H]`, at first 0; `nil`: none.
  public let biasCell: ParameterSlot?

  /// Adds `name.weightInput`, `name.weightHidden`, `name.gainInput`, `name.gainHidden`, `name.gainCell` and, with bias,
  /// `name.bias` and `name.biasCell` to `layout`.
  ///
  /// - Parameters:
  ///   - initialization: of W, U and b; default `.uniform`.
  ///   - forgetBias: first value of the forget gate's bias, in place of the scheme's; `nil` leaves the scheme's. Ignored
  ///     without bias.
  public init(
    inputSize: Int, hiddenSize: Int, bias: Bool = true, initialization: Initialization = .uniform,
    forgetBias: Double? = nil, named name: String, in layout: inout ParameterLayout
  ) {
    self.inputSize = inputSize
    outputSize = hiddenSize
    weightInput = layout.addWeight(
      "\(name).weightInput", rows: 4 * hiddenSize, columns: inputSize,
      initializer: initialization.input(hidden: hiddenSize, inputs: inputSize, gates: 4))
    weightHidden = layout.addWeight(
      "\(name).weightHidden", rows: 4 * hiddenSize, columns: hiddenSize,
      initializer: initialization.hidden(hidden: hiddenSize, gates: 4))
    func gain(_ part: String, _ columns: Int) -> ParameterSlot {
      layout.addVector("\(name).gain\(part)", columns: columns, initializer: .constant(1))
    }
    gainInput = gain("Input", 4 * hiddenSize)
    gainHidden = gain("Hidden", 4 * hiddenSize)
    gainCell = gain("Cell", hiddenSize)
    let first = initialization.bias(hidden: hiddenSize)
    let biases = forgetBias.map { Initializer.gates([first, .constant($0), first, first]) } ?? first
    self.bias =
      bias ? layout.addVector("\(name).bias", columns: 4 * hiddenSize, initializer: biases) : nil
    biasCell = bias ? layout.addVector("\(name).biasCell", columns: hiddenSize, initializer: .zeros) : nil
  }

  /// h = c = 0 `[batchSize, H]`.
  public func zeroState(batchSize: Int) -> State {
    State(hidden: Matrix(zeros: batchSize, outputSize), cell: Matrix(zeros: batchSize, outputSize))
  }

  /// What one step leaves behind: x, h, c, the activated gates, t, and the three normalised matrices.
  public struct Tape: Sendable {
    let input, hiddenBefore, cellBefore, i, f, g, o, shown: Matrix<Scalar>
    let inputSums, hiddenSums, cell: NormalisedRows<Scalar>
  }

  /// c′ = f ⊙ c + i ⊙ g, h′ = o ⊙ tanh(γ_c ⊙ N(c′) + β_c).
  public func step(_ input: Matrix<Scalar>, state: inout State, parameters: PackedParameters<Scalar>)
    -> (output: Matrix<Scalar>, tape: Tape)
  {
    let before = state
    let inputSums = NormalisedRows(parameters.apply(weightInput, to: input))
    let hiddenSums = NormalisedRows(parameters.apply(weightHidden, to: before.hidden))
    let gates =
      inputSums.scaled(by: gainInput, plus: bias, parameters)
      + hiddenSums.scaled(by: gainHidden, plus: nil, parameters)
    func gate(_ number: Int, _ activation: Activation) -> Matrix<Scalar> {
      gates.columns(number * outputSize..<(number + 1) * outputSize).applying(activation)
    }
    let (i, f, g, o) = (gate(0, .sigmoid), gate(1, .sigmoid), gate(2, .tanh), gate(3, .sigmoid))
    state.cell = f * before.cell + i * g
    let cell = NormalisedRows(state.cell)
    let shown = cell.scaled(by: gainCell, plus: biasCell, parameters).applying(.tanh)
    state.hidden = o * shown
    let tape = Tape(
      input: input, hiddenBefore: before.hidden, cellBefore: before.cell, i: i, f: f, g: g, o: o,
      shown: shown,
      inputSums: inputSums, hiddenSums: hiddenSums, cell: cell)
    return (state.hidden, tape)
  }

  /// The adjoint as the type's comment says; dh = outputGradient + stateGradient.
  public func backpropagate(
    _ outputGradient: Matrix<Scalar>, through tape: Tape, stateGradient: inout State,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    let dh = outputGradient + stateGradient.hidden
    let dm = dh * tape.o * tape.shown.map { 1 - $0 * $0 }
    gradients.accumulateBias(gainCell, from: dm * tape.cell.values)
    if let biasCell { gradients.accumulateBias(biasCell, from: dm) }
    let dc = stateGradient.cell + tape.cell.backpropagating(dm, gain: gainCell, parameters)
    func throughSigmoid(_ gradient: Matrix<Scalar>, _ gate: Matrix<Scalar>) -> Matrix<Scalar> {
      gradient * gate.map { $0 * (1 - $0) }
    }
    let da = throughSigmoid(dc * tape.g, tape.i)
      .joiningColumns(throughSigmoid(dc * tape.cellBefore, tape.f))
      .joiningColumns(dc * tape.i * tape.g.map { 1 - $0 * $0 })
      .joiningColumns(throughSigmoid(dh * tape.shown, tape.o))
    gradients.accumulateBias(gainInput, from: da * tape.inputSums.values)
    gradients.accumulateBias(gainHidden, from: da * tape.hiddenSums.values)
    if let bias { gradients.accumulateBias(bias, from: da) }
    let p = tape.inputSums.backpropagating(da, gain: gainInput, parameters)
    let q = tape.hiddenSums.backpropagating(da, gain: gainHidden, parameters)
    gradients.accumulate(weightInput, from: p, tape.input)
    gradients.accumulate(weightHidden, from: q, tape.hiddenBefore)
    stateGradient.cell = dc * tape.f
    stateGradient.hidden = parameters.applyTransposed(weightHidden, to: q)
    return parameters.applyTransposed(weightInput, to: p)
  }
}
