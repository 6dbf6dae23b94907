import Foundation
import RecurrentCore
import RecurrentHMM
import Testing

/// The kernels, scaled step by step, against the same recursions in logarithms: long, wide, and where weights would fall to
/// zero that are not.
@Suite struct ChainKernelTests {
  private func check(_ scores: ChainScores, _ emission: Matrix<Double>, _ bound: Double) {
    let expected = scores.posteriorInLogarithms(emission)
    let found = scores.posterior(emission)
    guard let expected, let found else {
      #expect(expected == nil && found == nil)
      return
    }
    let steps = Double(max(emission.rows, 1))
    #expect(error(scores.logPartition(emission), expected.logLikelihood) <= bound)
    #expect(error(found.logLikelihood, expected.logLikelihood) <= bound)
    #expect(error(found.states.elements, expected.states.elements) <= bound)
    #expect(
      error(found.transitions.elements.map { $0 / steps }, expected.transitions.elements.map { $0 / steps })
        <= bound)
    let best = scores.bestPath(emission)
    #expect(error(best?.score ?? .nan, scores.total(emission, in: MaxPlus.self)) <= bound)
    if let best { #expect(error(scores.score(of: best.states, emission), best.score) <= bound) }
  }

  /// Rounding of the logarithms' own sums grows with T: 1e-16 of log Z ≈ 2 T at each of T steps, the worst case 1e-13 at 1,000.
  @Test(arguments: [1, 2, 7, 8, 9, 16, 17, 30, 64]) func equalLogarithms(_ states: Int) {
    var draws = Draws(UInt64(states))
    for steps in [1, 2, 3, 50, 1000 / states] {
      for scale in [0.1, 3, 20] {
        let (scores, emission) = draws.chain(states, steps, scale: scale)
        check(scores, emission, 1e-12)
      }
    }
  }

  /// Scores that no weight can hold, in every list.
  @Test func scoresBeyondWeights() {
    var draws = Draws(3)
    for states in [2, 5, 9] {
      for scale in [300.0, 2_000, 1e5] {
        let (scores, emission) = draws.chain(states, 40, scale: scale)
        check(scores, emission, 1e-12)
        // Only what is seen is extreme: states far apart, as of narrow Gaussians.
        let tame = draws.chain(states, 40).scores
        check(tame, emission, 1e-12)
      }
    }
  }

  /// Two chains that never meet. One is 10⁻⁴⁰⁰ of the other before what is seen turns to it: the one that fell to zero as a
  /// weight is all that counts in the end.
  @Test func whatWasLostMayCount() {
    let never = -Double.infinity
    let scores = ChainScores(
      initial: [0, 0], transition: Matrix(rows: 2, columns: 2, elements: [0, never, never, 0]))
    let tenth = log(1e-10)
    let first = [[0, tenth]] + [[Double]](repeating: [0, tenth], count: 39)
    let emission = Matrix(first + [[Double]](repeating: [tenth, 0], count: 80))
    #expect(error(scores.logPartition(emission), 40 * tenth) <= 1e-14)
    check(scores, emission, 1e-12)
    // And the other way round for the way back.
    let reversed = Matrix((0..<emission.rows).reversed().map { emission.row($0) })
    check(scores, reversed, 1e-12)
    // With a way from one to the other nothing is lost.
    var joined = scores
    joined.transition.elements[1] = log(1e-3)
    check(joined, emission, 1e-12)
    check(joined, reversed, 1e-12)
  }

  /// A state that is entered by a weight and a transition which are both small, but together no number: what it was
  /// may still be all that is left.
  @Test func smallTimesSmall() {
    let never = -Double.infinity
    for (start, step) in [(-650.0, -110.0), (-330, -330), (-345, -10), (-100, -690), (-600, -600)] {
      let scores = ChainScores(
        initial: [0, start, never],
        transition: Matrix(rows: 3, columns: 3, elements: [0, never, never, never, 0, step, never, never, 0]))
      let emission = Matrix([[0, 0, 0.0], [0, 0, 0]] + [[Double]](repeating: [-120, -120, 0], count: 10))
      check(scores, emission, 1e-12)
      check(scores, Matrix((0..<emission.rows).reversed().map { emission.row($0) }), 1e-12)
    }
  }

  /// Left to right: a state that can be left only forward, with what is seen against it for a while.
  @Test func leftToRight() {
    let never = -Double.infinity
    let half = log(0.5)
    let scores = ChainScores(
      initial: [0, never, never],
      transition: Matrix(
        rows: 3, columns: 3, elements: [half, half, never, never, half, half, never, never, 0]),
      final: [never, never, 0])
    for size in [1.0, 100, 1_000] {
      let emission = Matrix((0..<60).map { t in [0, -size * Double(t % 7), -size * Double((t * 3) % 5)] })
      check(scores, emission, 1e-12)
    }
  }

  /// More steps than rows are kept of: segments that are made again, at 8, 16 and 200 states.
  @Test func longSequences() {
    var draws = Draws(4)
    for (states, steps) in [(3, 270_000), (10, 140_000), (200, 11_000)] {
      let (scores, emission) = draws.chain(states, steps, scale: 1)
      guard let found = scores.posterior(emission) else {
        Issue.record("nothing possible")
        continue
      }
      if states < 100 {
        // In logarithms every step's rounding is 1e-16 of log Z ≈ T: 1e-11 of it after T steps at random.
        #expect(error(found.logLikelihood, scores.total(emission, in: LogSumExp.self)) <= 1e-11)
      }
      #expect(error(found.logLikelihood, scores.logPartition(emission)) <= 1e-15)
      // The ends of the sequence, and a stretch over a border of segments, from a posterior of their neighbourhood.
      for first in [0, 1_024 * 4 - 60, steps - 120] {
        let part = max(0, first - 150)..<min(steps, first + 270)
        let own = Matrix(part.map { emission.row($0) })
        var local = scores
        if part.lowerBound > 0 { local.initial = [Double](repeating: 0, count: states) }
        if part.upperBound < steps { local.final = [Double](repeating: 0, count: states) }
        guard let expected = local.posterior(own) else { continue }
        for t in first..<first + 120 {
          // Forgotten after 150 steps, whatever stood before.
          #expect(error(found.states.row(t), expected.states.row(t - part.lowerBound)) <= 1e-12)
        }
      }
      #expect(abs(found.transitions.elements.reduce(0, +) - Double(steps - 1)) <= 1e-9 * Double(steps))
      let best = scores.bestPath(emission)
      if states < 100 {
        #expect(error(best?.score ?? .nan, scores.total(emission, in: MaxPlus.self)) <= 1e-12)
      }
      if let best { #expect(error(scores.score(of: best.states, emission), best.score) <= 1e-12) }
    }
  }

  @Test func aSequenceOfNothing() {
    var draws = Draws(5)
    let (scores, emission) = draws.chain(3, 0)
    #expect(scores.logPartition(emission) == 0)
    #expect(scores.posterior(emission)?.states.rows == 0)
    #expect(scores.bestPath(emission) == ChainPath(states: [], score: 0))
    #expect(scores.firstImpossibleStep(emission) == nil)
  }

  /// Shares of 4,000 drawn paths against their probabilities: 4 standard deviations of √(p (1 − p) / n) ≤ 0.008.
  @Test func sampledPathsComeAsOftenAsTheyShould() {
    var draws = Draws(6)
    let (scores, emission) = draws.chain(3, 5, scale: 1)
    let paths = scores.sampledPaths(4_000, emission, using: CounterGenerator(seed: 7, purpose: .sampling))
    let total = scores.logPartition(emission)
    let counts = Dictionary(grouping: paths, by: \.states).mapValues(\.count)
    for path in scores.bestPaths(20, emission) {
      let share = Double(counts[path.states] ?? 0) / 4_000
      #expect(abs(share - exp(path.score - total)) <= 0.032)
    }
    #expect(paths.allSatisfy { error($0.score, scores.score(of: $0.states, emission)) == 0 })
  }
}
