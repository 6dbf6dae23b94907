public import RecurrentCore

/// Two recurrent layers over one input, one in each direction, of any kinds and sizes, with a merge.
///
///     forward: s1ₜ from xₜ and s1ₜ₋₁     reverse: s2ₜ from xₜ and s2ₜ₊₁     output: merge(s1ₜ, s2ₜ)
///
/// The directions share nothing: neither parameters nor state. Their final states are named: `.forward` is after the
/// last step, `.reverse` after step 0; the summary of a sequence is the two together, not the output at the last step,
/// where the reverse direction has seen one element.
/// Source: Schuster and Paliwal (1997), doi:10.1109/78.650093.
public struct Bidirectional<Forward: RecurrentCell, Reverse: RecurrentCell>: SequenceLayer
where Forward.Scalar == Reverse.Scalar {
  /// Both cells compute in it.
  public typealias Scalar = Forward.Scalar

  /// Runs from step 0 on.
  public let forwardLayer: RecurrentLayer<Forward>
  /// Runs from each sequence's own last step back.
  public let reverseLayer: RecurrentLayer<Reverse>
  /// How the two outputs become one. Default: concatenated, which allows any sizes.
  public let merge: Merge
  /// H₁ + H₂ concatenated or unmerged, else the size that both have.
  public let outputSize: Int

  /// Precondition: both cells have one input size; their output sizes are equal where `merge` needs it.
  public init(forward: Forward, reverse: Reverse, merge: Merge = .concatenate) {
    self.init(
      forward: RecurrentLayer(forward), reverse: RecurrentLayer(reverse, direction: .reverse), merge: merge)
  }

  /// Of two layers, which may have noise. Precondition: the first runs forward and the second in reverse; both have one input
  /// size; their output sizes are equal where `merge` needs it.
  public init(forward: RecurrentLayer<Forward>, reverse: RecurrentLayer<Reverse>, merge: Merge = .concatenate)
  {
    precondition(
      forward.direction == .forward && reverse.direction == .reverse,
      "a bidirectional layer needs a forward and a reverse direction, in that order")
    precondition(
      forward.inputSize == reverse.inputSize,
      "the directions read the same input: \(forward.inputSize) and \(reverse.inputSize) features")
    forwardLayer = forward
    reverseLayer = reverse
    self.merge = merge
    outputSize = merge.outputSize([forward.outputSize, reverse.outputSize])
  }

  /// F, features that both directions read.
  public var inputSize: Int { forwardLayer.inputSize }

  /// Always: the reverse direction begins at the end.
  public var readsAhead: Bool { true }
  /// Zeros of both directions' states.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> {
    .bidirectional(
      forward: forwardLayer.zeroState(batchSize: batchSize),
      reverse: reverseLayer.zeroState(batchSize: batchSize))
  }

  /// merge(forward, reverse) `[T, B, outputSize]`; the pullback splits its gradient by the merge's own adjoint and adds the
  /// two gradients of the input. One direction after the other; a model at work takes them side by side.
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    let (forwardState, reverseState) = Self.directions(of: initialState)
    let ahead = forwardLayer.forward(input, from: forwardState, parameters: parameters, mode: mode)
    let behind = reverseLayer.forward(input, from: reverseState, parameters: parameters, mode: mode)
    let outputs = [ahead.output, behind.output]
    return LayerRun(
      output: merge.merged(outputs),
      finalState: .bidirectional(forward: ahead.finalState, reverse: behind.finalState)
    ) { [merge] outputGradient, finalStateGradient, gradients in
      let parts = merge.gradients(outputGradient, outputs: outputs)
      let (forwardGradient, reverseGradient) = Self.directions(of: finalStateGradient)
      let first = ahead.pullback(parts[0], forwardGradient, &gradients)
      let second = behind.pullback(parts[1], reverseGradient, &gradients)
      return LayerGradient(
        input: first.input.adding(second.input),
        initialState: .bidirectional(forward: first.initialState, reverse: second.initialState))
    }
  }

  static func directions(of state: LayerState<Scalar>) -> (LayerState<Scalar>, LayerState<Scalar>) {
    guard case .bidirectional(let forward, let reverse) = state else {
      preconditionFailure("bidirectional layer: expected a state of two directions, found \(state.kind)")
    }
    return (forward, reverse)
  }
}
