/// How a run is trained: all that decides its result beside the model, the data and the first parameters. The number of
/// threads is not here, because it decides nothing.
public struct TrainerOptions: Sendable, Hashable, Codable {
  /// Passes over the training examples. Default 20.
  public var epochs: Int
  /// Sequences in a batch. Default 64: four shards, so that up to four threads have work.
  public var batchSize: Int
  /// Default Adam.
  public var optimizer: OptimizerConfiguration
  /// η₀, from which the schedule starts. Default 10⁻³, Adam's usual.
  public var learningRate: Double
  /// Default constant.
  public var schedule: LearningRateSchedule
  /// Default none.
  public var clipping: GradientClipping
  /// Default `nil`: all epochs are made.
  public var earlyStopping: EarlyStopping?
  /// Of the first parameters, the order of examples and dropout. Default 1.
  public var seed: UInt64
  /// Whether each epoch has an order of its own. Default true.
  public var shuffles: Bool
  /// Default `nil`: the parameters themselves are validated, kept and used. Otherwise their running average is.
  public var averaging: ParameterAveraging?
  /// Whether the parameters of the epoch with the lowest loss are kept. Default true.
  public var keepsBest: Bool
  /// Truncated back-propagation through time: whether the sequences of a batch go on in the states where those of the batch
  /// before ended, which no gradient crosses. An epoch begins with zeros, and so do sequences that
  /// ``SequenceModel/Batch/restarts`` names. Needs a model that does not read ahead, batches of one size, and examples in order
  /// (`shuffles` false). Default false.
  public var carriesState: Bool

  /// Options with the properties' defaults; ``problem`` says what cannot be trained with.
  public init(
    epochs: Int = 20, batchSize: Int = 64, optimizer: OptimizerConfiguration = .adam(),
    learningRate: Double = 1e-3, schedule: LearningRateSchedule = .constant,
    clipping: GradientClipping = .none, earlyStopping: EarlyStopping? = nil, seed: UInt64 = 1,
    shuffles: Bool = true, averaging: ParameterAveraging? = nil, keepsBest: Bool = true,
    carriesState: Bool = false
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.schedule = schedule
    self.clipping = clipping
    self.earlyStopping = earlyStopping
    self.seed = seed
    self.shuffles = shuffles
    self.averaging = averaging
    self.keepsBest = keepsBest
    self.carriesState = carriesState
  }

  /// The first option that cannot be trained with.
  public var problem: OptionProblem? {
    .unlessPositive("epochs", epochs) ?? .unlessPositive("batch size", batchSize)
      ?? .unlessPositive("learning rate", learningRate) ?? optimizer.problem ?? schedule.problem
      ?? clipping.problem ?? earlyStopping?.problem ?? averaging?.problem
      ?? (carriesState && shuffles
        ? OptionProblem(
          "shuffles", found: true, expected: "false where states are carried from batch to batch")
        : nil)
  }
}
