internal import RecurrentCore
public import Recurrent
public import RecurrentReports

/// A model's figure beside those of models that need no network, on the same frames.
public struct MusicEvaluation: Codable, Equatable, Sendable {
  /// One model's figure.
  public struct Line: Codable, Equatable, Sendable {
    /// What it is called in tables.
    public let name: String
    /// Mean −log P of a frame, the sum over its notes, in nats.
    public let nats: Double
  }

  /// Pieces that were scored.
  public let pieces: Int
  /// Frames that were asked for: all of them.
  public let frames: Int
  /// Whether the model learned from these pieces, or chose its epoch by them.
  public let isKnown: Bool
  /// The network's own.
  public let model: Line
  /// Each note's constant probability, and each note as a chain of two states, fitted on the training pieces.
  public let baselines: [Line]

  /// Whether the model's figure is below every baseline's.
  public var beatsEveryBaseline: Bool { baselines.allSatisfy { model.nats < $0.nats } }

  /// The figures, the model's first.
  public func table() -> ReportTable {
    var table = ReportTable(
      [.text("model"), .number("nats a frame")],
      caption:
        "\(counted(frames, "frame")) of \(counted(pieces, isKnown ? "piece" : "test piece"))\(isKnown ? " that the model has seen" : "")"
    )
    table.append([model.name, NumberFormat.fixed(3).text(model.nats)], emphasized: true)
    for line in baselines { table.append([line.name, NumberFormat.fixed(3).text(line.nats)]) }
    return table
  }

  /// One sentence.
  public var verdict: String {
    guard let best = baselines.min(by: { $0.nats < $1.nats }) else { return "" }
    let difference = NumberFormat.fixed(3).text(abs(best.nats - model.nats))
    return beatsEveryBaseline
      ? "The network needs \(difference) nats a frame less than the best baseline, \(best.name)."
      : "The network does not beat the best baseline, \(best.name): it needs \(difference) nats a frame more."
  }

  /// The figures for a program.
  package var json: JSONValue {
    func value(_ line: Line) -> JSONValue { ["name": .string(line.name), "nats": .number(line.nats)] }
    return [
      "pieces": .integer(pieces), "frames": .integer(frames), "known": .boolean(isKnown),
      "model": value(model), "baselines": .array(baselines.map(value)),
    ]
  }
}

extension MusicModel {
  /// Scores the model and its baselines.
  ///
  /// - Parameters:
  ///   - pieces: to judge by.
  ///   - baselines: fitted on training pieces.
  ///   - isKnown: whether the model learned from the pieces, or chose its epoch by them.
  public func evaluate(
    _ pieces: [PianoRoll], baselines: MusicBaselines, isKnown: Bool = false, threads: Int = 1
  ) -> MusicEvaluation {
    let own = score(pieces, threads: threads)
    let others = baselines.meanNats(of: pieces)
    return MusicEvaluation(
      pieces: pieces.count, frames: own.count, isKnown: isKnown,
      model: .init(name: "network", nats: own.mean),
      baselines: [
        .init(name: "each note's share of frames", nats: others.constant),
        .init(name: "each note by whether it sounded before", nats: others.markov),
      ])
  }
}
