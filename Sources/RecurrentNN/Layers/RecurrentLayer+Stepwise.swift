package import RecurrentCore

/// The steps of a layer that was run by one call of its cell a step, and what their way back needs.
struct LayerSteps<Cell: RecurrentCell>: Sendable {
  struct Step: Sendable {
    let time: Int
    /// The sequences that had data at that time.
    let rows: [Int]
    let tape: DrawnNoise<Cell.Scalar>.Tape<Cell>
  }
  fileprivate let cell: Cell
  fileprivate let noise: DrawnNoise<Cell.Scalar>
  let input: SequenceBatch<Cell.Scalar>
  /// In the order in which they were made.
  fileprivate var steps: [Step] = []

  /// The adjoint of ``RecurrentLayer/runStepwise(_:from:parameters:mode:firstStep:observe:)``.
  ///
  /// - Parameter observe: sees each step with ∂L/∂output of it and ∂L/∂(state behind it) from the steps that follow.
  func backpropagate(
    _ outputGradient: SequenceBatch<Cell.Scalar>, finalStateGradient: Cell.State,
    parameters: PackedParameters<Cell.Scalar>, into gradients: inout ParameterStore<Cell.Scalar>,
    observe: (Step, Matrix<Cell.Scalar>, Cell.State) -> Void = { _, _, _ in }
  ) -> (input: SequenceBatch<Cell.Scalar>, initialState: Cell.State) {
    var stateGradient = finalStateGradient
    var inputGradient = input.blank(features: cell.inputSize)
    for step in steps.reversed() {
      var active = stateGradient.gatheringRows(step.rows)
      let above = outputGradient.step(step.time).gatheringRows(step.rows)
      observe(step, above, active)
      let dx = noise.backpropagate(
        cell, above, through: step.tape, stateGradient: &active, parameters: parameters, into: &gradients)
      stateGradient = stateGradient.replacingRows(step.rows, with: active)
      inputGradient.setRows(step.rows, at: step.time, to: dx)
    }
    return (inputGradient, stateGradient)
  }
}

extension RecurrentLayer {
  /// The layer with its noise by one call of the cell a step: the one loop over the steps of a cell, which all that is done step
  /// by step goes through.
  ///
  /// - Parameters:
  ///   - firstStep: which step of its sequences the input's first one is: masks are keyed by the steps of the whole.
  ///   - observe: sees each step with its output and the state behind it, of the sequences that have data.
  func runStepwise(
    _ input: SequenceBatch<Scalar>, from initialState: Cell.State, parameters: PackedParameters<Scalar>,
    mode: RunMode, firstStep: Int = 0,
    observe: (LayerSteps<Cell>.Step, Matrix<Scalar>, Cell.State) -> Void = { _, _, _ in }
  ) -> (output: SequenceBatch<Scalar>, finalState: Cell.State, steps: LayerSteps<Cell>) {
    let noise = DrawnNoise(noise, of: cell, on: input, mode, firstStep: firstStep)
    var steps = LayerSteps(cell: cell, noise: noise, input: input)
    var state = initialState
    var output = input.blank(features: outputSize)
    for index in 0..<input.steps {
      let t = direction == .forward ? index : input.steps - 1 - index
      let rows = input.lengths.indices.filter { input.lengths[$0] > t }
      guard !rows.isEmpty else { continue }
      var active = state.gatheringRows(rows)
      let made = noise.step(
        cell, input.step(t).gatheringRows(rows), at: t, rows: rows, state: &active, parameters: parameters)
      state = state.replacingRows(rows, with: active)
      output.setRows(rows, at: t, to: made.output)
      let step = LayerSteps<Cell>.Step(time: t, rows: rows, tape: made.tape)
      observe(step, made.output, active)
      steps.steps.append(step)
    }
    return (output, state, steps)
  }

  /// The same as a run: how cells without a sweep of their own run with noise, and the twin that the sweeps of the others must
  /// equal bit for bit.
  package func forwardStepwise(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode, firstStep: Int = 0
  ) -> LayerRun<Scalar> {
    let made = runStepwise(
      input, from: initialState.cellState("recurrent layer"), parameters: parameters, mode: mode,
      firstStep: firstStep)
    let steps = made.steps
    return LayerRun(output: made.output, finalState: LayerState(made.finalState)) {
      outputGradient, finalStateGradient, gradients in
      let back = steps.backpropagate(
        outputGradient, finalStateGradient: finalStateGradient.cellState("recurrent layer"),
        parameters: parameters, into: &gradients)
      return LayerGradient(input: back.input, initialState: LayerState(back.initialState))
    }
  }
}

extension SequenceBatch {
  /// Sets a step of the sequences `rows` to the rows of `matrix`.
  mutating func setRows(_ rows: [Int], at t: Int, to matrix: Matrix<Scalar>) {
    for (source, b) in rows.enumerated() {
      for f in 0..<features { self[t, b, f] = matrix[source, f] }
    }
  }
}
