internal import RecurrentCore
internal import RecurrentNN

/// The gradients of a batch, in buffers kept from one update to the next.
///
/// A model of this package computes them at work (`TrainingExecution`). Of another one, each shard's gradient is summed by one thread into a buffer of its own; the buffers are then added by a binary tree
/// and the losses in order. Both depend on the batch alone, so threads cannot change a bit.
struct GradientWorkspace<Scalar: TensorScalar>: Sendable {
  struct Shard: Sendable {
    var gradients: GradientStore<Scalar>
    var loss = LossSum()
  }

  private let layout: ParameterLayout
  private var shards: [Shard] = []
  private var engine: Engine?
  /// Whether the model only knows shards.
  private var isOfShards = false

  /// Room and threads for a model that works in them. A copy of a workspace makes its own, so only the workspace that holds
  /// one ever uses it, one call at a time: that is why it may be sent unchecked.
  private final class Engine: @unchecked Sendable {
    let pool: WorkerPool
    /// That were asked for.
    let threads: Int
    /// A `TrainingExecution` of the model's batches.
    let execution: AnyObject
    /// Each sequence's state after the last batch.
    let finalState: () -> LayerState<Scalar>

    init?<Model: TrainableModel<Scalar>>(_ model: Model, threads: Int) {
      let pool = WorkerPool(threads: threads)
      guard let execution = model.makeExecution(on: pool) else { return nil }
      (self.pool, self.threads, self.execution) = (pool, threads, execution)
      finalState = execution.finalState
    }
  }

  /// The threads of the last batch, where there are any.
  var pool: WorkerPool? { engine?.pool }

  /// Each sequence's state after the last batch; `nil` of a model that only knows shards.
  var finalState: LayerState<Scalar>? { engine?.finalState() }

  init(layout: ParameterLayout) {
    self.layout = layout
    shards = [Shard(gradients: GradientStore(zeros: layout))]
  }

  /// ∂(summed loss)/∂parameters of the last batch.
  var gradients: GradientStore<Scalar> {
    get { shards[0].gradients }
    _modify { yield &shards[0].gradients }
  }

  /// Makes ``gradients`` that of a batch's summed loss, and returns the loss.
  @specialized(where Scalar == Float, Model == SequenceModel<Float>)
  @specialized(where Scalar == Double, Model == SequenceModel<Double>)
  mutating func computeGradient<Model: TrainableModel<Scalar>>(
    _ batch: Model.Batch, model: Model, parameters: PackedParameters<Scalar>, mode: RunMode, threads: Int,
    passage: Passage = Passage()
  ) -> LossSum {
    if let execution = execution(of: model, threads: threads) {
      return execution.gradient(batch, parameters, mode, passage, &shards[0].gradients)
    }
    let parts = model.shards(of: batch)
    while shards.count < parts.count { shards.append(Shard(gradients: GradientStore(zeros: layout))) }
    if parts.isEmpty { shards[0].gradients.reset() }
    parallelUpdate(&shards, first: parts.count, threads: threads) { index, shard in
      shard.gradients.reset()
      shard.loss = model.accumulateGradients(
        on: parts[index], parameters: parameters, mode: mode, into: &shard.gradients.store)
    }
    let loss = shards[..<parts.count].reduce(LossSum()) { $0 + $1.loss }
    treeSumInPlace(&shards, first: parts.count) { $0.gradients.store.add($1.gradients.store) }
    return loss
  }

  /// The loss of all examples of a source, in the same room.
  mutating func loss<Model: TrainableModel<Scalar>>(
    on source: any BatchSource<Model.Batch>, model: Model, parameters: PackedParameters<Scalar>, threads: Int,
    passage: (Model.Batch) -> Passage
  ) -> LossSum {
    model.loss(
      on: source, parameters: parameters, threads: threads,
      execution: execution(of: model, threads: threads), passage: passage)
  }

  /// What the model at work can do with long sequences.
  mutating func longSequences<Model: TrainableModel<Scalar>>(
    of model: Model, threads: Int
  ) -> LongSequences<Scalar, Model.Batch>? {
    execution(of: model, threads: threads)?.longSequences
  }

  /// The model at work; `nil`: it only knows shards.
  private mutating func execution<Model: TrainableModel<Scalar>>(
    of model: Model, threads: Int
  ) -> TrainingExecution<Scalar, Model.Batch>? {
    if !isOfShards && (engine?.threads != threads || !isKnownUniquelyReferenced(&engine)) {
      engine = Engine(model, threads: threads)
      isOfShards = engine == nil
    }
    return engine?.execution as? TrainingExecution<Scalar, Model.Batch>
  }
}
