internal import RecurrentCore

/// The rows of a batch sorted by their symbol, for gradients that are sums over the rows of one symbol: an embedding's, or
/// those of a weight with one-hot input.
///
/// Among the rows of a symbol the order is that of the sum: shard by shard, in each shard as the plan says.
final class SymbolOrder: @unchecked Sendable {
  private var vocabulary = 0
  private var plan = SequencePlan()
  private let rows = Scratch<Int32>()
  private let bounds = Scratch<Int32>()

  /// Sorts by counting: V + N steps.
  func sort(_ symbols: UnsafePointer<Int32>, vocabulary: Int, _ plan: SequencePlan, isDescending: Bool) {
    self.vocabulary = vocabulary
    self.plan = plan
    let order = plan.order(descending: isDescending)
    let count = plan.rowCount
    let sorted = rows.reserve(count)
    // bounds[s + 1] is where symbol s goes next; in the end, where it ends, and so where s + 1 begins.
    let ends = bounds.reserve(vocabulary + 2)
    ends.update(repeating: 0, count: vocabulary + 2)
    for place in 0..<count { ends[Int(symbols[Int(order[place])]) + 2] += 1 }
    for symbol in 0..<vocabulary { ends[symbol + 2] += ends[symbol + 1] }
    for place in 0..<count {
      let symbol = Int(symbols[Int(order[place])])
      sorted[Int(ends[symbol + 1])] = order[place]
      ends[symbol + 1] += 1
    }
  }

  static func scratchCount(shards: Int, columns: Int) -> Int {
    (Int.bitWidth - max(shards, 1).leadingZeroBitCount + 2) * columns
  }

  /// target[s · symbolStride + i · columnStride] += tree over shards of Σ D[r, i] over the rows r of symbol s.
  ///
  /// - Parameter accumulate: whether the sums start from what is there; else everything is set, to zero where a symbol
  ///   does not occur.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func add<Scalar: TensorScalar>(
    _ d: UnsafePointer<Scalar>, row: Int, columns: Int, accumulate: Bool,
    to target: UnsafeMutablePointer<Scalar>,
    symbolStride: Int, columnStride: Int, _ scratch: UnsafeMutablePointer<Scalar>
  ) {
    for symbol in 0..<vocabulary {
      let first = target + symbol * symbolStride
      let own = Int(bounds.base[symbol])..<Int(bounds.base[symbol + 1])
      if own.isEmpty {
        if !accumulate { write(nil, columns, accumulate: false, to: first, columnStride) }
        continue
      }
      sum(own, d, row: row, columns: columns, scratch)
      write(scratch, columns, accumulate: accumulate, to: first, columnStride)
    }
  }

  /// The tree over shards, in scratch[0 ..< columns]. A shard without the symbol adds nothing, so its place in the tree is
  /// passed over.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func sum<Scalar: TensorScalar>(
    _ own: Range<Int>, _ d: UnsafePointer<Scalar>, row: Int, columns: Int,
    _ scratch: UnsafeMutablePointer<Scalar>
  ) {
    // Sums waiting on the stack, each with the first shard that it covers.
    withUnsafeTemporaryAllocation(of: Int.self, capacity: Int.bitWidth) { covered in
      var depth = 0
      var place = own.lowerBound
      func addTopToTheOneBelow() {
        Scalar._add(columns, scratch + (depth - 1) * columns, to: scratch + (depth - 2) * columns)
        depth -= 1
      }
      while place < own.upperBound {
        let shard = plan.shard(ofRow: Int(rows.base[place]))
        while depth > 1 && Self.closes(covered[depth - 2], covered[depth - 1], before: shard) {
          addTopToTheOneBelow()
        }
        let top = scratch + depth * columns
        top.update(repeating: 0, count: columns)
        covered[depth] = shard
        depth += 1
        while place < own.upperBound, plan.shard(ofRow: Int(rows.base[place])) == shard {
          Scalar._add(columns, d + Int(rows.base[place]) * row, to: top)
          place += 1
        }
      }
      while depth > 1 { addTopToTheOneBelow() }
    }
  }

  /// Whether the least subtree that holds shards `left` and `right` ends before shard `next`.
  private static func closes(_ left: Int, _ right: Int, before next: Int) -> Bool {
    let width = Int.bitWidth - (left ^ right).leadingZeroBitCount
    return ((right >> width) + 1) << width <= next
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func write<Scalar: TensorScalar>(
    _ sum: UnsafeMutablePointer<Scalar>?, _ columns: Int, accumulate: Bool,
    to target: UnsafeMutablePointer<Scalar>,
    _ stride: Int
  ) {
    for i in 0..<columns {
      let value = sum?[i] ?? 0
      target[i * stride] = accumulate ? target[i * stride] + value : value
    }
  }
}
