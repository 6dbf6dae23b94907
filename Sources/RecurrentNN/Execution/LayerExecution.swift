internal import RecurrentCore

/// A layer at work on one batch after another: its activations and gradients in room that is kept, so that a
/// step of built-in layers on a batch of the shape of the last one allocates nothing.
///
/// The order of calls for a batch: ``connect(_:_:)``, which says where the input stands and settles where the output
/// will; ``begin(from:)``; ``forward(_:_:thread:)`` on every thread of the plan, each for its own sequences; and for
/// gradients ``connectBack(_:needsInputGradient:)``, ``beginBack(finalStateGradient:)``,
/// ``backpropagate(_:thread:)`` on every thread. Gradients of weights are not computed by the threads of the sequences
/// but afterwards, from the ``GradientTerm``s of all layers at once.
class LayerExecution<Scalar: TensorScalar> {
  let inputSize: Int
  let outputSize: Int
  private(set) var plan = SequencePlan()
  private(set) var input: SequenceView<Scalar>
  private(set) var outputGradient: UnsafePointer<Scalar>
  private(set) var needsInputGradient = false

  init(
    inputSize: Int, outputSize: Int, work: LayerWork, needsWholeShards: Bool = false, drawsMasks: Bool = false
  ) {
    self.work = work
    self.needsWholeShards = needsWholeShards
    self.drawsMasks = drawsMasks
    self.inputSize = inputSize
    self.outputSize = outputSize
    let nowhere = UnsafePointer<Scalar>(bitPattern: MemoryLayout<Scalar>.alignment)!
    input = SequenceView(values: nowhere, symbols: nil, features: inputSize)
    outputGradient = nowhere
  }

  /// Whether a thread must have whole shards of sequences.
  let needsWholeShards: Bool

  /// Whether random masks are drawn, keyed by the plan's identifiers.
  let drawsMasks: Bool

  /// What there is to do for threads.
  let work: LayerWork

  /// Numbers that a step of one sequence takes in this layer's room, there and back; an estimate, from which the length of
  /// segments is chosen.
  func elementsPerRow(needsInputGradient: Bool) -> Int {
    3 * outputSize + (needsInputGradient ? inputSize : 0)
  }

  /// `[T, B, outputSize]`; rows without data hold what is never read.
  var output: UnsafePointer<Scalar> { preconditionFailure("a layer's own") }
  /// ∂L/∂input `[T, B, inputSize]`, where it was asked for; rows without data hold what is never read.
  var inputGradient: UnsafePointer<Scalar> { preconditionFailure("a layer's own") }

  func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    precondition(
      input.features == inputSize, "a layer expects \(inputSize) features, found \(input.features)")
    self.plan = plan
    self.input = input
  }

  /// Sets the state that the sequences start from.
  func begin(from start: StartingState<Scalar>) {}

  func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    preconditionFailure("a layer's own")
  }

  func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    self.outputGradient = outputGradient
    self.needsInputGradient = needsInputGradient
  }

  /// Sets what the final state adds to the loss; `nil`: nothing.
  func beginBack(finalStateGradient: LayerState<Scalar>?) {}

  func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    preconditionFailure("a layer's own")
  }

  /// Adds what the gradients of this layer's weights are sums of.
  func addTerms(to terms: inout [GradientTerm<Scalar>]) {}

  /// S, the hidden units of the uppermost layer that has any, of all its directions; 0: there are none.
  var summarySize: Int { 0 }
  /// Writes the hidden states of that layer, each after its own direction's last step of a sequence, to `target` `[S]`.
  func copySummary(of sequence: Int, to target: UnsafeMutablePointer<Scalar>) {}
  /// Sets what those states add to the loss, in place of what ``beginBack(finalStateGradient:)`` said.
  func setSummaryGradient(of sequence: Int, from source: UnsafePointer<Scalar>) {}

  /// Each sequence's state after its own last step, copied.
  var finalState: LayerState<Scalar> { .none }
  /// ∂L/∂(initial state), copied.
  var initialStateGradient: LayerState<Scalar> { .none }
}

/// What the sequences of a batch start from.
enum StartingState<Scalar: TensorScalar> {
  case zeros
  case given(LayerState<Scalar>)
  /// Where the batch before, of as many sequences, ended.
  case carried
}

/// A layer that has a ``LayerExecution`` of its own. All layers of this package have one; others are run by
/// ``ValueExecution``.
protocol ExecutableLayer<Scalar>: SequenceLayer {
  func makeExecution() -> LayerExecution<Scalar>
}

extension SequenceLayer {
  /// This layer, ready to work.
  func execution() -> LayerExecution<Scalar> {
    if let own = self as? any ExecutableLayer<Scalar> { return own.makeExecution() }
    return ValueExecution(self)
  }
}

/// A cell with a ``CellSweep`` of its own.
protocol SweptCell<Scalar>: RecurrentCell {
  func makeSweep(_ direction: Direction, noise: RecurrentNoise?) -> CellSweep<Scalar>
}
