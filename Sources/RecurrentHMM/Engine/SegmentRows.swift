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

/// The logarithm of a product of many factors, of which a logarithm is taken only now and then.
struct RunningLog {
  private var sum: Double
  private var product = 1.0

  init(offset: Double) { sum = offset }

  var value: Double { sum + PortableMath.log(product) }

  /// - Parameter factor: a normal number, at most about 1.
  @inline(__always)
  mutating func multiply(_ factor: Double) {
    if factor < 1e-140 {
      sum += PortableMath.log(factor)
      return
    }
    product *= factor
    if product < 1e-150 || product > 1e150 {
      sum += PortableMath.log(product)
      product = 1
    }
  }

  /// The factors of some steps, and the shifts of their rows.
  mutating func multiply(
    _ factors: UnsafePointer<Double>, _ steps: Int, shifts rows: SegmentRows.Weights
  ) {
    for t in 0..<steps {
      multiply(factors[t])
      sum += rows.shifts[rows.index.map { Int($0[t]) } ?? t]
    }
  }
}
