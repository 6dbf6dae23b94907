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
    let (features, outputSize) = (input.features, outputSize)
    connect(plan, SequenceView(values: UnsafePointer(room.base), symbols: nil, features: features))
    parameters.withPointers { forward($0, mode, thread: 0) }
    return LayerRun(output: input.copying(output, features: outputSize, plan), finalState: .none) {
      outputGradient, _, gradients in
      outputGradient.require(plan, features: outputSize, "layer")
      let gradientRoom = Scratch<Scalar>()
      gradientRoom.copy(outputGradient.values)
      /// The same layer on its way back: one for each caller.
      @Sendable func back() -> LayerExecution {
        let back = another()
        back.connect(plan, SequenceView(values: UnsafePointer(room.base), symbols: nil, features: features))
        back.connectBack(UnsafePointer(gradientRoom.base), needsInputGradient: true)
        return back
      }
      var terms: [GradientTerm<Scalar>] = []
      withExtendedLifetime((room, gradientRoom)) {
        back().addTerms(to: &terms)
        GradientPass.add(terms, to: &gradients)
      }
      return LayerGradient(
        input: withExtendedLifetime((room, gradientRoom)) { back().inputGradient(like: input, parameters) },
        initialState: .none)
    }
  }

  /// ∂L/∂input as values.
  private func inputGradient(
    like input: SequenceBatch<Scalar>, _ parameters: PackedParameters<Scalar>
  ) -> SequenceBatch<Scalar> {
    parameters.withPointers { backpropagate($0, thread: 0) }
    return input.copying(inputGradient, features: inputSize, plan)
  }
}
