extension ParameterStore {
  /// √(Σ v²), summed in double in an order fixed by the layout: in blocks of fixed size, which the threads of a pool share,
  /// and then the blocks in order.
  ///
  /// - Parameter support: outside of it every value is zero. Its pieces cannot be seen in the sum, which passes over whole
  ///   lanes of zeros and adds nothing there.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func norm(over support: GradientSupport, on pool: WorkerPool?) -> Double {
    // At most 128 sums, which fit a frame of the stack.
    let size = max(1 << 16, (values.count + 127) / 128)
    let blocks = (values.count + size - 1) / size
    return values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress else { return 0 }
      return withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { sums in
        guard let base = sums.baseAddress else { return 0 }
        let squares = SquareSums(
          values: values, count: layout.count, size: size, support: support, sums: base)
        if let pool, blocks > 1 && support.count > size {
          pool.run(squares)
        } else {
          squares.share(of: 0, among: 1)
        }
        return sums.reduce(0, +).squareRoot()
      }
    }
  }
}

/// The sum of squares of each block of so many values. A thread's share is every n-th block.
private struct SquareSums<Scalar: TensorScalar>: SharedWork {
  let values: UnsafePointer<Scalar>
  let count: Int
  let size: Int
  let support: GradientSupport
  let sums: UnsafeMutablePointer<Double>

  func share(of thread: Int, among threads: Int) {
    for block in stride(from: thread, to: (count + size - 1) / size, by: threads) {
      sums[block] = sum(of: block * size..<min(count, (block + 1) * size))
    }
  }

  /// From one piece of the support to the next, each from where a round of the lanes begins to where one ends.
  private func sum(of block: Range<Int>) -> Double {
    let width = 64 / MemoryLayout<Scalar>.size
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { lanes in
      lanes.initialize(repeating: 0)
      guard let base = lanes.baseAddress else { return 0 }
      var (next, sum) = (block.lowerBound, 0.0)
      support.forEachPlace(in: block) { place in
        let first = max(next, place.lowerBound - (place.lowerBound - block.lowerBound) % width)
        let rounds = (place.upperBound - block.lowerBound + width - 1) / width
        next = min(block.upperBound, block.lowerBound + rounds * width)
        if first < next { sum = Scalar._sumOfSquares(next - first, values + first, lanes: base) }
      }
      return sum
    }
  }
}
