internal import RecurrentCore

/// A chain's scores as the kernels read them: rows padded to whole vectors, as weights and as logarithms, and transposed. Made
/// once for all sequences that share them, at a cost of K² exponentials.
package final class PackedChain: Sendable {
  let scores: ChainScores
  let states: Int
  /// Elements of a row: K rounded up to whole vectors.
  let width: Int
  /// exp(score − shift), `[K, width]` and `[width]`.
  let transition, transposed, initial, final: [Double]
  /// What the weights of a path with T steps lack as logarithms: `ends` once and `step` T − 1 times.
  let shift: (ends: Double, step: Double)
  /// The scores themselves, for best paths.
  let transitionScores, transposedScores, initialScores: [Double]
  /// Whether a weight is so small that together with the least that a kernel keeps of a row, 1e-290, it may fall to zero.
  let rounds: Bool

  package init(_ scores: ChainScores) {
    self.scores = scores
    let states = scores.stateCount
    let lanes = 64 / MemoryLayout<Double>.size
    let width = (states + lanes - 1) / lanes * lanes
    (self.states, self.width) = (states, width)
    func padded(_ rows: [[Double]], with padding: Double) -> [Double] {
      rows.flatMap { $0 + [Double](repeating: padding, count: width - states) }
    }
    let rows = (0..<states).map { scores.transition.row($0) }
    func columns(_ rows: [[Double]]) -> [[Double]] { (0..<states).map { j in rows.map { $0[j] } } }
    // Whole matrices and vectors as one row each: they have one shift.
    let transition = ChainTable(scores.transition.elements, states: states * states)
    let initial = ChainTable(scores.initial, states: states)
    let final = ChainTable(scores.final, states: states)
    // What is possible keeps a weight, if a larger one than it has: next to the 1e-290 of a row that a kernel needs to go on, a
    // few 1e-307 are less than rounding.
    func values(_ table: ChainTable, from first: Int = 0) -> [Double] {
      (first..<first + states).map {
        table.scoreBase[$0] == -.infinity ? 0 : max(table.weightBase[$0], 1e-307)
      }
    }
    let weights = (0..<states).map { values(transition, from: $0 * states) }
    self.transition = padded(weights, with: 0)
    transposed = padded(columns(weights), with: 0)
    self.initial = padded([values(initial)], with: 0)
    self.final = padded([values(final)], with: 0)
    shift = (initial.shiftBase[0] + final.shiftBase[0], transition.shiftBase[0])
    rounds = [self.transition, self.initial, self.final].joined().contains { $0 > 0 && $0 < 1e-17 }
    transitionScores = padded(rows, with: -.infinity)
    transposedScores = padded(columns(rows), with: -.infinity)
    initialScores = padded([scores.initial], with: -.infinity)
  }
}
