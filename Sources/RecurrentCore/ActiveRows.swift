/// Which rows of a batch have data at each step, as runs of neighbouring rows.
///
/// A sweep visits only these runs: a sequence that has ended, or in the reverse direction not begun, costs nothing, its
/// state stays what it was, and its padding is neither read nor written. This is the one place where lengths meet time.
package struct ActiveRows: Sendable {
  private let runs: [Range<Int>]
  /// Runs of step t are `runs[offsets[t]..<offsets[t + 1]]`.
  private let offsets: [Int]

  package init(lengths: [Int], steps: Int) {
    if lengths.allSatisfy({ $0 == steps }) {
      runs = [0..<lengths.count]
      offsets = []
      return
    }
    var runs: [Range<Int>] = []
    var offsets = [0]
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

  /// Calls `body` with each run of rows that are active at step `t`.
  @inline(__always)
  package func forEach(at t: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    if offsets.isEmpty {
      if runs[0].count > 0 { body(0, runs[0].count) }
      return
    }
    for index in offsets[t]..<offsets[t + 1] { body(runs[index].lowerBound, runs[index].count) }
  }
}
