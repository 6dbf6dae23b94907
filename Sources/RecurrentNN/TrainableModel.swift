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

  /// Where the first number that is not finite stands in the computation of a shard's loss and gradient. Asked once, when a
  /// run has stopped for such a number; speed is no matter. `nil`: nowhere, or the model cannot tell, as the default does.
  func firstNotFinite(
    on shard: Batch, parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> NotFiniteOrigin?
}

extension TrainableModel {
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
