internal import RecurrentCore

/// A layer whose way back is that of another layer, or is changed at one of its ends.
struct FaultyLayer: SequenceLayer {
  typealias Edit = @Sendable (SequenceBatch<Double>) -> SequenceBatch<Double>

  let base: any SequenceLayer<Double>
  /// The layer that is taken back in place of `base`; it has the same state.
  var adjoint: (any SequenceLayer<Double>)?
  var editOutputGradient: Edit = { $0 }
  var editInputGradient: Edit = { $0 }

  var inputSize: Int { base.inputSize }
  var outputSize: Int { base.outputSize }

  func zeroState(batchSize: Int) -> LayerState<Double> { base.zeroState(batchSize: batchSize) }

  func forward(
    _ input: SequenceBatch<Double>, from initialState: LayerState<Double>,
    parameters: PackedParameters<Double>, mode: RunMode
  ) -> LayerRun<Double> {
    let run = base.forward(input, from: initialState, parameters: parameters, mode: mode)
    let other = adjoint?.forward(input, from: initialState, parameters: parameters, mode: mode)
    let pullback = (other ?? run).pullback
    return LayerRun(output: run.output, finalState: run.finalState) {
      [editOutputGradient, editInputGradient] outputGradient, finalStateGradient, gradients in
      let back = pullback(editOutputGradient(outputGradient), finalStateGradient, &gradients)
      return LayerGradient(input: editInputGradient(back.input), initialState: back.initialState)
    }
  }
}

extension SequenceBatch<Double> {
  /// Zero at each sequence's own last step.
  func withoutLastSteps() -> SequenceBatch {
    editingSteps { values, t, length in t == length - 1 ? values.map { _ in 0 } : values }
  }

  /// Zero for sequences that are shorter than the batch.
  func withoutShorterSequences() -> SequenceBatch {
    editingSteps { values, _, length in length < steps ? values.map { _ in 0 } : values }
  }

  /// Features a | b as b | a.
  func swappingHalves() -> SequenceBatch {
    features(features / 2..<features).joiningFeatures(features(0..<features / 2))
  }

  /// Each sequence from its last step to its first.
  func turned() -> SequenceBatch {
    var result = self
    for b in 0..<batchSize {
      for t in 0..<lengths[b] {
        for f in 0..<features { result[t, b, f] = self[lengths[b] - 1 - t, b, f] }
      }
    }
    return result
  }

  func doubled() -> SequenceBatch { editingSteps { values, _, _ in values.map { 2 * $0 } } }

  private func editingSteps(_ edit: ([Double], _ t: Int, _ length: Int) -> [Double]) -> SequenceBatch {
    var result = self
    for b in 0..<batchSize {
      for t in 0..<lengths[b] {
        let values = edit((0..<features).map { self[t, b, $0] }, t, lengths[b])
        for f in 0..<features { result[t, b, f] = values[f] }
      }
    }
    return result
  }
}
