internal import RecurrentCore

/// The numbers of a batch where they stand: `[T, B, F]`, or in place of one-hot vectors their symbols, `[T, B]`.
///
/// What it points to belongs to somebody else and outlives the work of a step.
struct SequenceView<Scalar: TensorScalar> {
  var values: UnsafePointer<Scalar>
  /// Where not `nil`, row r is the one-hot vector of `symbols[r]`, and `values` is not read.
  var symbols: UnsafePointer<Int32>?
  var features: Int
}

extension SequencePlan {
  /// Does the share of every thread that has sequences, each on a thread of its own. Where there is one, the pool stays
  /// free for what it does.
  func forEachThread<Work: SharedWork>(of pool: WorkerPool, _ work: Work) {
    if threads == 1 { return work.share(of: 0, among: 1) }
    pool.run(SharesOfSequences(work: work, threads: threads))
  }

  /// Makes this the plan of a batch, and copies its numbers to where they can stay.
  func take<Scalar>(
    _ input: SequenceInput<Scalar>, firstStep: Int = 0, pool: WorkerPool, wholeShards: Bool, work: LayerWork,
    _ values: Scratch<Scalar>, _ symbols: Scratch<Int32>
  ) -> SequenceView<Scalar> {
    self.firstStep = firstStep
    switch input {
    case .values(let batch):
      prepare(
        steps: batch.steps, lengths: batch.lengths, identifiers: batch.identifiers, pool: pool,
        wholeShards: wholeShards, work: work)
      values.copy(batch.values)
      return SequenceView(values: UnsafePointer(values.base), symbols: nil, features: batch.features)
    case .symbols(let batch):
      prepare(
        steps: batch.steps, lengths: batch.lengths, identifiers: batch.identifiers, pool: pool,
        wholeShards: wholeShards, work: work)
      symbols.copy(batch.symbols)
      values.reserve(1)
      return SequenceView(
        values: UnsafePointer(values.base), symbols: UnsafePointer(symbols.base), features: batch.vocabulary)
    }
  }
}

/// Work of which only some threads have a share.
private struct SharesOfSequences<Work: SharedWork>: SharedWork {
  let work: Work
  let threads: Int

  func share(of thread: Int, among all: Int) {
    if thread < threads { work.share(of: thread, among: threads) }
  }
}
