public import RecurrentCore

/// Layers side by side over one input, with a merge: ``Bidirectional`` for branches of any depth.
///
/// So a network whose two directions each have an output matrix of their own, z = s1 V1 + s2 V2, is two stacks
/// (recurrent layer, linear layer) merged by `.sum`.
public struct Parallel<Scalar: TensorScalar>: SequenceLayer {
  /// All read the whole input.
  public let branches: [any SequenceLayer<Scalar>]
  /// How their outputs become one.
  public let merge: Merge
  /// The sum of the branches' sizes concatenated or unmerged, else the size that all have.
  public let outputSize: Int

  /// Precondition: at least one branch, all of one input size, and of one output size where `merge` needs it.
  public init(_ branches: [any SequenceLayer<Scalar>], merge: Merge) {
    precondition(!branches.isEmpty, "parallel layers need a branch")
    let sizes = branches.map(\.inputSize)
    precondition(Set(sizes).count == 1, "the branches read the same input: \(sizes) features")
    self.branches = branches
    self.merge = merge
    outputSize = merge.outputSize(branches.map(\.outputSize))
  }

  /// F, features that every branch reads.
  public var inputSize: Int { branches[0].inputSize }

  /// Whether a branch does.
  public var readsAhead: Bool { branches.contains { $0.readsAhead } }
  /// Zeros of every branch's state, as `.layers`.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> {
    .layers(branches.map { $0.zeroState(batchSize: batchSize) })
  }

  /// Every branch in turn, then the merge; the pullback adds the branches' gradients of the input.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    let states = initialState.layerStates(count: branches.count, "parallel layers")
    let runs = zip(branches, states).map {
      $0.forward(input, from: $1, parameters: parameters, mode: mode)
    }
    let outputs = runs.map { $0.output }
    return LayerRun(output: merge.merged(outputs), finalState: .layers(runs.map { $0.finalState })) {
      [merge] outputGradient, finalStateGradient, gradients in
      let parts = merge.gradients(outputGradient, outputs: outputs)
      let stateGradients = finalStateGradient.layerStates(count: runs.count, "parallel layers")
      var backs: [LayerGradient<Scalar>] = []
      for (index, run) in runs.enumerated() {
        backs.append(run.pullback(parts[index], stateGradients[index], &gradients))
      }
      let made = backs
      return LayerGradient(
        input: made.dropFirst().reduce(made[0].input) { $0.adding($1.input) },
        initialState: .layers(made.map { $0.initialState }))
    }
  }
}
