import RecurrentNN
import Testing

/// The rule by which threads share a batch, whose decisions no result shows: only here is it seen that they share at all.
@Suite struct WorkSharingTests {
  /// Layers that are worth meeting for.
  private func work(parts: Int) -> LayerWork {
    LayerWork(weights: 1 << 20, weightsPerStep: 1 << 19, unitParts: parts)
  }

  private func sharing(_ threads: Int) -> WorkSharing { WorkSharing(threads: threads, wakingCost: 1 << 17) }

  @Test func manySequencesAreOwned() {
    for (threads, sequences, owners) in [(2, 32, 2), (2, 8, 2), (16, 64, 16), (3, 128, 3), (8, 33, 8)] {
      #expect(
        sharing(threads).owners(sequences: sequences, rows: 20 * sequences, steps: 20, work(parts: 8))
          == owners)
    }
  }

  /// (threads, sequences, parts of the units) → (groups, workers)
  @Test(arguments: [
    (2, 1, 8, 1, 2), (2, 4, 16, 1, 2), (16, 32, 8, 4, 4), (16, 32, 2, 8, 2), (16, 1, 8, 1, 8),
    (3, 7, 8, 1, 3),
  ])
  func fewSequencesAreCut(threads: Int, sequences: Int, parts: Int, groups: Int, workers: Int) throws {
    let sharing = sharing(threads)
    let cut = try #require(sharing.cut(sequences: sequences, steps: 20, work(parts: parts)))
    #expect(cut.groups == groups && cut.workers == workers)
    #expect(sharing.owners(sequences: sequences, rows: 20 * sequences, steps: 20, work(parts: parts)) == 1)
  }

  /// Units that cannot be cut: two sequences a thread.
  @Test func otherSizesAreOwnedByTwo() {
    #expect(sharing(4).owners(sequences: 6, rows: 120, steps: 20, work(parts: 1)) == 3)
    #expect(sharing(2).cut(sequences: 3, steps: 20, work(parts: 1)) == nil)
  }

  @Test func whatIsSmallStaysWithOne() {
    let small = LayerWork(weights: 40, weightsPerStep: 8, unitParts: 4)
    #expect(sharing(4).owners(sequences: 64, rows: 64 * 24, steps: 24, small) == 1)
    #expect(sharing(4).cut(sequences: 2, steps: 24, small) == nil)
    // Many inputs to few units: they are multiplied before the steps, at which there is little to do.
    let inputs = LayerWork(weights: 1 << 18, weightsPerStep: 1 << 14, unitParts: 2)
    #expect(sharing(2).cut(sequences: 1, steps: 100, inputs) == nil)
    #expect(sharing(2).cut(sequences: 1, steps: 1, inputs) != nil)
  }

  @Test func aCutNeedsNoMoreThreadsThanThereAre() {
    for threads in 1...20 {
      for sequences in 1...70 {
        for parts in [1, 2, 3, 8, 100] {
          guard let cut = sharing(threads).cut(sequences: sequences, steps: 5, work(parts: parts)) else {
            continue
          }
          #expect(cut.count <= threads && cut.workers <= parts && cut.groups <= sequences)
        }
      }
    }
  }

  /// No share has more than a longest sequence above its part of all steps.
  @Test(arguments: [[60, 50, 40, 30, 20, 10, 5, 5], [1, 1, 1, 100, 1, 1], [0, 0, 7], [3, 3, 3, 3, 3]])
  func sharesHaveAboutAsManySteps(lengths: [Int]) throws {
    let rows = lengths.reduce(0, +)
    let longest = try #require(lengths.max())
    for shares in 1...4 {
      var next = 0
      for share in 0..<shares {
        let own = WorkSharing.sequences(ofShare: share, among: shares, lengths: lengths, rows: rows)
        #expect(own.lowerBound == next)
        next = own.upperBound
        #expect(lengths[own].reduce(0, +) <= rows / shares + longest)
      }
      #expect(next == lengths.count)
    }
    for share in 0..<3 {
      let own = WorkSharing.sequences(ofShare: share, among: 3, lengths: lengths, rows: rows, unit: 2)
      #expect(own.lowerBound % 2 == 0 && (own.upperBound % 2 == 0 || own.upperBound == lengths.count))
    }
  }
}
