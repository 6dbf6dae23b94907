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
  /// Calls `body` with every thread that has sequences, each on a thread of its own. Where there is one, the pool stays
  /// free for what it does.
  func forEachThread(of pool: WorkerPool, _ body: (_ thread: Int) -> Void) {
    if threads == 1 { return body(0) }
    pool.run { if $0 < threads { body($0) } }
  }

  /// Makes this the plan of a batch, and copies its numbers to where they can stay.
  func take<Scalar>(
    _ input: SequenceInput<Scalar>, pool: WorkerPool, wholeShards: Bool, _ values: Scratch<Scalar>,
    _ symbols: Scratch<Int32>
  ) -> SequenceView<Scalar> {
    switch input {
    case .values(let batch):
      prepare(
        steps: batch.steps, lengths: batch.lengths, identifiers: batch.identifiers, pool: pool,
        wholeShards: wholeShards)
      values.copy(batch.values)
      return SequenceView(values: UnsafePointer(values.base), symbols: nil, features: batch.features)
    case .symbols(let batch):
      prepare(
        steps: batch.steps, lengths: batch.lengths, identifiers: batch.identifiers, pool: pool,
        wholeShards: wholeShards)
      symbols.copy(batch.symbols)
      values.reserve(1)
      return SequenceView(
        values: UnsafePointer(values.base), symbols: UnsafePointer(symbols.base), features: batch.vocabulary)
    }
  }
}
