/// Examples by number, made into batches: all that a trainer knows about data.
///
/// What `batch` returns may depend on its arguments alone: that, and the order being a pure function of seed and epoch, is
/// why a resumed run sees the same batches. A source that trains with dropout gives each sequence its example's number
/// as its identifier, so that the masks follow the example and not its place.
public protocol BatchSource<Batch>: Sendable {
  /// What the model reads.
  associatedtype Batch: Sendable
  /// Examples.
  var count: Int { get }
  /// The examples of these numbers, each in 0 ..< count, in this order: the batch's sequences.
  func batch(_ indices: [Int]) -> Batch
  /// The same examples as training reads them in an epoch, from 0: for sources that hide or change something anew each time, by
  /// counted draws. By default what ``batch(_:)`` gives; losses that are only measured never ask for it.
  func batch(_ indices: [Int], epoch: Int) -> Batch
}

extension BatchSource {
  /// The examples as they are, in every epoch.
  public func batch(_ indices: [Int], epoch: Int) -> Batch { batch(indices) }
}
