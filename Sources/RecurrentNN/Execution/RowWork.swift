internal import RecurrentCore

/// Work on rows that do not ask for one another: products of inputs, or of gradients.
protocol RowWork {
  /// - Parameter worker: whose room may be used.
  func work(on rows: SequencePlan.Rows, worker: Int)
}

extension SequencePlan {
  /// All rows of a thread: alone, or where others wait and it is worth their while, shared with them.
  ///
  /// - Parameter weights: how many each row is multiplied by.
  @inline(__always)
  func forEachRow<Work: RowWork>(of thread: Int, weights: Int, _ work: Work) {
    let rows = rows(of: thread)
    guard let pool = idlePool, rows.count * weights > 2 * pool.wakingCost else {
      return work.work(on: rows, worker: thread)
    }
    pool.run(SharedRows(work: work, rows: rows))
  }
}

private struct SharedRows<Work: RowWork>: SharedWork {
  let work: Work
  let rows: SequencePlan.Rows

  func share(of worker: Int, among workers: Int) {
    work.work(on: rows.share(of: worker, among: workers), worker: worker)
  }
}
