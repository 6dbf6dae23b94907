internal import RecurrentCore

/// A layer without state over values: one caller, one sum over the whole batch, results copied.
extension LayerExecution {
  /// - Parameter another: makes the same once more, with room of its own for the way back.
  func run(
    _ input: SequenceBatch<Scalar>, parameters: PackedParameters<Scalar>, mode: RunMode,
    another: @escaping @Sendable () -> LayerExecution
  ) -> LayerRun<Scalar> {
    let plan = SequencePlan(oneShardOf: input)
    let room = Scratch<Scalar>()
    room.copy(input.values)
    let features = input.features
    connect(plan, SequenceView(values: UnsafePointer(room.base), symbols: nil, features: features))
    parameters.withPointers { forward($0, mode, thread: 0) }
    return LayerRun(output: input.copying(output, features: outputSize, plan), finalState: .none) {
      outputGradient, _, gradients in
      // After this call only the input gradient uses it, and that computes the same numbers each time.
      nonisolated(unsafe) let back = another()
      let gradientRoom = Scratch<Scalar>()
      gradientRoom.copy(outputGradient.values)
      back.connect(plan, SequenceView(values: UnsafePointer(room.base), symbols: nil, features: features))
      back.connectBack(UnsafePointer(gradientRoom.base), needsInputGradient: true)
      var terms: [GradientTerm<Scalar>] = []
      back.addTerms(to: &terms)
      GradientPass.add(terms, to: &gradients)
      return LayerGradient(
        input: back.inputGradient(like: input, of: gradientRoom, parameters), initialState: .none)
    }
  }

  /// ∂L/∂input as values. `room` holds the gradient that this reads.
  private func inputGradient(
    like input: SequenceBatch<Scalar>, of room: Scratch<Scalar>, _ parameters: PackedParameters<Scalar>
  ) -> SequenceBatch<Scalar> {
    withExtendedLifetime(room) {
      parameters.withPointers { backpropagate($0, thread: 0) }
      return input.copying(inputGradient, features: inputSize, plan)
    }
  }
}
