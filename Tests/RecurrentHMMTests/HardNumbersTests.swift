import Foundation
import RecurrentCore
import RecurrentHMM
import Testing

/// Numbers at the edges of what a double can hold, and of what a parameter may be.
@Suite struct HardNumbersTests {
  /// Three states that never meet: one that is believed in until a late step rules it out, one that cannot be and explains what
  /// comes best, and the one it is. In the middle forward and backward weights are apart by more than a double spans, which
  /// shows only when the first segments have been handed out. Every step is handed out once.
  @Test func streamIsHandedOutOnce() throws {
    let model = try HiddenMarkovModel(
      initial: [0.5, 0, 0.5], transition: Matrix([[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
      emission: CategoricalEmission(Matrix([[0.05, 0.05, 0.9], [0.05, 0.9, 0.05], [0.95, 0.05, 0]])))
    // So long that it is cut into segments.
    var symbols = [Int?](repeating: nil, count: 270_000)
    for t in 0..<150 { (symbols[200_000 + t], symbols[200_150 + t]) = (0, 1) }
    symbols[200_300] = 2
    var (next, parts) = (0, 0)
    let total = try model.streamPosterior(SymbolSequence(symbols)) { steps, posterior in
      #expect(steps.lowerBound == next && posterior.rows == steps.count)
      // Rounding of the logarithms of 300 steps.
      #expect((0..<steps.count).allSatisfy { abs(posterior[$0, 0] - 1) < 1e-12 })
      (next, parts) = (steps.upperBound, parts + 1)
    }
    #expect(next == symbols.count && parts > 1)
    #expect(abs(total - (log(0.5) + 300 * log(0.05) + log(0.9))) < 1e-9)
  }
}
