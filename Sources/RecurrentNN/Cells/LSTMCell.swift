public import RecurrentCore

/// The long short-term memory cell with a forget gate. Gate order i f g o.
///
///     i = σ(x Wᵢᵀ + h Uᵢᵀ + bᵢ)     f = σ(x W_fᵀ + h U_fᵀ + b_f)
///     g = tanh(x W_gᵀ + h U_gᵀ + b_g)     o = σ(x Wₒᵀ + h Uₒᵀ + bₒ)
///     c′ = f ⊙ c + i ⊙ g     h′ = o ⊙ tanh c′     output h′
///
/// x `[B, F]`, h and c `[B, H]`, W `[4H, F]`, U `[4H, H]`, b `[1, 4H]`, their rows in the order i f g o. Adjoint, with dh
/// and dc what reaches h′ and c′ from the output and from the future:
///
///     do = dh ⊙ tanh c′          dc += dh ⊙ o ⊙ (1 − tanh² c′)
///     di = dc ⊙ g     df = dc ⊙ c     dg = dc ⊙ i     dc ← dc ⊙ f
///     da = (di i(1−i), df f(1−f), dg (1−g²), do o(1−o))
///     dW += daᵀ x     dU += daᵀ h     db += Σ da     dx = da W     dh ← da U
///
/// One bias: PyTorch's two are their sum. Cost a step: 8 B H (F + H) floating-point operations, twice that back.
/// Sources: Hochreiter and Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735; forget gate: Gers, Schmidhuber, Cummins
/// (2000), doi:10.1162/089976600300015015.
public struct LSTMCell<Scalar: TensorScalar>: RecurrentCell {
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
  /// b `[1, 4H]`; `nil`: none.
  public let bias: ParameterSlot?

  /// - Parameter forgetBias: first value of the forget gate's bias, in place of the scheme's; `nil` leaves the scheme's.
  ///   1 keeps the memory open at first (Jozefowicz, Zaremba, Sutskever, ICML 2015). Ignored without bias.
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
    let first = initialization.bias(hidden: hiddenSize)
    let biases = forgetBias.map { Initializer.gates([first, .constant($0), first, first]) } ?? first
    self.bias =
      bias ? layout.addVector("\(name).bias", columns: 4 * hiddenSize, initializer: biases) : nil
  }

  /// h = c = 0 `[batchSize, H]`.
  public func zeroState(batchSize: Int) -> State {
    State(hidden: Matrix(zeros: batchSize, outputSize), cell: Matrix(zeros: batchSize, outputSize))
  }

  /// What one step leaves behind: x, h, the activated gates, c and c′.
  public struct Tape: Sendable {
    /// The activated gates, `[B, 4H]`.
    let input, hiddenBefore, gates, cellBefore, cell: Matrix<Scalar>
  }

  /// c′ = f ⊙ c + i ⊙ g, h′ = o ⊙ tanh c′.
  public func step(_ input: Matrix<Scalar>, state: inout State, parameters: PackedParameters<Scalar>)
    -> (output: Matrix<Scalar>, tape: Tape)
  {
    let before = state
    var gates = parameters.apply(
      weightHidden, to: before.hidden, adding: parameters.apply(weightInput, to: input, bias: bias))
    withBase(&gates.elements) { gates in
      withBase(&state.cell.elements) { cell in
        withBase(&state.hidden.elements) { hidden in
          Scalar._lstm(
            rows: input.rows, units: outputSize, size: outputSize, gates: gates,
            cellBefore: before.cell.elements, cell: cell,
            y: hidden)
        }
      }
    }
    let tape = Tape(
      input: input, hiddenBefore: before.hidden, gates: gates, cellBefore: before.cell, cell: state.cell)
    return (state.hidden, tape)
  }

  /// dc, then the four gates' gradients, as the type's comment says; dh = outputGradient + stateGradient.
  public func backpropagate(
    _ outputGradient: Matrix<Scalar>, through tape: Tape, stateGradient: inout State,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    var da = Matrix<Scalar>(zeros: tape.input.rows, 4 * outputSize)
    withBase(&da.elements) { da in
      withBase(&stateGradient.cell.elements) { dc in
        Scalar._lstmGradient(
          rows: tape.input.rows, units: outputSize, size: outputSize, gates: tape.gates.elements,
          cellBefore: tape.cellBefore.elements, cell: tape.cell.elements, dy: outputGradient.elements,
          dh: stateGradient.hidden.elements, dc: dc, da: da)
      }
    }
    gradients.accumulate(weightInput, from: da, tape.input)
    gradients.accumulate(weightHidden, from: da, tape.hiddenBefore)
    if let bias { gradients.accumulateBias(bias, from: da) }
    stateGradient.hidden = parameters.applyTransposed(weightHidden, to: da)
    return parameters.applyTransposed(weightInput, to: da)
  }
}
