internal import RecurrentCore

/// What a layer gives threads to do.
package struct LayerWork: Sendable, Hashable {
  /// How many weights a row is multiplied by on its way forward.
  package var weights = 0
  /// How many of them between one step and the next, of a layer that waits for its own results.
  package var weightsPerStep = 0
  /// Into how many parts the hidden units can be cut, of the layer with the fewest.
  package var unitParts = Int.max

  /// More weights than any number of threads needs, and few enough to be multiplied by a number of rows.
  package static let most = 1 << 30
  /// What a layer that does not say so may have to do, which cannot be cut.
  package static let unknown = LayerWork(weights: most, weightsPerStep: most, unitParts: 1)

  package init(weights: Int = 0, weightsPerStep: Int = 0, unitParts: Int = .max) {
    self.weights = min(weights, Self.most)
    self.weightsPerStep = min(weightsPerStep, Self.most)
    self.unitParts = unitParts
  }

  package static func + (a: LayerWork, b: LayerWork) -> LayerWork {
    LayerWork(
      weights: a.weights + b.weights, weightsPerStep: a.weightsPerStep + b.weightsPerStep,
      unitParts: min(a.unitParts, b.unitParts))
  }
}

/// How threads share a batch: the rule of `ARCHITECTURE.md`, "Threads", as arithmetic. Nothing that it decides can change a
/// bit.
package struct WorkSharing: Sendable {
  /// Sequences that fill a product's tile.
  private static let tile = 8
  /// Sequences that a thread should have: of fewer, a tile is less than half full.
  private static let goodShare = 4
  /// Sequences that it must have at least: of one it reads all weights for a single row.
  private static let smallestShare = 2

  package let threads: Int
  /// See `WorkerPool.wakingCost`.
  package let wakingCost: Int

  package init(threads: Int, wakingCost: Int) { (self.threads, self.wakingCost) = (threads, wakingCost) }
  init(on pool: WorkerPool) { self.init(threads: pool.threads, wakingCost: pool.wakingCost) }

  /// How many threads have sequences of their own; where it is one, the others help inside each layer.
  ///
  /// - Parameters:
  ///   - rows: steps of all sequences together.
  ///   - steps: of the longest.
  ///   - fewest: sequences that a thread must have, where that is fixed.
  package func owners(sequences: Int, rows: Int, steps: Int, _ work: LayerWork, fewest: Int? = nil) -> Int {
    let worthwhile = rows * work.weights / wakingCost
    func owners(_ share: Int) -> Int { max(1, min(threads, sequences / share, worthwhile)) }
    if let fewest { return owners(fewest) }
    let good = owners(Self.goodShare)
    if good == threads { return good }
    if let cut = cut(sequences: sequences, steps: steps, work), cut.workers > 1, cut.count > good { return 1 }
    return owners(Self.smallestShare)
  }

  /// Groups of sequences, and among how many workers the hidden units of each are cut.
  package struct Cut: Sendable, Hashable {
    package var groups = 1
    package var workers = 1
    package var count: Int { groups * workers }
  }

  /// How threads that help cut a sweep; `nil`: not with gain. Groups have as many sequences as fill a tile, and as many
  /// workers as there are threads for and units; where units are too few for that, smaller groups.
  package func cut(sequences: Int, steps: Int, _ work: LayerWork) -> Cut? {
    let groups = max(1, min(threads, sequences / Self.tile))
    let workers = max(1, min(threads / groups, work.unitParts))
    let cut = Cut(
      groups: max(groups, min(threads / workers, sequences / Self.goodShare)), workers: workers)
    // At every step the workers meet, for a part of what it costs to wake them; of one step they are only woken.
    let own = steps > 1 ? 4 * work.weightsPerStep : work.weights
    return cut.count > 1 && sequences * own / cut.count >= wakingCost ? cut : nil
  }

  /// The sequences of one of so many shares: neighbours, a multiple of `unit` of them, with about as many steps together as
  /// those of every other share. Of sequences sorted by length, as they are to be packed, half of them can be far more than
  /// half of the work.
  package static func sequences(
    ofShare share: Int, among shares: Int, lengths: [Int], rows: Int, unit: Int = 1
  ) -> Range<Int> {
    var (sequence, rowsBefore, first) = (0, 0, 0)
    for own in 0..<shares {
      let wanted = rows * own / shares
      while sequence < lengths.count && rowsBefore + lengths[sequence] / 2 < wanted {
        rowsBefore += lengths[sequence]
        sequence += 1
      }
      let begin = sequence / unit * unit
      if own == share { first = begin }
      if own == share + 1 { return first..<begin }
    }
    return first..<lengths.count
  }
}
