public import RecurrentCore

/// What the sweep of a built-in cell keeps for its way back. Sent unchecked: it is only read, and the way back has room of
/// its own.
public struct SweepTape<Scalar: TensorScalar>: @unchecked Sendable {
  let sweep: CellSweep<Scalar>
  /// Holds the numbers that the sweep reads.
  let input: SequenceBatch<Scalar>
  let room: Scratch<Scalar>
}

/// A sweep over values: one caller, one sum over the whole batch, results copied.
extension CellSweep {
  func run<Cell: RecurrentCell<Scalar>>(
    _ input: SequenceBatch<Scalar>, from initialState: Cell.State, parameters: PackedParameters<Scalar>,
    as cell: Cell.Type
  ) -> CellRun<Cell> where Cell.SequenceTape == SweepTape<Scalar> {
    let tape = run(input, from: LayerState(initialState), parameters, .inference)
    return CellRun(
      output: input.copying(output, features: outputSize, plan),
      finalState: finalState.cellState(weightHidden.name), tape: tape)
  }

  func pullback<Cell: RecurrentCell<Scalar>>(
    _ outputGradient: SequenceBatch<Scalar>, finalStateGradient: Cell.State, of tape: SweepTape<Scalar>,
    parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>, as cell: Cell.Type
  ) -> CellGradient<Cell> {
    // After this call only the input gradient reads it, and that does not change it.
    nonisolated(unsafe) let back = returned(
      outputGradient, finalStateGradient: LayerState(finalStateGradient), parameters, into: &gradients)
    return CellGradient(
      input: back.inputGradient(like: tape.input, parameters),
      initialState: back.initialStateGradient.cellState(weightHidden.name))
  }

  /// The sweep as a layer with its noise.
  func run(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    let tape = run(input, from: initialState, parameters, mode)
    return LayerRun(output: input.copying(output, features: outputSize, plan), finalState: finalState) {
      outputGradient, finalStateGradient, gradients in
      nonisolated(unsafe) let back = tape.sweep.returned(
        outputGradient, finalStateGradient: finalStateGradient, parameters, into: &gradients)
      return LayerGradient(
        input: back.inputGradient(like: tape.input, parameters), initialState: back.initialStateGradient)
    }
  }

  private func run(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    _ parameters: PackedParameters<Scalar>, _ mode: RunMode
  ) -> SweepTape<Scalar> {
    let room = Scratch<Scalar>()
    room.copy(input.values)
    connect(
      SequencePlan(oneShardOf: input),
      SequenceView(values: UnsafePointer(room.base), symbols: nil, features: input.features))
    begin(from: .given(initialState))
    parameters.withPointers { forward($0, mode, thread: 0) }
    return SweepTape(sweep: self, input: input, room: room)
  }

  /// The same sweep at the end of its way back.
  private func returned(
    _ outputGradient: SequenceBatch<Scalar>, finalStateGradient: LayerState<Scalar>,
    _ parameters: PackedParameters<Scalar>, into gradients: inout ParameterStore<Scalar>
  ) -> CellSweep {
    let back = returning()
    outputGradient.require(plan, features: outputSize, weightHidden.name)
    back.beginBack(finalStateGradient: finalStateGradient)
    outputGradient.values.withUnsafeBufferPointer { dy in
      guard let dy = dy.baseAddress else { return }
      back.connectBack(dy, needsInputGradient: false)
      parameters.withPointers { back.backpropagate($0, thread: 0) }
      var terms: [GradientTerm<Scalar>] = []
      back.addTerms(to: &terms)
      GradientPass.add(terms, to: &gradients)
    }
    return back
  }

  /// ∂L/∂input as values.
  private func inputGradient(
    like input: SequenceBatch<Scalar>, _ parameters: PackedParameters<Scalar>
  ) -> SequenceBatch<Scalar> {
    let room = Scratch<Scalar>()
    room.reserve(input.steps * input.batchSize * inputSize)
    return withExtendedLifetime(room) {
      parameters.withPointers { inputGradients($0, plan.rows(of: 0), into: room.base) }
      return input.copying(UnsafePointer(room.base), features: inputSize, plan)
    }
  }
}

extension Scratch {
  /// Takes a copy of `values`.
  func copy(_ values: [Element]) {
    reserve(values.count)
    values.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      base.update(from: source, count: values.count)
    }
  }
}

extension SequenceBatch {
  /// Precondition: this is a gradient of `features` numbers for every step of the plan's sequences.
  func require(_ plan: SequencePlan, features: Int, _ name: String) {
    precondition(
      steps == plan.steps && batchSize == plan.batchSize && self.features == features
        && values.count == steps * batchSize * features,
      "'\(name)': gradient of the output [\(steps), \(batchSize), \(self.features)], expected [\(plan.steps), \(plan.batchSize), \(features)]"
    )
  }

  /// A batch of the same sequences with the rows that have data copied from `source` `[T, B, features]`.
  func copying(_ source: UnsafePointer<Scalar>, features: Int, _ plan: SequencePlan) -> SequenceBatch {
    let count = steps * batchSize * features
    if isFull {
      return replacingValues(
        features: features, Array(UnsafeBufferPointer(start: source, count: count)))
    }
    var values = [Scalar](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { target in
      guard let target = target.baseAddress else { return }
      for thread in 0..<plan.threads {
        plan.rows(of: thread).forEach { row in
          (target + row * features).update(from: source + row * features, count: features)
        }
      }
    }
    return replacingValues(features: features, values)
  }
}
