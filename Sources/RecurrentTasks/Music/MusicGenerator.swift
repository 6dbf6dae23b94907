internal import Foundation
internal import Recurrent

/// Continues a piece of music, a frame at a time: each note of the next frame is drawn by its own probability.
///
///     var generator = MusicGenerator(model, prompt: piece.frames.prefix(16), temperature: 0.8)
///     for _ in 0..<64 { frames.append(generator.next()) }
public struct MusicGenerator {
  /// Of P(note) = σ(z / τ): 1 is the model's own distribution, less makes it surer; 0 takes every note with z > 0.
  public let temperature: Double
  /// Of the draws: the same seed gives the same music.
  public let seed: UInt64
  private var stream: InferenceStream<Float>
  private var logits: [Float] = []
  private var drawn = 0

  /// Reads how the piece begins.
  ///
  /// - Parameters:
  ///   - prompt: frames of MIDI numbers; none: the piece begins with what is drawn.
  ///   - temperature: τ, by default 1.
  ///   - seed: by default 1.
  /// - Precondition: every note is on the piano.
  public init(
    _ model: MusicModel, prompt: some Sequence<[Int]>, temperature: Double = 1, seed: UInt64 = 1
  ) {
    self.temperature = temperature
    self.seed = seed
    do {
      stream = try InferenceModel(model.network, parameters: model.parameters).stream()
    } catch {
      preconditionFailure("MusicGenerator: \(error)")  // Neither training nor a folder gives such a model.
    }
    // The frame before the first one, which has no note.
    read([])
    for frame in prompt { read(frame) }
  }

  private mutating func read(_ frame: [Int]) {
    var input = [Float](repeating: 0, count: MusicNetwork.notes)
    for note in frame {
      precondition(
        PianoRoll.piano.contains(note), "MusicGenerator: note \(note) is outside \(PianoRoll.piano)")
      input[note - PianoRoll.piano.lowerBound] = 1
    }
    stream.step(input, into: &logits)
  }

  /// The MIDI numbers of the next frame, ascending.
  public mutating func next() -> [Int] {
    let draws = CounterGenerator(seed: seed, purpose: .sampling, step: UInt64(drawn))
    drawn += 1
    let frame = logits.indices.filter { note in
      let logit = Double(logits[note])
      if temperature == 0 { return logit > 0 }
      return draws.uniform(at: UInt64(note)) < 1 / (1 + exp(-logit / temperature))
    }.map { $0 + PianoRoll.piano.lowerBound }
    read(frame)
    return frame
  }
}
