internal import RecurrentCore

/// How many threads have sequences of their own, and how the others help where these are few. The rule is stated in
/// `ARCHITECTURE.md`, "Threads"; nothing that it decides can change a bit.
extension SequencePlan {
  /// Sequences that a thread should have: a product of fewer rows leaves its tile half empty, and of one or two it reads all
  /// weights for little.
  private static let goodShare = 4
  /// Sequences that it must have at least.
  private static let smallestShare = 2

  /// How many threads of a pool have sequences of their own.
  ///
  /// - Parameters:
  ///   - rows: steps of all sequences together.
  ///   - fewest: sequences that a thread must have, where that is fixed; then units are not cut.
  static func threads(of pool: WorkerPool, sequences: Int, rows: Int, _ work: LayerWork, fewest: Int?) -> Int
  {
    let worthwhile = rows * min(work.weights, LayerWork.most) / pool.wakingCost
    func threads(_ share: Int) -> Int { max(1, min(pool.threads, sequences / share, worthwhile)) }
    if let fewest { return threads(fewest) }
    let good = threads(goodShare)
    if good == pool.threads { return good }
    if let cut = cut(on: pool, sequences: sequences, work), cut.workers > 1, cut.count > good { return 1 }
    return threads(smallestShare)
  }

  /// How the threads that wait, where there are any, cut what a layer gives them; `nil`: not with gain.
  func cut(_ work: LayerWork) -> Cut? {
    guard let idlePool else { return nil }
    return Self.cut(on: idlePool, sequences: batchSize, work)
  }

  private static func cut(on pool: WorkerPool, sequences: Int, _ work: LayerWork) -> Cut? {
    let cut = cut(batchSize: sequences, threads: pool.threads, unitParts: work.unitParts)
    // To meet costs a part of what it costs to wake a thread.
    let isWorthMeeting = sequences * work.weights / cut.count >= pool.wakingCost / 4
    return cut.count > 1 && isWorthMeeting ? cut : nil
  }

  /// Groups of sequences, and among how many workers the hidden units of each group are cut.
  struct Cut: Equatable {
    var groups = 1
    var workers = 1
    var count: Int { groups * workers }
  }

  /// How waiting threads cut a sweep: groups of as many sequences as fill a tile, and of each the hidden units among as many
  /// as there are threads for; where there are not units enough, smaller groups.
  static func cut(batchSize: Int, threads: Int, unitParts: Int) -> Cut {
    let tile = 8
    let groups = max(1, min(threads, batchSize / tile))
    let workers = max(1, min(threads / groups, unitParts))
    return Cut(groups: max(groups, min(threads / workers, batchSize / goodShare)), workers: workers)
  }
}
