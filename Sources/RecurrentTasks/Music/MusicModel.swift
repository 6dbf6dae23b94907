public import Recurrent
internal import RecurrentNN

/// A trained model of music: its network and its parameters.
public struct MusicModel: Sendable {
  /// The settings that it was trained with.
  public let configuration: MusicConfiguration
  /// From frames to logits of the notes of the next one.
  public let network: SequenceModel<Float>
  /// Of the network, by slot.
  public let parameters: ParameterStore<Float>

  package init(
    configuration: MusicConfiguration, network: SequenceModel<Float>, parameters: ParameterStore<Float>
  ) {
    self.configuration = configuration
    self.network = network
    self.parameters = parameters
  }

  /// −Σ log P(frame | frames before it) in nats over all frames of some pieces; the count is of frames.
  ///
  /// Each frame's loss is the sum over 88 notes of −y log σ(z) − (1 − y) log(1 − σ(z)); the first frame of a piece is predicted
  /// from a frame of zeros and a state of zeros.
  public func score(_ pieces: [PianoRoll], threads: Int = 1) -> LossSum {
    let execution = ModelExecution(network, pool: WorkerPool(threads: threads))
    let packed = PackedParameters(parameters)
    var total = 0.0
    for first in stride(from: 0, to: pieces.count, by: Self.group) {
      let group = pieces[first..<min(first + Self.group, pieces.count)].map(\.frames)
      total += execution.loss(of: MusicPieces.batch(group), parameters: packed).sum
    }
    return LossSum(sum: total, count: pieces.reduce(0) { $0 + $1.stepCount })
  }

  /// Pieces scored side by side.
  private static let group = 32
}
