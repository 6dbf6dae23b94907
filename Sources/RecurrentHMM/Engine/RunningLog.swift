internal import RecurrentCore

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
