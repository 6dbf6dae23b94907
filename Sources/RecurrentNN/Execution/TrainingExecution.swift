package import RecurrentCore

/// A model at work on one batch after another: what a trainer asks of it, without its type.
package final class TrainingExecution<Scalar: TensorScalar, Batch> {
  /// The gradient of a batch's summed loss, and the loss. The store is set to the gradient, whatever stood there.
  package let gradient:
    (Batch, PackedParameters<Scalar>, RunMode, Passage, inout GradientStore<Scalar>) -> LossSum
  /// The loss of a batch as in use: without the way back and without dropout.
  package let loss: (Batch, PackedParameters<Scalar>, Passage) -> LossSum

  /// Each sequence's state after its own last step, of the batch before; `.none` of a model that carries nothing.
  package let finalState: () -> LayerState<Scalar>

  /// What it can do with sequences that an update does not hold as a whole; `nil` of a model that only knows the passage of all
  /// steps at once.
  package let longSequences: LongSequences<Scalar, Batch>?

  package init(
    gradient:
      @escaping (Batch, PackedParameters<Scalar>, RunMode, Passage, inout GradientStore<Scalar>) -> LossSum,
    loss: @escaping (Batch, PackedParameters<Scalar>, Passage) -> LossSum,
    finalState: @escaping () -> LayerState<Scalar> = { .none },
    longSequences: LongSequences<Scalar, Batch>? = nil
  ) {
    self.finalState = finalState
    self.longSequences = longSequences
    self.gradient = gradient
    self.loss = loss
  }
}

/// A model whose batches threads can share more finely than by shards. Its execution gives the bits of its shards' sums.
package protocol ExecutableModel<Scalar>: TrainableModel {
  func execution(on pool: WorkerPool) -> TrainingExecution<Scalar, Batch>
}

extension TrainableModel {
  /// This model, ready to work; `nil`: it only knows shards.
  package func makeExecution(on pool: WorkerPool) -> TrainingExecution<Scalar, Batch>? {
    // The protocol's batch is that of the model, which the compiler cannot see through an existential.
    func made(_ model: some ExecutableModel) -> AnyObject { model.execution(on: pool) }
    guard let model = self as? any ExecutableModel else { return nil }
    return made(model) as? TrainingExecution<Scalar, Batch>
  }
}
