/// What a sequence shows, as the engine reads it.
enum ChainInput {
  /// Rows of a table, by the index of each step.
  case table(ChainTable, UnsafeBufferPointer<Int32>)
  /// Rows of scores `[steps, K]` that are written when they are needed, for any range of steps.
  case rows(steps: Int, write: (Range<Int>, UnsafeMutablePointer<Double>) -> Void)

  var steps: Int {
    switch self {
    case .table(_, let index): index.count
    case .rows(let steps, _): steps
    }
  }
}
