internal import RecurrentCore

/// A cell whose way back has one fault; forward it is the cell that it stands for.
struct FaultyCell<Base: RecurrentCell>: RecurrentCell where Base.Scalar == Double {
  typealias Scalar = Double
  typealias State = Base.State

  let base: Base
  let fault: GradientFault
  let layout: ParameterLayout

  var inputSize: Int { base.inputSize }
  var outputSize: Int { base.outputSize }

  func zeroState(batchSize: Int) -> State { base.zeroState(batchSize: batchSize) }

  func step(_ input: Matrix<Double>, state: inout State, parameters: PackedParameters<Double>)
    -> (output: Matrix<Double>, tape: Base.Tape)
  {
    base.step(input, state: &state, parameters: parameters)
  }

  func backpropagate(
    _ outputGradient: Matrix<Double>, through tape: Base.Tape, stateGradient: inout State,
    parameters: PackedParameters<Double>, into gradients: inout ParameterStore<Double>
  ) -> Matrix<Double> {
    var own = ParameterStore<Double>(zeros: layout)
    var inputGradient = base.backpropagate(
      outputGradient, through: Self.edit(tape, fault), stateGradient: &stateGradient, parameters: parameters,
      into: &own)
    switch fault {
    case .recurrentGradientDropped: stateGradient = zeroed(stateGradient, components: [0])
    case .lstmCellGradientDropped: stateGradient = zeroed(stateGradient, components: [1])
    case .inputGradientOmitted: inputGradient = Matrix(zeros: inputGradient.rows, inputGradient.columns)
    default: break
    }
    addParameterGradients(own, to: &gradients)
    return inputGradient
  }

  private func addParameterGradients(
    _ own: ParameterStore<Double>, to gradients: inout ParameterStore<Double>
  ) {
    for slot in layout.slots where slot.name.hasPrefix("body.") {
      var step = own[slot]
      switch fault {
      case .biasGradientOmitted where slot.name.hasSuffix(".bias"): continue
      case .gradientsOverwritten:
        gradients[slot] = step
        continue
      case .lstmForgetAndInputSwapped:
        // Gate order i f g o: rows of a matrix, or elements of a vector.
        let gate = step.elements.count / 4
        for index in 0..<gate { step.elements.swapAt(index, gate + index) }
      default: break
      }
      gradients[slot] = gradients[slot] + step
    }
  }

  func pullback(
    _ outputGradient: SequenceBatch<Double>, finalStateGradient: State, through tape: StepwiseTape<Self>,
    parameters: PackedParameters<Double>, into gradients: inout ParameterStore<Double>
  ) -> CellGradient<Self> {
    var final = finalStateGradient
    let input = tape.steps.input
    let finished = input.lengths.indices.filter { input.lengths[$0] < input.steps }
    if fault == .finalStateGradientIgnored { final = zeroed(final, components: [0]) }
    if fault == .finishedRowsNotRestored {
      final = final.replacingRows(finished, with: base.zeroState(batchSize: finished.count))
    }
    let back = pullbackStepwise(
      outputGradient, finalStateGradient: final, through: tape, parameters: parameters, into: &gradients)
    guard fault == .initialStateGradientDropped else { return back }
    return CellGradient(input: back.input, initialState: zeroed(back.initialState, components: [0]))
  }

  private func zeroed(_ state: State, components: Set<Int>) -> State {
    State(
      components: state.components.enumerated().map { index, component in
        components.contains(index) ? Matrix(zeros: component.rows, component.columns) : component
      })
  }

  /// What the cell remembers of a step, made wrong where the fault lies in an equation of the step's adjoint.
  private static func edit(_ tape: Base.Tape, _ fault: GradientFault) -> Base.Tape {
    var edited: Any = tape
    switch (fault, tape) {
    case (.activationDerivativeOmitted, let tape as SimpleRNNCell<Double>.Tape):
      // tanh′ = 1 − h′²
      edited = SimpleRNNCell<Double>.Tape(
        input: tape.input, hiddenBefore: tape.hiddenBefore,
        hidden: Matrix(zeros: tape.hidden.rows, tape.hidden.columns))
    case (.stateAfterInsteadOfBefore, let tape as SimpleRNNCell<Double>.Tape):
      edited = SimpleRNNCell<Double>.Tape(
        input: tape.input, hiddenBefore: tape.hidden, hidden: tape.hidden)
    case (.gruResetPathDropped, let tape as GRUCell<Double>.Tape):
      // dr = dn ⊙ q ⊙ r(1−r), and q has no other part in the adjoint of the reset-after form.
      edited = GRUCell<Double>.Tape(
        input: tape.input, hiddenBefore: tape.hiddenBefore, gates: tape.gates,
        recurrent: Matrix(zeros: tape.recurrent.rows, tape.recurrent.columns))
    default: break
    }
    return edited as? Base.Tape ?? tape
  }
}
