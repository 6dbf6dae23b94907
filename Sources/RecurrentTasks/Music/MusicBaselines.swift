internal import Foundation
public import Recurrent

/// Models of music that need no network: of each note alone, fitted on the pieces that a network learned from.
public struct MusicBaselines: Sendable {
  /// P(note sounds), by note.
  private let constant: [Double]
  /// P(note sounds | it sounded before), by note: `[0]` where it did not, `[1]` where it did.
  private let markov: [[Double]]

  /// Counts notes and what follows them; before a piece nothing sounds. Half an occurrence is added to each outcome, so that
  /// what never occurred is not held for impossible.
  public init(_ pieces: [PianoRoll]) {
    let notes = MusicNetwork.notes
    var (frames, sounding) = (0, [Int](repeating: 0, count: notes))
    var (seen, followed) = (sounding, sounding)
    for piece in pieces {
      Self.forEachFrame(of: piece) { before, now in
        frames += 1
        for note in 0..<notes {
          if before[note] { seen[note] += 1 }
          if now[note] { sounding[note] += 1 }
          if before[note] && now[note] { followed[note] += 1 }
        }
      }
    }
    func share(_ part: Int, _ whole: Int) -> Double { (Double(part) + 0.5) / (Double(whole) + 1) }
    constant = sounding.map { share($0, frames) }
    markov = [
      (0..<notes).map { share(sounding[$0] - followed[$0], frames - seen[$0]) },
      (0..<notes).map { share(followed[$0], seen[$0]) },
    ]
  }

  /// Mean −log P of a frame, in nats: of each note's probability whatever came before, and of each note's probability given
  /// whether it sounded in the frame before.
  public func meanNats(of pieces: [PianoRoll]) -> (constant: Double, markov: Double) {
    var (frames, sums) = (0, (constant: 0.0, markov: 0.0))
    for piece in pieces {
      Self.forEachFrame(of: piece) { before, now in
        frames += 1
        for note in now.indices {
          let probability = markov[before[note] ? 1 : 0][note]
          sums.constant -= log(now[note] ? constant[note] : 1 - constant[note])
          sums.markov -= log(now[note] ? probability : 1 - probability)
        }
      }
    }
    return (sums.constant / Double(frames), sums.markov / Double(frames))
  }

  private static func forEachFrame(of piece: PianoRoll, _ body: (_ before: [Bool], _ now: [Bool]) -> Void) {
    var before = [Bool](repeating: false, count: MusicNetwork.notes)
    for frame in piece.frames {
      var now = [Bool](repeating: false, count: MusicNetwork.notes)
      for note in frame { now[note - PianoRoll.piano.lowerBound] = true }
      body(before, now)
      before = now
    }
  }
}
