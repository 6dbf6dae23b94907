/// A piece of music as the notes that sound at each step of a grid.
public struct PianoRoll: Sendable, Hashable {
  /// For each step the MIDI numbers of the sounding notes, ascending, each once.
  public let frames: [[Int]]
  /// For each step what each voice sings, nil where it is silent; nil where the file does not keep voices apart.
  public let voices: [[Int?]]?

  /// The keys of a piano, A0 to C8, in MIDI numbers.
  public static let piano = 21...108

  /// Steps.
  public var stepCount: Int { frames.count }

  /// One row a step and one column a note, 1 where it sounds and 0 elsewhere: `[T, notes.count]` row-major.
  ///
  /// - Parameter notes: default: the 88 keys of a piano.
  /// - Precondition: every note of the piece is among them.
  public func multiHot(notes: ClosedRange<Int> = piano) -> [Double] {
    var rows = [Double](repeating: 0, count: frames.count * notes.count)
    for (step, frame) in frames.enumerated() {
      for note in frame {
        precondition(notes.contains(note), "PianoRoll: note \(note) at step \(step) is outside \(notes)")
        rows[step * notes.count + note - notes.lowerBound] = 1
      }
    }
    return rows
  }
}
