public import RecurrentCore

/// The simple (Elman) recurrent cell: h′ = f(x Wᵀ + h Uᵀ + b), output h′.
///
/// x `[B, F]`, h `[B, H]`, W `[H, F]`, U `[H, H]`, b `[1, H]`; f is tanh, ReLU, sigmoid or the identity. Adjoint, with
/// dh the sum of what reaches h′ from its output and from the future:
///
///     da = dh ⊙ f′(h′)      dW += daᵀ x      dU += daᵀ h      db += Σ da      dx = da W      dh ← da U
///
/// One bias: PyTorch's two are their sum. Cost a step: 2 B H (F + H) floating-point operations, twice that back.
/// Source: Elman, Finding structure in time (1990), doi:10.1207/s15516709cog1402_1.
public struct SimpleRNNCell<Scalar: TensorScalar>: RecurrentCell {
  /// h `[B, H]`.
  public typealias State = HiddenState<Scalar>

  /// F.
  public let inputSize: Int
  /// H.
  public let outputSize: Int
  /// f.
  public let activation: Activation
  /// W `[H, F]`.
  public let weightInput: ParameterSlot
  /// U `[H, H]`.
  public let weightHidden: ParameterSlot
  /// b `[1, H]`; `nil`: none.
  public let bias: ParameterSlot?

  /// Adds `name.weightInput`, `name.weightHidden` and `name.bias` to `layout`.
  ///
  /// - Parameters:
  ///   - activation: default tanh, as everywhere.
  ///   - initialization: default `.uniform`, PyTorch's, so that published recipes carry over.
  public init(
    inputSize: Int, hiddenSize: Int, activation: Activation = .tanh, bias: Bool = true,
    initialization: Initialization = .uniform, named name: String, in layout: inout ParameterLayout
  ) {
    self.inputSize = inputSize
    outputSize = hiddenSize
    self.activation = activation
    weightInput = layout.addWeight(
      "\(name).weightInput", rows: hiddenSize, columns: inputSize,
      initializer: initialization.input(hidden: hiddenSize, inputs: inputSize))
    weightHidden = layout.addWeight(
      "\(name).weightHidden", rows: hiddenSize, columns: hiddenSize,
      initializer: initialization.hidden(hidden: hiddenSize, gates: 1))
    self.bias =
      bias
      ? layout.addVector(
        "\(name).bias", columns: hiddenSize, initializer: initialization.bias(hidden: hiddenSize)) : nil
  }

  /// h = 0 `[batchSize, H]`.
  public func zeroState(batchSize: Int) -> State { State(hidden: Matrix(zeros: batchSize, outputSize)) }

  /// x, h and h′ of one step, `[B, F]` and twice `[B, H]`.
  public struct Tape: Sendable {
    let input, hiddenBefore, hidden: Matrix<Scalar>
  }

  /// h′ = f(x Wᵀ + h Uᵀ + b).
  public func step(_ input: Matrix<Scalar>, state: inout State, parameters: PackedParameters<Scalar>)
    -> (output: Matrix<Scalar>, tape: Tape)
  {
    let before = state.hidden
    let sum = parameters.apply(
      weightHidden, to: before, adding: parameters.apply(weightInput, to: input, bias: bias))
    state.hidden = sum.applying(activation)
    return (state.hidden, Tape(input: input, hiddenBefore: before, hidden: state.hidden))
  }

  /// da = dh ⊙ f′(h′) with dh = outputGradient + stateGradient; then as the type's comment says.
  public func backpropagate(
    _ outputGradient: Matrix<Scalar>, through tape: Tape, stateGradient: inout State,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    var da = stateGradient.hidden
    withBase(&da.elements) { da in
      Scalar._rnnGradient(
        activation.kernelCode, tape.hidden.elements.count, y: tape.hidden.elements,
        dy: outputGradient.elements,
        dh: stateGradient.hidden.elements, da: da)
    }
    gradients.accumulate(weightInput, from: da, tape.input)
    gradients.accumulate(weightHidden, from: da, tape.hiddenBefore)
    if let bias { gradients.accumulateBias(bias, from: da) }
    stateGradient.hidden = parameters.applyTransposed(weightHidden, to: da)
    return parameters.applyTransposed(weightInput, to: da)
  }
}
