public import Recurrent

/// One of the named cases that speed is told by: a network, the size of a batch, and the work that one call is.
///
/// The same cases stand in `Benchmarks/peers/cases.py`, from which other libraries build them; the two must agree.
public struct BenchCase: Sendable, Hashable {
  /// What one call is.
  public enum Work: String, Sendable {
    /// A training step: forward, loss, gradients, clipping where the case has it, update.
    case training = "train"
    /// Whole sequences through a frozen model.
    case sequences = "run"
    /// One step of a stream through a frozen model.
    case stream
  }

  /// What the network reads.
  public enum Input: Sendable, Hashable {
    /// Vectors of so many features.
    case vectors(features: Int)
    /// Symbols in place of one-hot vectors.
    case symbols(vocabulary: Int)
    /// Symbols through an embedding of so many features.
    case embedded(vocabulary: Int, features: Int)
  }

  /// How it is trained.
  public struct Training: Sendable, Hashable {
    /// What outputs are judged by.
    public let loss: Loss
    /// Which updates.
    public let optimizer: OptimizerConfiguration
    /// The learning rate.
    public let rate: Double
    /// Largest norm of the gradient; `nil`, the default: no clipping.
    public var clip: Double?
    /// Whether a step starts from the state that the one before ended in. Default false.
    public var carriesState = false

    package init(
      loss: Loss, optimizer: OptimizerConfiguration, rate: Double, clip: Double? = nil,
      carriesState: Bool = false
    ) {
      self.loss = loss
      self.optimizer = optimizer
      self.rate = rate
      self.clip = clip
      self.carriesState = carriesState
    }
  }

  /// "T1" … "T7", "I1" … "I5".
  public let name: String
  /// The network and the sizes in a few words.
  public let what: String
  /// What one call is.
  public let work: Work
  /// What the network reads.
  public let input: Input
  /// The recurrent layers from below.
  public let layers: [LayerConfiguration]
  /// Outputs of the linear head; `nil`: the top layer's outputs are the outputs.
  public let outputs: Int?
  /// Whether the head has a bias. Default true.
  public let headBias: Bool
  /// Where there are outputs. Default at every step.
  public let positions: SequencePositions
  /// `nil` for a frozen model.
  public var training: Training?
  /// B, sequences.
  public let batch: Int
  /// T, steps of the longest sequence; of a stream, steps in one round.
  public let steps: Int
  /// Steps of the shortest sequence there may be; `nil`, the default: all have ``steps``.
  public let shortest: Int?

  package init(
    name: String, what: String, work: Work, input: Input, layers: [LayerConfiguration], outputs: Int? = nil,
    headBias: Bool = true, positions: SequencePositions = .all, training: Training? = nil, batch: Int,
    steps: Int, shortest: Int? = nil
  ) {
    self.name = name
    self.what = what
    self.work = work
    self.input = input
    self.layers = layers
    self.outputs = outputs
    self.headBias = headBias
    self.positions = positions
    self.training = training
    self.batch = batch
    self.steps = steps
    self.shortest = shortest
  }
}

extension BenchCase {
  /// The case of that name, with capital letters as in the table; `nil` where there is none.
  public init?(named name: String) {
    guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}
