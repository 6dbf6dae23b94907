internal import RecurrentCore

/// Which examples stand in which batch of which epoch: a pure function of the seed and two numbers, so that a position
/// in the data is (epoch, batch) and nothing else.
///
/// Every example is in exactly one batch of an epoch; the last batch may be smaller.
public struct BatchPlan: Sendable, Hashable {
  /// Examples.
  public let count: Int
  /// Examples in a batch; the last of an epoch may have fewer.
  public let batchSize: Int
  /// Of the orders.
  public let seed: UInt64
  /// Whether each epoch has an order of its own; otherwise examples come as they are.
  public let shuffles: Bool

  /// A plan. Precondition: count ≥ 0, batchSize > 0. Shuffled unless told otherwise.
  public init(count: Int, batchSize: Int, seed: UInt64, shuffles: Bool = true) {
    precondition(count >= 0 && batchSize > 0, "\(count) examples in batches of \(batchSize)")
    self.count = count
    self.batchSize = batchSize
    self.seed = seed
    self.shuffles = shuffles
  }

  /// Batches in an epoch.
  public var batchCount: Int { count == 0 ? 0 : (count - 1) / batchSize + 1 }

  /// The order of all examples in an epoch.   Cost: O(count).
  public func order(epoch: Int) -> [Int] {
    guard shuffles else { return Array(0..<count) }
    return CounterGenerator(seed: seed, purpose: .shuffle, step: UInt64(epoch)).permutation(count)
  }

  /// Where batch `batch` stands in the order.
  public func range(ofBatch batch: Int) -> Range<Int> {
    let first = batch * batchSize
    return first..<min(first + batchSize, count)
  }
}
