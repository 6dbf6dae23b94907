public import RecurrentCore

/// The record of a sweep made step by step.
public struct StepwiseTape<Cell: RecurrentCell>: Sendable {
  let steps: LayerSteps<Cell>
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
    let made = RecurrentLayer(self, direction: direction).runStepwise(
      input, from: initialState, parameters: parameters, mode: .inference)
    return (made.output, made.finalState, StepwiseTape(steps: made.steps))
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
    let back = tape.steps.backpropagate(
      outputGradient, finalStateGradient: finalStateGradient, parameters: parameters, into: &gradients)
    return CellGradient(input: back.input, initialState: back.initialState)
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
