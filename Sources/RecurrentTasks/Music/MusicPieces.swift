internal import Recurrent

/// Pieces of music as examples: at every step the next frame is asked for, the first from a frame of zeros.
struct MusicPieces: BatchSource {
  /// A piece, and how many semitones higher it is read.
  private let examples: [(piece: PianoRoll, shift: Int)]

  /// - Parameter transpositions: each piece also so many semitones up and down, where all its notes stay on the piano.
  init(_ pieces: [PianoRoll], transpositions: Int = 0) {
    let piano = PianoRoll.piano
    examples = (-transpositions...transpositions).flatMap { shift in
      pieces.compactMap { piece in
        let notes = piece.frames.joined()
        guard shift == 0 || notes.allSatisfy({ piano.contains($0 + shift) }) else { return nil }
        return (piece, shift)
      }
    }
  }

  var count: Int { examples.count }

  func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    Self.batch(
      indices.map { index in
        let (piece, shift) = examples[index]
        return piece.frames.map { $0.map { $0 + shift } }
      }, identifiers: indices.map(UInt64.init))
  }

  /// Pieces of one batch; what is read is what is asked for, a frame late.
  static func batch(_ pieces: [[[Int]]], identifiers: [UInt64]? = nil) -> SequenceModel<Float>.Batch {
    let (notes, lowest) = (MusicNetwork.notes, PianoRoll.piano.lowerBound)
    let lengths = pieces.map(\.count)
    var input = SequenceBatch<Float>(
      zeros: lengths.max() ?? 0, pieces.count, notes, lengths: lengths, identifiers: identifiers)
    var targets = Matrix<Float>(zeros: lengths.reduce(0, +), notes)
    var row = 0
    for t in 0..<input.steps {
      for (b, piece) in pieces.enumerated() where t < piece.count {
        for note in piece[t] { targets[row, note - lowest] = 1 }
        if t > 0 { for note in piece[t - 1] { input[t, b, note - lowest] = 1 } }
        row += 1
      }
    }
    return SequenceModel.Batch(input: input, targets: .values(targets))
  }
}
