internal import RecurrentCore

/// Work on rows that do not ask for one another: products of inputs, or of gradients.
protocol RowWork {
  /// - Parameter worker: whose room may be used.
  func work(on rows: SequencePlan.Rows, worker: Int)
}

extension SequencePlan {
  /// All rows of a thread: alone, or where others wait and it is worth their while, shared with them.
  ///
  /// - Parameter weights: how many multiplications each row costs.
  @inline(__always)
  func forEachRow<Work: RowWork>(of thread: Int, weights: Int, _ work: Work) {
    let rows = rows(of: thread)
    if let pool = idlePool {
      let sharers = pool.sharers(of: rows.count * weights)
      if sharers > 1 && pool.runTogether(SharedRows(work: work, rows: rows, sharers: sharers)) { return }
    }
    work.work(on: rows, worker: thread)
  }
}

private struct SharedRows<Work: RowWork>: SharedWork {
  let work: Work
  let rows: SequencePlan.Rows
  let sharers: Int

  func share(of worker: Int, among workers: Int) {
    if worker < sharers { work.work(on: rows.share(of: worker, among: sharers), worker: worker) }
  }
}
