import Foundation
import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Connectionist temporal classification against every one of the Vᵀ paths of few steps.
@Suite("Connectionist temporal classification")
struct AlignmentTests {
  /// Sums of up to 3⁵ terms of one sign, each rounded to 1.1e-16.
  private static let tolerance = 1e-13

  /// Every labelling of up to three labels.
  private static func labellings(_ symbols: [Int]) -> [[Int]] {
    var result: [[Int]] = [[]]
    for length in 1...3 {
      result += result.filter { $0.count == length - 1 }.flatMap { own in symbols.map { own + [$0] } }
    }
    return result
  }

  private static func row(_ batch: SequenceBatch<Double>, _ b: Int) -> Matrix<Double> {
    Matrix(
      rows: batch.lengths[b], columns: batch.features,
      elements: (0..<batch.lengths[b]).flatMap { t in (0..<batch.features).map { batch[t, b, $0] } })
  }

  @Test(arguments: [0, 1, 2]) func lossAndGradientAreThoseOfEveryPath(_ blank: Int) {
    var draws = Draws(seed: UInt64(blank))
    let loss = ConnectionistTemporalClassification(blank: blank)
    for labels in Self.labellings([0, 1, 2].filter { $0 != blank }) {
      let logits: SequenceBatch<Double> = draws.batch(lengths: [5, 0, 1, 3, 4], features: 3)
      for b in 0..<5 {
        let own = logits.sequences(b..<b + 1)
        let naive = NaiveAlignments(Self.row(logits, b), blank: blank)
        let made = loss.gradient(own, labels: [labels])
        #expect(made.value == loss.loss(own, labels: [labels]))
        #expect(made.value.count == 1)
        guard let probability = naive.probabilities[labels] else {
          #expect(made.value.sum == .infinity)
          let numbers = made.gradient.values.prefix(own.lengths[0] * 3).filter { !$0.isNaN }
          #expect(numbers.isEmpty)
          continue
        }
        #expect(scaledError([made.value.sum], [-log(probability)]) <= Self.tolerance)
        let softmax = (0..<own.lengths[0]).flatMap { t -> [Double] in
          let weights = Self.row(logits, b).row(t).map { exp($0) }
          return weights.map { $0 / weights.reduce(0, +) }
        }
        let expected = zip(softmax, naive.posterior(of: labels)).map { $0 - $1 }
        let found = Array(made.gradient.values.prefix(expected.count))
        #expect(scaledError(found, expected) <= Self.tolerance)
      }
    }
  }

  @Test func impossibleSequencesCountForNothingWhereThatIsWanted() {
    var draws = Draws(seed: 4)
    let logits: SequenceBatch<Double> = draws.batch(lengths: [3, 2, 0, 4], features: 3)
    let labels = [[1, 1], [2, 2], [1], [1, 2]]
    #expect(ConnectionistTemporalClassification().loss(logits, labels: labels).sum == .infinity)
    let loss = ConnectionistTemporalClassification(zeroInfinity: true)
    let made = loss.gradient(logits, labels: labels)
    let possible = [0, 3].map { loss.loss(logits.sequences($0..<$0 + 1), labels: [labels[$0]]) }
    #expect(made.value == possible[0] + possible[1])
    #expect(made.value.count == 2)
    for t in 0..<2 { for k in 0..<3 { #expect(made.gradient[t, 1, k] == 0) } }
    #expect(made.gradient[0, 0, 0] != 0)
  }

  @Test func aBatchChangesNoBit() {
    var draws = Draws(seed: 6)
    let logits: SequenceBatch<Float> = draws.batch(lengths: [7, 0, 9, 3], features: 5)
    let labels = [[1, 1, 2], [], [4, 3, 2, 4], [2]]
    let loss = ConnectionistTemporalClassification()
    let whole = loss.gradient(logits, labels: labels)
    for b in labels.indices {
      let alone = loss.gradient(logits.sequences(b..<b + 1), labels: [labels[b]])
      for t in 0..<logits.lengths[b] {
        for k in 0..<5 { #expect(alone.gradient[t, 0, k] == whole.gradient[t, b, k]) }
      }
    }
  }

  /// Probabilities of far less than the least number: all in logarithms.
  @Test func longSequencesDoNotUnderflow() {
    var draws = Draws(seed: 7)
    let logits: SequenceBatch<Double> = draws.batch(lengths: [2000], features: 30)
    let labels = [(0..<300).map { 1 + ($0 * 7) % 29 }]
    let made = ConnectionistTemporalClassification().gradient(logits, labels: labels)
    #expect(made.value.sum > 750 && made.value.sum.isFinite)
    // Every row is a difference of two distributions: 30 terms that round to 1e-16.
    for t in 0..<2000 {
      #expect(abs((0..<30).reduce(0) { $0 + made.gradient[t, 0, $1] }) <= 1e-14)
    }
  }

  @Test(arguments: [false, true]) func numbersThatAreNoneShow(_ zeroInfinity: Bool) {
    for value in [Double.nan, .infinity] {
      var draws = Draws(seed: 8)
      var logits: SequenceBatch<Double> = draws.batch(lengths: [4, 4], features: 3)
      logits[2, 0, 1] = value
      let made = ConnectionistTemporalClassification(zeroInfinity: zeroInfinity)
        .gradient(logits, labels: [[1], [1, 2]])
      #expect(made.value.sum.isNaN)
      #expect(made.gradient[0, 0, 0].isNaN && made.gradient[2, 1, 1].isFinite)
    }
  }

  @Test func labelsAreCheckedBeforeTraining() {
    func problem(_ labels: [[Int]], _ lengths: [Int], zero: Bool = false) -> SequenceTargetError? {
      do {
        try ConnectionistTemporalClassification(zeroInfinity: zero)
          .validate(labels, lengths: lengths, symbols: 3)
        return nil
      } catch { return error }
    }
    #expect(problem([[1, 1], [], [2, 1]], [3, 0, 2]) == nil)
    #expect(problem([[1]], []) == .sequences(found: 1, expected: 0))
    #expect(problem([[1, 3]], [9]) == .label(sequence: 0, step: 1, found: 3, count: 3))
    #expect(problem([[1], [2, 0]], [9, 9]) == .blank(sequence: 1, place: 1, blank: 0))
    #expect(problem([[1, 1]], [2]) == .tooFewSteps(sequence: 0, steps: 2, needed: 3))
    #expect(problem([[1, 1]], [2], zero: true) == nil)
  }
}
