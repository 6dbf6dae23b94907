internal import RecurrentCore

/// The emission rows of some steps of a sequence, as the kernels read them.
final class SegmentRows {
  /// Row t is `base + t · K`, or where there is an index `base + index[t] · K`; so are the shifts.
  struct Weights {
    let base: UnsafePointer<Double>
    let index: UnsafePointer<Int32>?
    let shifts: UnsafePointer<Double>
    let isExact: Bool
  }

  private let written = Scratch<Double>()
  private let weights = Scratch<Double>()
  private let shifts = Scratch<Double>()

  /// Valid until the next call.
  func weigh(_ input: ChainInput, _ steps: Range<Int>, states: Int) -> Weights {
    switch input {
    case .table(let table, let index):
      return Weights(
        base: table.weightBase, index: index.baseAddress.map { $0 + steps.lowerBound },
        shifts: table.shiftBase, isExact: table.isExact)
    case .rows(_, let write):
      // In place: a long sequence fills memory that it has to be given first.
      let target = weights.reserve(steps.count * states)
      write(steps, target)
      let isExact = ChainTable.weigh(
        target, rows: steps.count, states: states, into: target, shifts.reserve(steps.count))
      return Weights(
        base: UnsafePointer(weights.base), index: nil, shifts: UnsafePointer(shifts.base), isExact: isExact)
    }
  }

  /// The scores themselves, valid until the next call.
  func scores(
    _ input: ChainInput, _ steps: Range<Int>, states: Int
  ) -> (base: UnsafePointer<Double>, index: UnsafePointer<Int32>?) {
    switch input {
    case .table(let table, let index):
      return (table.scoreBase, index.baseAddress.map { $0 + steps.lowerBound })
    case .rows(_, let write):
      write(steps, written.reserve(steps.count * states))
      return (UnsafePointer(written.base), nil)
    }
  }
}
