internal import RecurrentCore

/// Emission scores by row, in both forms: logarithms, and weights that are the exponentials of a row less its greatest.
final class ChainTable: Sendable {
  /// Rows R.
  let rows: Int
  /// Whether a weight of zero says that the score is −∞.
  let isExact: Bool
  private let states: Int
  // Written once, here.
  private let scoreRoom = Scratch<Double>()
  private let weightRoom = Scratch<Double>()
  private let shiftRoom = Scratch<Double>()

  /// `[R, K]`.
  var scoreBase: UnsafePointer<Double> { UnsafePointer(scoreRoom.base) }
  /// `[R, K]`: exp(score − shift of the row).
  var weightBase: UnsafePointer<Double> { UnsafePointer(weightRoom.base) }
  /// `[R]`: the greatest score of each row; 0 where all are −∞.
  var shiftBase: UnsafePointer<Double> { UnsafePointer(shiftRoom.base) }

  /// - Parameter scores: `[R, K]`.
  init(_ scores: [Double], states: Int) {
    (rows, self.states) = (scores.count / max(states, 1), states)
    let target = scoreRoom.reserve(scores.count)
    scores.withUnsafeBufferPointer {
      if let base = $0.baseAddress { target.update(from: base, count: scores.count) }
    }
    isExact = Self.weigh(
      target, rows: rows, states: states, into: weightRoom.reserve(scores.count), shiftRoom.reserve(rows))
  }

  /// Weights and shifts of rows of scores; `weights` may be `scores`.
  ///
  /// - Returns: whether a weight of zero says that the score is −∞.
  static func weigh(
    _ scores: UnsafePointer<Double>, rows: Int, states: Int, into weights: UnsafeMutablePointer<Double>,
    _ shifts: UnsafeMutablePointer<Double>
  ) -> Bool {
    // exp(−700) is far above the least normal number.
    var isExact = true
    for row in 0..<rows {
      let own = scores + row * states
      var greatest = -Double.infinity
      for k in 0..<states { greatest = own[k] > greatest ? own[k] : greatest }
      let shift = greatest == -.infinity ? 0 : greatest
      shifts[row] = shift
      let target = weights + row * states
      for k in 0..<states {
        let below = own[k] - shift
        target[k] = below
        if below < -700 && below > -.infinity { isExact = false }
      }
    }
    Double._exp(rows * states, weights, weights)
    return isExact
  }
}
