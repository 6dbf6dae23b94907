import Foundation
import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

@Suite("Decoding of alignments")
struct AlignmentDecodingTests {
  @Test(arguments: [0, 2], 1...5) func aWideBeamIsExact(_ blank: Int, _ steps: Int) {
    var draws = Draws(seed: UInt64(10 * blank + steps))
    let loss = ConnectionistTemporalClassification(blank: blank)
    let logits: SequenceBatch<Double> = draws.batch(lengths: [steps, 0, steps], features: 3)
    // More than the 3⁵ paths, of which each could be a beginning of its own.
    let found = loss.beamSearch(logits, width: 300, count: 300)
    #expect(found[1] == [LabelHypothesis.none])
    for b in [0, 2] {
      let rows = (0..<steps).flatMap { t in (0..<3).map { logits[t, b, $0] } }
      let naive = NaiveAlignments(
        Matrix(rows: steps, columns: 3, elements: rows), blank: blank)
      let expected = naive.probabilities.sorted { $0.value > $1.value }
      #expect(found[b].map(\.labels) == expected.map(\.key))
      // Sums of up to 3⁵ terms of one sign, rounded to 1.1e-16.
      #expect(scaledError(found[b].map(\.logProbability), expected.map { log($0.value) }) <= 1e-13)
      // The same as the loss gives.
      let own = loss.loss(logits.sequences(b..<b + 1), labels: [found[b][0].labels]).sum
      #expect(abs(own + found[b][0].logProbability) <= 1e-13)
    }
  }

  /// A beam that leaves out paths never says more than there is.
  @Test func aNarrowBeamIsABound() {
    var draws = Draws(seed: 31)
    let logits: SequenceBatch<Double> = draws.batch(lengths: [12], features: 5)
    let loss = ConnectionistTemporalClassification()
    var before = -Double.infinity
    for width in [1, 4, 64] {
      let best = loss.beamSearch(logits, width: width)[0][0]
      let exact = -loss.loss(logits, labels: [best.labels]).sum
      #expect(best.logProbability <= exact + 1e-12)
      #expect(width == 1 || exact >= before)
      before = exact
    }
  }

  @Test func greedyJoinsThenDropsBlanks() {
    let path = [0, 1, 1, 0, 1, 2, 2, 0]
    let loss = ConnectionistTemporalClassification()
    #expect(loss.labels(of: path) == [1, 1, 2])
    #expect(ConnectionistTemporalClassification(blank: 1).labels(of: path) == [0, 0, 2, 0])
    var logits = SequenceBatch<Float>(zeros: 8, 3, 3, lengths: [8, 0, 2])
    for (t, symbol) in path.enumerated() { logits[t, 0, symbol] = 1 }
    // Where all are equal, the first counts: the blank.
    #expect(loss.greedyLabels(logits) == [[1, 1, 2], [], []])
  }

  /// The most probable path is all blanks, and the most probable labels are not none.
  @Test func theBeamSumsWhatGreedyDoesNotSee() {
    let row = [0.6, 0.4].map { log($0) }
    let logits = SequenceBatch<Double>(sequences: [[row, row]], features: 2)
    let loss = ConnectionistTemporalClassification()
    #expect(loss.greedyLabels(logits) == [[]])
    let best = loss.beamSearch(logits, width: 4)[0][0]
    #expect(best.labels == [1])
    // 1 − 0.36, from logarithms rounded to 1e-16.
    #expect(abs(exp(best.logProbability) - 0.64) <= 1e-15)
  }
}

extension LabelHypothesis {
  /// No label with certainty.
  fileprivate static var none: LabelHypothesis {
    let empty = SequenceBatch<Double>(zeros: 0, 1, 2)
    return ConnectionistTemporalClassification().beamSearch(empty)[0][0]
  }
}
