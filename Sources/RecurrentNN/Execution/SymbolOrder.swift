internal import RecurrentCore

/// The rows of a batch sorted by their symbol, for gradients that are sums over the rows of one symbol: an embedding's, or
/// those of a weight with one-hot input.
///
/// Among the rows of a symbol the order is that of the sum: shard by shard, in each shard as the plan says.
///
/// Sent unchecked: it is sorted by one caller, and then only read by the threads.
final class SymbolOrder: @unchecked Sendable {
  private var vocabulary = 0
  private var plan = SequencePlan()
  private let rows = Scratch<Int32>()
  /// Where the rows of each symbol end, for those that occur; 0 for the others.
  private let ends = Scratch<Int32>()
  /// Bit s: whether symbol s occurs.
  private let occurring = Scratch<UInt64>()

  /// How many symbols there can be in such a batch.
  var symbolLimit: Int { min(vocabulary, plan.rowCount) }

  /// Sorts by counting: N steps, and a look at one bit of each symbol.
  func sort(_ symbols: UnsafePointer<Int32>, vocabulary: Int, _ plan: SequencePlan, isDescending: Bool) {
    forget(vocabulary)
    self.plan = plan
    let order = plan.order(descending: isDescending)
    let count = plan.rowCount
    let (sorted, ends, occurring) = (rows.reserve(count), ends.base, occurring.base)
    for place in 0..<count {
      let symbol = Int(symbols[Int(order[place])])
      ends[symbol] += 1
      occurring[symbol / 64] |= 1 << UInt64(symbol % 64)
    }
    // From counts to where the rows of each symbol begin; filling them in moves that to where they end.
    var first: Int32 = 0
    forEachOccurring { symbol in
      let own = ends[symbol]
      ends[symbol] = first
      first += own
    }
    for place in 0..<count {
      let symbol = Int(symbols[Int(order[place])])
      sorted[Int(ends[symbol])] = order[place]
      ends[symbol] += 1
    }
  }

  /// Takes back what the last batch left.
  private func forget(_ vocabulary: Int) {
    if vocabulary == self.vocabulary {
      forEachOccurring { ends.base[$0] = 0 }
    } else {
      ends.reserve(vocabulary).update(repeating: 0, count: vocabulary)
      occurring.reserve((vocabulary + 63) / 64)
    }
    occurring.base.update(repeating: 0, count: (vocabulary + 63) / 64)
    self.vocabulary = vocabulary
  }

  @inline(__always)
  private func forEachOccurring(_ body: (_ symbol: Int) -> Void) {
    for word in 0..<(vocabulary + 63) / 64 {
      var bits = occurring.base[word]
      while bits != 0 {
        body(word * 64 + bits.trailingZeroBitCount)
        bits &= bits - 1
      }
    }
  }

  /// The symbols of the batch, ascending, each with the places of its rows in the sorted list.
  @inline(__always)
  func forEachSymbol(_ body: (_ symbol: Int, _ own: Range<Int>) -> Void) {
    var first = 0
    forEachOccurring { symbol in
      let end = Int(ends.base[symbol])
      body(symbol, first..<end)
      first = end
    }
  }

  static func scratchCount(shards: Int, columns: Int) -> Int {
    (Int.bitWidth - max(shards, 1).leadingZeroBitCount + 2) * columns
  }

  /// What sums do with what stands where they go.
  enum Writing {
    /// They are added to it.
    case adds
    /// They go on from it, as one chain: of one shard only.
    case continues
    /// They replace it, and it becomes zero for symbols that do not occur.
    case setsAll
    /// They replace it; for symbols that do not occur it is zero already.
    case setsOccurring
  }

  /// target[s · symbolStride + i · columnStride] = tree over shards of Σ D[r, i] over the rows r of symbol s.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func write<Scalar: TensorScalar>(
    _ d: UnsafePointer<Scalar>, row: Int, columns: Int, _ writing: Writing,
    to target: UnsafeMutablePointer<Scalar>,
    symbolStride: Int, columnStride: Int, _ scratch: UnsafeMutablePointer<Scalar>
  ) {
    if writing == .setsAll {
      for symbol in 0..<vocabulary where ends.base[symbol] == 0 {
        for i in 0..<columns { target[symbol * symbolStride + i * columnStride] = 0 }
      }
    }
    precondition(writing != .continues || plan.shards < 2, "sums of several shards cannot go on as one chain")
    forEachSymbol { symbol, own in
      let first = target + symbol * symbolStride
      if writing == .continues {
        for i in 0..<columns { scratch[i] = first[i * columnStride] }
      }
      sum(own, d, row: row, columns: columns, startsAtZero: writing != .continues, scratch)
      if writing == .adds {
        for i in 0..<columns { first[i * columnStride] += scratch[i] }
      } else {
        for i in 0..<columns { first[i * columnStride] = scratch[i] }
      }
    }
  }

  /// The tree over shards, in scratch[0 ..< columns], from zero or from what stands there. A shard without the symbol adds nothing, so its place in the tree is
  /// passed over.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func sum<Scalar: TensorScalar>(
    _ own: Range<Int>, _ d: UnsafePointer<Scalar>, row: Int, columns: Int, startsAtZero: Bool,
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
        if startsAtZero { top.update(repeating: 0, count: columns) }
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
}
