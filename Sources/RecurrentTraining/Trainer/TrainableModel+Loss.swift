public import RecurrentCore
public import RecurrentNN

extension TrainableModel {
  /// The loss of all examples of a source, without gradients and dropout.
  ///
  /// Examples are taken in order, 64 at a time: more would take room for their activations, and little time less. The losses of
  /// each group are summed by shards in order, and then the groups, so that the result depends neither on threads nor on memory.
  ///
  /// - Parameter threads: how many may compute; they cannot change the result.
  public func loss(
    on source: any BatchSource<Batch>, parameters: PackedParameters<Scalar>, threads: Int = 1
  ) -> LossSum {
    loss(
      on: source, parameters: parameters, threads: threads,
      execution: makeExecution(on: WorkerPool(threads: threads)))
  }

  /// The same.
  ///
  /// - Parameters:
  ///   - execution: this model at work; `nil`: shard by shard.
  ///   - passage: how a batch's steps are gone through, where the model is at work.
  func loss(
    on source: any BatchSource<Batch>, parameters: PackedParameters<Scalar>, threads: Int,
    execution: TrainingExecution<Scalar, Batch>?, passage: (Batch) -> Passage = { _ in Passage() }
  ) -> LossSum {
    let size = 4 * shardSize
    return stride(from: 0, to: source.count, by: size).reduce(LossSum()) { total, first in
      let batch = source.batch(Array(first..<min(first + size, source.count)))
      if let execution { return total + execution.loss(batch, parameters, passage(batch)) }
      let parts = shards(of: batch)
      let losses = parallelMap(parts.count, threads: threads) { loss(on: parts[$0], parameters: parameters) }
      return total + losses.reduce(LossSum(), +)
    }
  }
}
