internal import RecurrentCore

/// Where the outputs of each sequence of a batch stand, in room that is kept.
final class SequencePlaces {
  private let firsts = Scratch<Int>()
  private let places = Scratch<Int32>()

  /// - Parameter place: of each of `count` rows, taken by step: where it stands, and its sequence.
  func prepare(count: Int, sequences: Int, _ place: (Int) -> (place: Int, sequence: Int)) {
    let first = firsts.reserve(sequences + 1)
    let places = places.reserve(count)
    // Counted first, then put where the sequences before end.
    first.update(repeating: 0, count: sequences + 1)
    for index in 0..<count { first[place(index).sequence] += 1 }
    var end = 0
    for b in 0...sequences { (first[b], end) = (end, end + first[b]) }
    for index in 0..<count {
      let own = place(index)
      places[first[own.sequence]] = Int32(own.place)
      first[own.sequence] += 1
    }
    for b in stride(from: sequences, to: 0, by: -1) { first[b] = first[b - 1] }
    first[0] = 0
  }

  /// The places of a sequence's outputs, by step.
  subscript(sequence: Int) -> UnsafeBufferPointer<Int32> {
    let first = firsts.base[sequence]
    return UnsafeBufferPointer(start: places.base + first, count: firsts.base[sequence + 1] - first)
  }
}
