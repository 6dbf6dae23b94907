public import RecurrentCore
public import RecurrentNN

/// The gradients of a batch, in buffers kept from one update to the next.
///
/// A model of this package computes them at work (`TrainingExecution`). Of another one, each shard's gradient is summed by one thread into a buffer of its own; the buffers are then added by a binary tree
/// and the losses in order. Both depend on the batch alone, so threads cannot change a bit.
struct GradientWorkspace<Scalar: TensorScalar>: Sendable {
  struct Shard: Sendable {
    var gradients: ParameterStore<Scalar>
    var loss = LossSum()
  }

  private let layout: ParameterLayout
  private var shards: [Shard] = []
  private var engine: Engine?
  /// Whether the model only knows shards.
  private var isOfShards = false

  /// Room and threads for a model that works in them. A copy of a workspace makes its own.
  private final class Engine: @unchecked Sendable {
    let pool: WorkerPool
    /// A `TrainingExecution` of the model's batches.
    let execution: AnyObject

    init?<Model: TrainableModel<Scalar>>(_ model: Model, threads: Int) {
      let pool = WorkerPool(threads: threads)
      guard let execution = model.makeExecution(on: pool) else { return nil }
      (self.pool, self.execution) = (pool, execution)
    }
  }

  /// The threads of the last batch, where there are any.
  var pool: WorkerPool? { engine?.pool }

  init(layout: ParameterLayout) {
    self.layout = layout
    shards = [Shard(gradients: ParameterStore(zeros: layout))]
  }

  /// ∂(summed loss)/∂parameters of the last batch.
  var gradients: ParameterStore<Scalar> {
    get { shards[0].gradients }
    _modify { yield &shards[0].gradients }
  }

  /// Computes the gradient of a batch's summed loss, and returns the loss.
  @specialized(where Scalar == Float, Model == SequenceModel<Float>)
  @specialized(where Scalar == Double, Model == SequenceModel<Double>)
  mutating func accumulate<Model: TrainableModel<Scalar>>(
    _ batch: Model.Batch, model: Model, parameters: PackedParameters<Scalar>, mode: RunMode, threads: Int
  ) -> LossSum {
    if !isOfShards && (engine?.pool.threads != threads || !isKnownUniquelyReferenced(&engine)) {
      engine = Engine(model, threads: threads)
      isOfShards = engine == nil
    }
    if let execution = engine?.execution as? TrainingExecution<Scalar, Model.Batch> {
      return execution.gradient(batch, parameters, mode, &shards[0].gradients)
    }
    let parts = model.shards(of: batch)
    while shards.count < parts.count { shards.append(Shard(gradients: ParameterStore(zeros: layout))) }
    if parts.isEmpty { shards[0].gradients.reset() }
    parallelUpdate(&shards, first: parts.count, threads: threads) { index, shard in
      shard.gradients.reset()
      shard.loss = model.accumulateGradients(
        on: parts[index], parameters: parameters, mode: mode, into: &shard.gradients)
    }
    let loss = shards[..<parts.count].reduce(LossSum()) { $0 + $1.loss }
    treeSumInPlace(&shards, first: parts.count) { $0.gradients.add($1.gradients) }
    return loss
  }
}

extension TrainableModel {
  /// The loss of all examples of a source, without gradients and dropout.
  ///
  /// Examples are taken in order and their losses summed by shards in order, so that the result depends neither on
  /// threads nor on memory.
  ///
  /// - Parameter threads: how many may compute; they cannot change the result.
  public func loss(
    on source: any BatchSource<Batch>, parameters: PackedParameters<Scalar>, threads: Int = 1
  ) -> LossSum {
    let size = 16 * shardSize
    var total = LossSum()
    if let execution = makeExecution(on: WorkerPool(threads: threads)) {
      for first in stride(from: 0, to: source.count, by: size) {
        let batch = source.batch(Array(first..<min(first + size, source.count)))
        total = total + execution.loss(batch, parameters)
      }
      return total
    }
    for first in stride(from: 0, to: source.count, by: size) {
      let parts = shards(of: source.batch(Array(first..<min(first + size, source.count))))
      let losses = parallelMap(parts.count, threads: threads) { loss(on: parts[$0], parameters: parameters) }
      total = losses.reduce(total, +)
    }
    return total
  }
}
