import RecurrentCore
import Testing

@Suite("Sequence batches")
struct SequenceBatchTests {
  @Test("feature-first values land at their step, sequence and feature; padding stays zero")
  func featureFirst() {
    let (features, sequences, steps) = (2, 3, 4)
    func value(_ f: Int, _ b: Int, _ t: Int) -> Double { Double(100 * f + 10 * b + t + 1) }
    let values = (0..<features).flatMap { f in
      (0..<sequences).flatMap { b in (0..<steps).map { value(f, b, $0) } }
    }
    let lengths = [4, 0, 2]
    let batch = SequenceBatch(
      featureFirst: values, features: features, batchSize: sequences, steps: steps, lengths: lengths)
    for t in 0..<steps {
      for b in 0..<sequences {
        for f in 0..<features { #expect(batch[t, b, f] == (t < lengths[b] ? value(f, b, t) : 0)) }
      }
    }
  }

  @Test("padding is zeroed, whatever stood there")
  func padding() {
    let batch = SequenceBatch<Float>(
      steps: 3, batchSize: 2, features: 1, values: [1, 2, .nan, 4, .infinity, 6], lengths: [1, 3])
    #expect(batch.values == [1, 2, 0, 4, 0, 6])
  }

  @Test("slices of sequences and of steps keep lengths and identifiers")
  func slices() {
    let batch = SequenceBatch<Double>(
      steps: 3, batchSize: 3, features: 1, values: (1...9).map(Double.init), lengths: [3, 2, 0],
      identifiers: [7, 8, 9])
    #expect(batch.sequences(1..<3).lengths == [2, 0])
    #expect(batch.sequences(1..<3).identifiers == [8, 9])
    #expect(batch.sequences(1..<2).values == [2, 5, 0])
    #expect(batch.steps(1..<3).lengths == [2, 1, 0])
    #expect(batch.sequence(1).values == [2, 5])
    #expect(batch.features(0..<1) == batch)
  }

  @Test(
    "positions refer to each sequence's own end",
    arguments: [
      (SequencePositions.all, [0, 1, 3, 4, 6]), (.last, [4, 6]), (.first, [0, 1]),
      (.firstAndLast, [0, 1, 4, 6]),
      (.mask([[false, true, true], [true, true, true], [true]]), [1, 3, 4, 6]),
    ])
  func positions(_ positions: SequencePositions, _ rows: [Int]) {
    // Rows are t · B + b with B = 3.
    #expect(positions.rows(lengths: [3, 2, 0], steps: 3) == rows)
  }

  @Test("rows stand by step, wherever empty sequences stand")
  func positionsBesideEmptySequences() {
    for lengths in [[3, 0, 2], [0, 3, 0, 1, 2], [2, 0, 0, 2, 0, 1], [0, 0], [1, 0, 1]] {
      for positions in [SequencePositions.all, .last, .first, .firstAndLast] {
        let expected = (0..<3 * lengths.count).filter {
          positions.contains(
            step: $0 / lengths.count, sequence: $0 % lengths.count, length: lengths[$0 % lengths.count])
        }
        #expect(positions.rows(lengths: lengths, steps: 3) == expected, "\(positions), \(lengths)")
      }
    }
  }
}
