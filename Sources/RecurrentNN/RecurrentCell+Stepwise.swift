public import RecurrentCore

/// The record of a sweep made step by step.
public struct StepwiseTape<Cell: RecurrentCell>: Sendable {
  struct Step: Sendable {
    let time: Int
    /// The sequences that had data at that time.
    let rows: [Int]
    let tape: Cell.Tape
  }
  /// In the order in which they were made.
  var steps: [Step] = []
  let input: SequenceBatch<Cell.Scalar>
}

/// Whole sequences by one call of the cell a step: the default of ``RecurrentCell``, and the twin that the fused sweeps
/// of the built-in cells must equal bit for bit.
extension RecurrentCell {
  /// Every step of a batch by ``RecurrentCell/step(_:state:parameters:)``, for the sequences that have data at it.
  ///
  /// - Parameters:
  ///   - input: `[T, B, F]`, of any lengths.
  ///   - initialState: components `[B, size]`.
  ///   - direction: forward, or from each sequence's own last step back.
  /// - Returns: output `[T, B, H]`, zero beyond each sequence's end; the state of each sequence after its own last step in
  ///   that direction (of length 0: its initial state); and a tape for
  ///   ``pullbackStepwise(_:finalStateGradient:through:parameters:into:)``. Cost: T steps, each with copies of its rows.
  public func runStepwise(
    _ input: SequenceBatch<Scalar>, from initialState: State, direction: Direction,
    parameters: PackedParameters<Scalar>
  ) -> (output: SequenceBatch<Scalar>, finalState: State, tape: StepwiseTape<Self>) {
    var tape = StepwiseTape<Self>(input: input)
    var state = initialState
    var output = input.blank(features: outputSize)
    for index in 0..<input.steps {
      let t = direction == .forward ? index : input.steps - 1 - index
      let rows = input.lengths.indices.filter { input.lengths[$0] > t }
      guard !rows.isEmpty else { continue }
      var active = state.gatheringRows(rows)
      let made = step(input.step(t).gatheringRows(rows), state: &active, parameters: parameters)
      state = state.replacingRows(rows, with: active)
      output.setRows(rows, at: t, to: made.output)
      tape.steps.append(.init(time: t, rows: rows, tape: made.tape))
    }
    return (output, state, tape)
  }

  /// The adjoint of ``runStepwise(_:from:direction:parameters:)``: the steps from the last made to the first, by
  /// ``RecurrentCell/backpropagate(_:through:stateGradient:parameters:into:)``.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂output `[T, B, H]`; its padding is not read.
  ///   - finalStateGradient: ∂L/∂(final state); sequences that end early keep theirs until their own last step.
  ///   - gradients: ∂L/∂parameters are added here.
  /// - Returns: ∂L/∂input `[T, B, F]`, zero beyond each sequence's end, and ∂L/∂(initial state).
  public func pullbackStepwise(
    _ outputGradient: SequenceBatch<Scalar>, finalStateGradient: State, through tape: StepwiseTape<Self>,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> CellGradient<Self> {
    var stateGradient = finalStateGradient
    var inputGradient = tape.input.blank(features: inputSize)
    for step in tape.steps.reversed() {
      var active = stateGradient.gatheringRows(step.rows)
      let dx = backpropagate(
        outputGradient.step(step.time).gatheringRows(step.rows), through: step.tape, stateGradient: &active,
        parameters: parameters, into: &gradients)
      stateGradient = stateGradient.replacingRows(step.rows, with: active)
      inputGradient.setRows(step.rows, at: step.time, to: dx)
    }
    let input = inputGradient
    return CellGradient(input: input, initialState: stateGradient)
  }
}

extension RecurrentCell where SequenceTape == StepwiseTape<Self> {
  /// The default: ``runStepwise(_:from:direction:parameters:)``.
  public func run(
    _ input: SequenceBatch<Scalar>, from initialState: State, direction: Direction,
    parameters: PackedParameters<Scalar>
  ) -> CellRun<Self> {
    let made = runStepwise(input, from: initialState, direction: direction, parameters: parameters)
    return CellRun(output: made.output, finalState: made.finalState, tape: made.tape)
  }

  /// The default: ``pullbackStepwise(_:finalStateGradient:through:parameters:into:)``.
  public func pullback(
    _ outputGradient: SequenceBatch<Scalar>, finalStateGradient: State, through tape: SequenceTape,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> CellGradient<Self> {
    pullbackStepwise(
      outputGradient, finalStateGradient: finalStateGradient, through: tape, parameters: parameters,
      into: &gradients)
  }
}
