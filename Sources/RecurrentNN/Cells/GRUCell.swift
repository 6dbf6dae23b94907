public import RecurrentCore

/// The gated recurrent unit, in both forms. Gate order r z n.
///
///     r = σ(x W_rᵀ + h U_rᵀ + b_r)     z = σ(x W_zᵀ + h U_zᵀ + b_z)
///     reset before:  n = tanh(x W_nᵀ + (r ⊙ h) U_nᵀ + b_n)
///     reset after:   n = tanh(x W_nᵀ + b_n + r ⊙ q),  q = h U_nᵀ + c
///     h′ = z ⊙ h + (1 − z) ⊙ n     output h′
///
/// x `[B, F]`, h `[B, H]`, W `[3H, F]`, U `[3H, H]`, b `[1, 3H]`, rows in the order r z n; c `[1, H]` (reset after, with
/// bias, only). With dh what reaches h′ from its output and from the future, the adjoint begins
///
///     dz = dh ⊙ (h − n) ⊙ z(1−z)     dn = dh ⊙ (1 − z) ⊙ (1 − n²)     dh ← dh ⊙ z
///     reset before:  d(r⊙h) = dn U_n,  dr = d(r⊙h) ⊙ h ⊙ r(1−r),  dh += d(r⊙h) ⊙ r
///     reset after:   dq = dn ⊙ r,  dr = dn ⊙ q ⊙ r(1−r),  dh += dq U_n,  dc += Σ dq
///
/// and ends, with da = (dr, dz, dn), as for every cell: dW += daᵀ x, db += Σ da, dx = da W, dh += da_rz U_rz.
/// Recurrent dropout masks h where U multiplies it, (r ⊙ h) among it, and neither in z ⊙ h nor in h − n.
/// Limits: r = 0 forgets the past in n; z = 1 copies the state; r = 1 and z = 0 is the simple RNN.
///
/// Cost a step: 6 B H (F + H) floating-point operations, twice that back.
/// Source: Cho et al., EMNLP 2014, doi:10.3115/v1/D14-1179.
public struct GRUCell<Scalar: TensorScalar>: RecurrentCell {
  /// h `[B, H]`.
  public typealias State = HiddenState<Scalar>

  /// F.
  public let inputSize: Int
  /// H.
  public let outputSize: Int
  /// Where the reset gate stands.
  public let form: GRUForm
  /// W `[3H, F]`, rows r z n.
  public let weightInput: ParameterSlot
  /// U `[3H, H]`, rows r z n.
  public let weightHidden: ParameterSlot
  /// b `[1, 3H]`; `nil`: none.
  public let bias: ParameterSlot?
  /// c of the reset-after form.
  public let biasHidden: ParameterSlot?

  /// Adds `name.weightInput`, `name.weightHidden`, `name.bias` and, of the reset-after form with bias, `name.biasHidden`
  /// to `layout`.
  ///
  /// - Parameters:
  ///   - form: no default, because the two compute different functions.
  ///   - initialization: default `.uniform`, PyTorch's, so that published recipes carry over.
  public init(
    inputSize: Int, hiddenSize: Int, form: GRUForm, bias: Bool = true,
    initialization: Initialization = .uniform, named name: String, in layout: inout ParameterLayout
  ) {
    self.inputSize = inputSize
    outputSize = hiddenSize
    self.form = form
    weightInput = layout.addWeight(
      "\(name).weightInput", rows: 3 * hiddenSize, columns: inputSize,
      initializer: initialization.input(hidden: hiddenSize, inputs: inputSize, gates: 3))
    weightHidden = layout.addWeight(
      "\(name).weightHidden", rows: 3 * hiddenSize, columns: hiddenSize,
      initializer: initialization.hidden(hidden: hiddenSize, gates: 3), blocks: [2 * hiddenSize, hiddenSize])
    let biases = initialization.bias(hidden: hiddenSize)
    self.bias =
      bias ? layout.addVector("\(name).bias", columns: 3 * hiddenSize, initializer: biases) : nil
    biasHidden =
      bias && form == .resetAfter
      ? layout.addVector("\(name).biasHidden", columns: hiddenSize, initializer: biases) : nil
  }

  /// h = 0 `[batchSize, H]`.
  public func zeroState(batchSize: Int) -> State { State(hidden: Matrix(zeros: batchSize, outputSize)) }

  /// Rows of W and U that belong to r and z together, and to n.
  var resetUpdateRows: Range<Int> { 0..<2 * outputSize }
  var candidateRows: Range<Int> { 2 * outputSize..<3 * outputSize }

  /// What one step leaves behind: x, h, the activated gates, and q or r ⊙ h.
  public struct Tape: Sendable {
    /// gates: activated r z n, `[B, 3H]`; recurrent: q (reset after) or r ⊙ h (reset before), `[B, H]`.
    let input, hiddenBefore, gates, recurrent: Matrix<Scalar>
    /// m ⊙ h under recurrent dropout; `nil`: h.
    var hiddenRead: Matrix<Scalar>?
  }

  /// h′ = z ⊙ h + (1 − z) ⊙ n.
  public func step(_ input: Matrix<Scalar>, state: inout State, parameters: PackedParameters<Scalar>)
    -> (output: Matrix<Scalar>, tape: Tape)
  {
    step(input, state: &state, hiddenRead: nil, parameters: parameters)
  }

  /// h′ = z ⊙ h + (1 − z) ⊙ n, with m ⊙ h for h in r, z and n.
  public func step(
    _ input: Matrix<Scalar>, state: inout State, hiddenMask: Matrix<Scalar>,
    parameters: PackedParameters<Scalar>
  ) -> (output: Matrix<Scalar>, tape: Tape) {
    step(input, state: &state, hiddenRead: state.hidden * hiddenMask, parameters: parameters)
  }

  private func step(
    _ input: Matrix<Scalar>, state: inout State, hiddenRead: Matrix<Scalar>?,
    parameters: PackedParameters<Scalar>
  ) -> (output: Matrix<Scalar>, tape: Tape) {
    let before = state.hidden
    let read = hiddenRead ?? before
    let sums = parameters.apply(weightInput, to: input, bias: bias)
    let resetUpdate = parameters.apply(
      weightHidden, block: 0, to: read, adding: sums.columns(resetUpdateRows))
    var gates = resetUpdate.joiningColumns(sums.columns(candidateRows))
    var recurrent = before
    switch form {
    case .resetAfter:
      recurrent = parameters.apply(weightHidden, block: 1, to: read, bias: biasHidden)
      finish(&gates, &state.hidden) { gates, y in
        Scalar._gruAfter(
          rows: input.rows, units: outputSize, size: outputSize, gates: gates, q: recurrent.elements,
          hiddenBefore: before.elements, y: y)
      }
    case .resetBefore:
      finish(&gates, &recurrent) { gates, resetHidden in
        Scalar._gruBeforeReset(
          rows: input.rows, units: outputSize, size: outputSize, gates: gates, hiddenBefore: read.elements,
          resetHidden: resetHidden)
      }
      let candidate = parameters.apply(
        weightHidden, block: 1, to: recurrent, adding: gates.columns(candidateRows))
      gates = gates.columns(resetUpdateRows).joiningColumns(candidate)
      finish(&gates, &state.hidden) { gates, y in
        Scalar._gruBeforeOutput(
          rows: input.rows, units: outputSize, size: outputSize, gates: gates, hiddenBefore: before.elements,
          y: y)
      }
    }
    let tape = Tape(
      input: input, hiddenBefore: before, gates: gates, recurrent: recurrent, hiddenRead: hiddenRead)
    return (state.hidden, tape)
  }

  /// dz and dn, then n's own sum by the form, then r, as the type's comment says; dh = outputGradient + stateGradient.
  public func backpropagate(
    _ outputGradient: Matrix<Scalar>, through tape: Tape, stateGradient: inout State,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    backpropagate(
      outputGradient, tape, &stateGradient, mask: nil, parameters: parameters, into: &gradients)
  }

  /// The same, where what comes to h through products is masked, and dh ⊙ z is not.
  public func backpropagate(
    _ outputGradient: Matrix<Scalar>, through tape: Tape, stateGradient: inout State,
    hiddenMask: Matrix<Scalar>, parameters: PackedParameters<Scalar>,
    into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    backpropagate(
      outputGradient, tape, &stateGradient, mask: hiddenMask, parameters: parameters, into: &gradients)
  }

  private func backpropagate(
    _ outputGradient: Matrix<Scalar>, _ tape: Tape, _ stateGradient: inout State, mask: Matrix<Scalar>?,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> Matrix<Scalar> {
    let rows = tape.input.rows
    let read = tape.hiddenRead ?? tape.hiddenBefore
    // dh ⊙ z, where what products add to it has to be masked first.
    var direct: Matrix<Scalar>?
    func setAside(_ dh: inout Matrix<Scalar>) {
      if mask == nil { return }
      direct = dh
      dh = Matrix(zeros: rows, outputSize)
    }
    var da = Matrix<Scalar>(zeros: rows, 3 * outputSize)
    var dh = stateGradient.hidden
    switch form {
    case .resetAfter:
      var dq = Matrix<Scalar>(zeros: rows, outputSize)
      _ = withBase(&dq.elements) { dq in
        finish(&da, &dh) { da, dh in
          Scalar._gruAfterGradient(
            rows: rows, units: outputSize, size: outputSize, gates: tape.gates.elements,
            q: tape.recurrent.elements,
            hiddenBefore: tape.hiddenBefore.elements, dy: outputGradient.elements, dh: dh, da: da, dq: dq)
        }
      }
      setAside(&dh)
      dh = parameters.applyTransposed(weightHidden, block: 1, to: dq, adding: dh)
      gradients.accumulate(weightHidden, block: candidateRows, from: dq, read)
      if let biasHidden { gradients.accumulateBias(biasHidden, from: dq) }
    case .resetBefore:
      finish(&da, &dh) { da, dh in
        Scalar._gruBeforeOutputGradient(
          rows: rows, units: outputSize, size: outputSize, gates: tape.gates.elements,
          hiddenBefore: tape.hiddenBefore.elements,
          dy: outputGradient.elements, dh: dh, da: da)
      }
      setAside(&dh)
      let dn = da.columns(candidateRows)
      let resetHiddenGradient = parameters.applyTransposed(weightHidden, block: 1, to: dn)
      finish(&da, &dh) { da, dh in
        Scalar._gruBeforeResetGradient(
          rows: rows, units: outputSize, size: outputSize, gates: tape.gates.elements,
          hiddenBefore: read.elements,
          drh: resetHiddenGradient.elements, dh: dh, da: da)
      }
      gradients.accumulate(weightHidden, block: candidateRows, from: dn, tape.recurrent)
    }
    let resetUpdate = da.columns(resetUpdateRows)
    dh = parameters.applyTransposed(weightHidden, block: 0, to: resetUpdate, adding: dh)
    if let mask, let direct { dh = dh * mask + direct }
    stateGradient.hidden = dh
    gradients.accumulate(weightHidden, block: resetUpdateRows, from: resetUpdate, read)
    gradients.accumulate(weightInput, from: da, tape.input)
    if let bias { gradients.accumulateBias(bias, from: da) }
    return parameters.applyTransposed(weightInput, to: da)
  }

  /// Calls a kernel that changes two matrices.
  private func finish(
    _ first: inout Matrix<Scalar>, _ second: inout Matrix<Scalar>,
    _ kernel: (UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  ) {
    withBase(&first.elements) { first in
      withBase(&second.elements) { second in kernel(first, second) }
    }
  }
}
