/// Which rows of a batch have data at each step, as runs of neighbouring rows.
///
/// A sweep visits only these runs: a sequence that has ended, or in the reverse direction not begun, costs nothing, its
/// state stays what it was, and its padding is neither read nor written. This is the one place where lengths meet time.
package struct ActiveRows: Sendable {
  /// Sequences, where all of them have data at every step; the arrays are empty then.
  @usableFromInline let all: Int
  @usableFromInline let runs: [Range<Int>]
  /// Runs of step t are `runs[offsets[t]..<offsets[t + 1]]`.
  @usableFromInline let offsets: [Int]

  package init(lengths: [Int], steps: Int) {
    if Self.isFull(lengths, steps: steps) {
      all = lengths.count
      runs = []
      offsets = []
      return
    }
    all = 0
    var runs: [Range<Int>] = []
    runs.reserveCapacity(steps)
    var offsets = [0]
    offsets.reserveCapacity(steps + 1)
    for t in 0..<steps {
      var b = 0
      while b < lengths.count {
        guard lengths[b] > t else {
          b += 1
          continue
        }
        let first = b
        while b < lengths.count && lengths[b] > t { b += 1 }
        runs.append(first..<b)
      }
      offsets.append(runs.count)
    }
    self.runs = runs
    self.offsets = offsets
  }

  /// Whether all rows have data at every step.
  package var isAll: Bool { offsets.isEmpty }

  private static func isFull(_ lengths: [Int], steps: Int) -> Bool {
    for length in lengths where length != steps { return false }
    return true
  }

  /// Calls `body` with each run of rows that are active at step `t`.
  @inlinable @inline(__always)
  package func forEach(at t: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    if offsets.isEmpty {
      if all > 0 { body(0, all) }
      return
    }
    for index in offsets[t]..<offsets[t + 1] { body(runs[index].lowerBound, runs[index].count) }
  }
}
