public import Recurrent

/// Everything that decides a model of music: how the file is read, the network, the training. Every default stands here, the
/// command's among them, and the whole is stored beside the model.
public struct MusicConfiguration: Codable, Equatable, Sendable {
  /// What the numbers of a step in the file are: the notes that sound.
  public var form = PianoRollFile.Form.notes
  /// Training pieces are also learned from so many semitones higher and lower, as far as they stay on the piano; pieces that
  /// choose the epoch and pieces that judge stay as they are. Default 0.
  public var transpositions = 0

  // MARK: Network
  /// The recurrent layers, from below to above; all of them forward.
  public var layers: [LayerConfiguration] = [.recurrent(CellConfiguration(.lstm, size: 200))]
  /// Rate of dropout on the notes that are read and below the output, in training.
  public var dropout = 0.1
  /// What that dropout zeroes together; `nil`: each element by itself.
  public var dropoutUnit: DropoutUnit?

  // MARK: Training
  /// 15 epochs of AdamW in batches of 2 pieces, the rate falling along a cosine from 10⁻². The loss is a mean over notes, so
  /// its gradient is 88 times smaller than that of a frame; it is clipped to norm 0.05.
  public var training = TrainerOptions(
    epochs: Self.epochs, batchSize: 2, optimizer: .adamW(), learningRate: 1e-2,
    schedule: .cosine(total: Self.epochs), clipping: .norm(0.05))
  private static let epochs = 15

  /// The most semitones that pieces are moved.
  public static let mostTranspositions = 12

  /// The defaults.
  public init() {}

  /// Whether any layer reads from the end.
  public var readsAhead: Bool { layers.contains(where: \.readsAhead) }
}
