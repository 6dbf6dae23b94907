public import RecurrentCore

/// What a trainer can train: a loss of a batch, with its gradient.
public protocol TrainableModel<Scalar>: Sendable {
  /// What it computes in.
  associatedtype Scalar: TensorScalar
  /// What one update reads: inputs with what to compare the outputs with.
  associatedtype Batch: Sendable
  /// Names, shapes and first values of all its parameters.
  var layout: ParameterLayout { get }

  /// The batch cut into its fixed shards: neighbouring sequences, ``shardSize`` of them, whatever the threads. Gradients
  /// are summed in each shard alone, and the shards by a binary tree.
  func shards(of batch: Batch) -> [Batch]

  /// The loss of one shard, adding ∂sum/∂parameters into `gradients`.
  func accumulateGradients(
    on shard: Batch, parameters: PackedParameters<Scalar>, mode: RunMode,
    into gradients: inout ParameterStore<Scalar>
  ) -> LossSum

  /// The loss of a batch without gradients, as in use: no dropout.
  func loss(on batch: Batch, parameters: PackedParameters<Scalar>) -> LossSum

  /// What so many sequences start from, where a trainer can carry states from batch to batch; `nil`: the model's batches stand
  /// alone, as by default.
  func startingState(batchSize: Int) -> LayerState<Scalar>?

  /// The batch begun in `state`, where the batch before it ended. By default the batch as it is.
  ///
  /// - Precondition: `state` has as many sequences as the batch.
  func continued(_ batch: Batch, from state: LayerState<Scalar>) -> Batch

  /// Where the first number that is not finite stands in the computation of a shard's loss and gradient. Asked once, when a
  /// run has stopped for such a number; speed is no matter. `nil`: nowhere, or the model cannot tell, as the default does.
  func firstNotFinite(
    on shard: Batch, parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> NotFiniteOrigin?
}

extension TrainableModel {
  /// None: batches stand alone.
  public func startingState(batchSize: Int) -> LayerState<Scalar>? { nil }
  /// The batch as it is.
  public func continued(_ batch: Batch, from state: LayerState<Scalar>) -> Batch { batch }

  /// None: a model that cannot search for it.
  public func firstNotFinite(
    on shard: Batch, parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> NotFiniteOrigin? { nil }
}

/// Sequences in one shard. Fixed for ever: it decides the order in which weight gradients are summed.
public let shardSize = 16

/// The ranges of sequences that are the shards of a batch.
public func shardRanges(batchSize: Int) -> [Range<Int>] {
  stride(from: 0, to: batchSize, by: shardSize).map { $0..<min($0 + shardSize, batchSize) }
}
