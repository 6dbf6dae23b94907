internal import RecurrentCore

/// Which rows of a batch have data at which step, which thread computes them, and in what order weight gradients add them:
/// all that layers at work know of a batch beside its numbers. Row t · B + b is step t of sequence b.
///
/// Threads share out neighbouring sequences, whose sweeps never meet. Shards are fixed by the batch alone
/// (``shardRanges(batchSize:)``), so the threads cannot change a sum. Everything is kept in room that only grows, and
/// nothing is made anew for a batch of the same lengths. Sent unchecked: while threads run, it is only read.
final class SequencePlan: @unchecked Sendable {
  private(set) var steps = 0
  private(set) var batchSize = 0
  private(set) var lengths: [Int] = []
  private(set) var identifiers: [UInt64] = []
  /// Which step of its sequences step 0 of the batch is, where the batch is a part of longer ones: random masks are keyed by the
  /// steps of the whole.
  var firstStep = 0
  /// Whether every sequence has T steps.
  private(set) var isFull = true
  /// How many threads have sequences.
  private(set) var threads = 0
  /// Rises whenever rows, threads or shards change.
  private(set) var version = 0
  /// Threads that wait while the only thread with sequences works; `nil` where there is more than one, or none waits.
  private(set) var idlePool: WorkerPool?
  /// How many shards weight gradients are summed in.
  private(set) var shards = 0

  private let firstSequence = Scratch<Int>()
  private let validRows = Scratch<Int32>()
  private let validFirst = Scratch<Int>()
  private let runs = Scratch<Int32>()
  private let runFirst = Scratch<Int>()
  private let ascendingRows = Scratch<Int32>()
  private let descendingRows = Scratch<Int32>()
  private let shardFirst = Scratch<Int>()

  init() {}

  /// A plan for one caller and one sum over the whole batch.
  convenience init<Scalar>(oneShardOf batch: SequenceBatch<Scalar>) {
    self.init()
    prepare(
      steps: batch.steps, lengths: batch.lengths, identifiers: batch.identifiers,
      shardSize: max(batch.batchSize, 1))
  }

  /// Makes this the plan of a batch, unless it is that already.
  ///
  /// - Parameters:
  ///   - pool: whose threads share the work; `nil`: the caller alone.
  ///   - wholeShards: whether no shard may be cut between two threads.
  ///   - work: what the layers give threads to do.
  func prepare(
    steps: Int, lengths: [Int], identifiers: [UInt64], pool: WorkerPool? = nil, wholeShards: Bool = false,
    work: LayerWork = LayerWork(), shardSize: Int = RecurrentNN.shardSize
  ) {
    let rows = lengths.reduce(0, +)
    let threads =
      pool.map {
        WorkSharing(on: $0).owners(
          sequences: lengths.count, rows: rows, steps: steps, work, fewest: wholeShards ? shardSize : nil)
      } ?? 1
    idlePool = threads == 1 && (pool?.threads ?? 1) > 1 ? pool : nil
    self.identifiers = identifiers
    if self.threads == threads && self.steps == steps && self.lengths == lengths
      && self.wholeShards == wholeShards
    {
      return
    }
    precondition(
      steps * lengths.count <= Int(Int32.max),
      "a batch of \(lengths.count) sequences of \(steps) steps has more than 2³¹ rows")
    self.wholeShards = wholeShards
    version += 1
    self.steps = steps
    self.lengths = lengths
    self.threads = threads
    batchSize = lengths.count
    isFull = lengths.allSatisfy { $0 == steps }
    let first = firstSequence.reserve(threads + 1)
    for thread in 0..<threads {
      let own = WorkSharing.sequences(
        ofShare: thread, among: threads, lengths: lengths, rows: rows, unit: wholeShards ? shardSize : 1)
      (first[thread], first[thread + 1]) = (own.lowerBound, own.upperBound)
    }
    orderRows(shardSize: shardSize)
    planThreads()
  }

  /// Makes this the plan of one row for each sequence of `plan`, on the same threads and in the same shards.
  func prepare(oneRowForEachSequenceOf plan: SequencePlan) {
    identifiers = plan.identifiers
    idlePool = plan.idlePool
    if followed == plan.version { return }
    followed = plan.version
    version += 1
    steps = 1
    (threads, wholeShards, batchSize) = (plan.threads, plan.wholeShards, plan.batchSize)
    if lengths.count != batchSize { lengths = [Int](repeating: 1, count: batchSize) }
    isFull = true
    firstSequence.reserve(threads + 1).update(from: plan.firstSequence.base, count: threads + 1)
    orderRows(shardSize: plan.shardSize)
    planThreads()
  }

  /// Makes this the plan of `rows` as sequences of one step each, cut as the rows of `plan` that they were taken from.
  ///
  /// - Parameters:
  ///   - rows: rows of `plan`'s batch, those of its first thread first.
  ///   - order: places in `rows`, in the order in which they are summed: by step, then by sequence.
  func prepare(
    rows: UnsafePointer<Int32>, order: UnsafePointer<Int32>, count: Int, of plan: SequencePlan,
    identifiers: [UInt64]
  ) {
    version += 1
    steps = 1
    isOfRows = true
    threads = plan.threads
    idlePool = plan.idlePool
    shards = plan.shards
    if batchSize != count { lengths = [Int](repeating: 1, count: count) }
    batchSize = count
    isFull = true
    self.identifiers = identifiers
    let first = firstSequence.reserve(threads + 1)
    first[0] = 0
    for thread in 0..<threads {
      var end = first[thread]
      while end < count && Int(rows[end]) % plan.batchSize < plan.firstSequence.base[thread + 1] { end += 1 }
      first[thread + 1] = end
    }
    // Shard by shard, each in the given order: counted first, then put where the shards before end.
    let bounds = shardFirst.reserve(shards + 1)
    let ascending = ascendingRows.reserve(count)
    let descending = descendingRows.reserve(count)
    func shard(_ at: Int32) -> Int { plan.shard(ofRow: Int(rows[Int(at)])) }
    bounds.update(repeating: 0, count: shards + 1)
    for index in 0..<count { bounds[shard(order[index])] += 1 }
    var end = 0
    for shard in 0...shards { (bounds[shard], end) = (end, end + bounds[shard]) }
    for index in 0..<count {
      let own = shard(order[index])
      ascending[bounds[own]] = order[index]
      descending[bounds[own]] = order[index]
      bounds[own] += 1
    }
    for shard in stride(from: shards, to: 0, by: -1) { bounds[shard] = bounds[shard - 1] }
    bounds[0] = 0
    planThreads()
  }

  private var wholeShards = false
  /// The version of the plan that this one has a row for each sequence of.
  private var followed: Int?
  /// Whether the sequences are rows of another plan.
  private var isOfRows = false

  /// Sequences in one shard.
  private(set) var shardSize = RecurrentNN.shardSize

  private func orderRows(shardSize: Int) {
    self.shardSize = shardSize
    shards = (batchSize + shardSize - 1) / shardSize
    let bounds = shardFirst.reserve(shards + 1)
    let ascending = ascendingRows.reserve(steps * batchSize)
    let descending = descendingRows.reserve(steps * batchSize)
    var place = 0
    for shard in 0..<shards {
      let sequences = shard * shardSize..<min((shard + 1) * shardSize, batchSize)
      bounds[shard] = place
      for t in 0..<steps {
        for b in sequences where lengths[b] > t {
          ascending[place] = Int32(t * batchSize + b)
          place += 1
        }
      }
      var back = bounds[shard]
      for t in stride(from: steps - 1, through: 0, by: -1) {
        for b in sequences where lengths[b] > t {
          descending[back] = Int32(t * batchSize + b)
          back += 1
        }
      }
    }
    bounds[shards] = place
  }

  /// For every thread its rows with data, and for every step of it the runs of neighbouring sequences that have data.
  private func planThreads() {
    let rowFirst = validFirst.reserve(threads + 1)
    rowFirst[0] = 0
    if hasContiguousRows { return }
    let rows = validRows.reserve(steps * batchSize)
    // A run and the gap behind it take two sequences at least.
    let run = runs.reserve(2 * steps * ((batchSize + 1) / 2 + threads))
    let runPlace = runFirst.reserve(threads * steps + 1)
    var row = 0
    var runCount = 0
    for thread in 0..<threads {
      for t in 0..<steps {
        runPlace[thread * steps + t] = runCount
        var isOpen = false
        for b in sequences(of: thread) {
          guard lengths[b] > t else {
            isOpen = false
            continue
          }
          rows[row] = Int32(t * batchSize + b)
          row += 1
          if isOpen {
            run[2 * runCount - 1] += 1
          } else {
            (run[2 * runCount], run[2 * runCount + 1]) = (Int32(b), 1)
            runCount += 1
            isOpen = true
          }
        }
      }
      rowFirst[thread + 1] = row
    }
    runPlace[threads * steps] = runCount
  }
}

extension SequencePlan {
  /// The sequences of a thread.
  func sequences(of thread: Int) -> Range<Int> {
    firstSequence.base[thread]..<firstSequence.base[thread + 1]
  }

  /// The shards that begin on a thread, with their sequences in the order in which they are summed; those without any on
  /// the first thread.
  func shards(of thread: Int) -> [(shard: Int, sequences: [Int])] {
    let own = sequences(of: thread)
    return (0..<shards).compactMap { shard in
      let sequences = sequences(ofShard: shard)
      guard sequences.first.map(own.contains) ?? (thread == 0) else { return nil }
      return (shard, sequences)
    }
  }

  private func sequences(ofShard shard: Int) -> [Int] {
    // A row is a sequence of one step, so it stands once in the order of the rows.
    if isOfRows { return (shardBounds[shard]..<shardBounds[shard + 1]).map { Int(ascendingRows.base[$0]) } }
    return Array(shard * shardSize..<min((shard + 1) * shardSize, batchSize))
  }

  /// Whether a thread's rows with data are neighbours: one thread and no padding, or one step.
  private var hasContiguousRows: Bool { isFull && (threads == 1 || steps == 1) }

  /// `count` rows from row `first` on, or where there is an index, those it names.
  struct Rows {
    var first: Int
    var count: Int
    var index: UnsafePointer<Int32>?

    /// Calls `body` with every row.
    @inline(__always)
    func forEach(_ body: (Int) -> Void) {
      for place in 0..<count { body(index.map { Int($0[place]) } ?? first + place) }
    }

    /// Those of one of so many workers.
    func share(of worker: Int, among workers: Int) -> Rows {
      let begin = count * worker / workers
      let own = count * (worker + 1) / workers - begin
      guard let index else { return Rows(first: first + begin, count: own, index: nil) }
      return Rows(first: first, count: own, index: index + begin)
    }
  }

  /// The rows of a thread that have data, by step and then by sequence.
  func rows(of thread: Int) -> Rows {
    if hasContiguousRows {
      let own = sequences(of: thread)
      return Rows(first: own.lowerBound, count: own.count * steps, index: nil)
    }
    let first = validFirst.base[thread]
    return Rows(
      first: 0, count: validFirst.base[thread + 1] - first, index: UnsafePointer(validRows.base + first))
  }

  /// Calls `body` with each run of a thread's sequences that have data at step `t`.
  @inline(__always)
  func forEachRun(of thread: Int, at t: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    if isFull {
      let own = sequences(of: thread)
      if !own.isEmpty { body(own.lowerBound, own.count) }
      return
    }
    for place in runFirst.base[thread * steps + t]..<runFirst.base[thread * steps + t + 1] {
      body(Int(runs.base[2 * place]), Int(runs.base[2 * place + 1]))
    }
  }

  /// How the threads that wait, where there are any, cut what a layer gives them; `nil`: not with gain.
  func cut(_ work: LayerWork) -> WorkSharing.Cut? {
    guard let idlePool else { return nil }
    return WorkSharing(on: idlePool).cut(sequences: batchSize, steps: steps, work)
  }

  /// The sequences of one of so many groups of all.
  func sequences(ofGroup group: Int, among groups: Int) -> Range<Int> {
    WorkSharing.sequences(ofShare: group, among: groups, lengths: lengths, rows: rowCount)
  }

  /// Where each shard's rows begin in ``order(_:)``, and where the last one's end.
  var shardBounds: UnsafePointer<Int> { UnsafePointer(shardFirst.base) }

  /// The rows with data of each shard, by step, the last or the first one first, and then by sequence.
  func order(descending: Bool) -> UnsafePointer<Int32> {
    UnsafePointer(descending ? descendingRows.base : ascendingRows.base)
  }

  /// The shard that a row of a batch of sequences belongs to.
  @inline(__always)
  func shard(ofRow row: Int) -> Int { row % batchSize / shardSize }

  /// How many rows have data.
  var rowCount: Int { shardFirst.base[shards] }
}
