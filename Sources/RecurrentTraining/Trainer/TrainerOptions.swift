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
  /// Whether the parameters of the best epoch are kept, that of the lowest loss or judgement. Default true.
  public var keepsBest: Bool
  /// Whether ``Trainer/judge`` decides which epoch is best, about plateaus and about stopping early; otherwise the validation loss
  /// does, or without validation the training loss. Default false.
  public var isJudged: Bool
  /// Truncated back-propagation through time: whether the sequences of a batch go on in the states where those of the batch
  /// before ended, which no gradient crosses, unless ``reach`` says how far it goes. An epoch begins with zeros, and so do
  /// sequences that ``SequenceModel/Batch/restarts`` names. Needs a model that does not read ahead, batches of one size, and
  /// examples in order (`shuffles` false). Default false.
  public var carriesState: Bool
  /// k₂, the steps that a gradient goes back, where states are carried; `nil`, the default: k₁, the steps of a batch.
  ///
  /// After every k₁ new steps there is one update, of the loss at the new steps alone. With u the last of them,
  ///
  ///     steps          … u − k₂ + 1 ………… u − k₁ + 1 …… u │ u + 1 …          k₁ = 2, k₂ = 5
  ///                  │◀────── again ──────▶│◀── new ──▶│
  ///     state  ─────▶│ no loss of their own │   losses   │ update
  ///     gradient     │◀───────────────────────────────  │
  ///
  ///     Δθ  from  ∂/∂θ Σ loss(t)  over t = u − min(k₁, k₂) + 1 … u,  with the state before step u − k₂ + 1 held constant
  ///
  /// - k₂ > k₁: the k₂ − k₁ steps before the new ones are run again, under the parameters of now, from the state that was carried
  ///   to their beginning, which older parameters made. The gradient of the loss at u goes through k₂ steps, that of the first new
  ///   step through k₂ − k₁ + 1: every loss reaches at least so far. k₁ = 1 gives each loss exactly k₂ steps, at k₂ times the cost.
  /// - k₂ = k₁: the steps go through once, the gradient of the first new step through itself alone.
  /// - k₂ < k₁: only the last k₂ new steps have a loss; the k₁ − k₂ before are run so that the state goes on, and nothing is
  ///   learned from them.
  ///
  /// No gradient and no state goes from one document into another, and a window ends early at the beginning of its document or
  /// of the epoch. The definition is that of BPTT(h; h′) with h = k₂ and h′ = k₁ of Williams and Peng, An efficient gradient-based
  /// algorithm for on-line training of recurrent network trajectories (Neural Computation 2, 1990), except that they keep the
  /// steps' old activations in place of running them again.
  public var reach: Int?
  /// The exact gradient of sequences whose activations memory does not hold; it cannot change a bit. Default `nil`: all steps of
  /// a batch are held at once.
  public var segments: SequenceSegments?

  /// Options with the properties' defaults; ``problem`` says what cannot be trained with.
  public init(
    epochs: Int = 20, batchSize: Int = 64, optimizer: OptimizerConfiguration = .adam(),
    learningRate: Double = 1e-3, schedule: LearningRateSchedule = .constant,
    clipping: GradientClipping = .none, earlyStopping: EarlyStopping? = nil, seed: UInt64 = 1,
    shuffles: Bool = true, averaging: ParameterAveraging? = nil, keepsBest: Bool = true,
    isJudged: Bool = false,
    carriesState: Bool = false, reach: Int? = nil, segments: SequenceSegments? = nil
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
    self.isJudged = isJudged
    self.carriesState = carriesState
    self.reach = reach
    self.segments = segments
  }

  /// How often a run that saves checkpoints has as many numbers in memory as its model has parameters: an estimate, by which
  /// ``SegmentPlan`` tells how much is left for activations.
  ///
  ///     kept         moments (0 … 2) + average (0, 1) + best parameters (0, 1)
  ///     update       6: parameters, packed for both ways, their gradients, the sums of these, room while they are packed
  ///     checkpoint   2 (1 + kept): the tensors' bytes, and the file's
  ///     copies       update + kept + checkpoint            of Adam without an average 17
  public var copiesOfParameters: Int {
    let kept = [
      optimizer.usesFirstMoment, optimizer.usesSecondMoment, averaging != nil, keepsBest,
    ].count { $0 }
    // An average that is packed while it is judged takes two, less than the checkpoint, which is made at another time.
    return 6 + kept + 2 * (1 + kept)
  }

  /// The first option that cannot be trained with.
  public var problem: OptionProblem? {
    .unlessPositive("epochs", epochs) ?? .unlessPositive("batch size", batchSize)
      ?? .unlessPositive("learning rate", learningRate) ?? optimizer.problem ?? schedule.problem
      ?? clipping.problem ?? earlyStopping?.problem ?? averaging?.problem
      ?? carryingProblem ?? segments?.problem
  }

  private var carryingProblem: OptionProblem? {
    if carriesState && shuffles {
      return OptionProblem(
        "shuffles", found: true, expected: "false where states are carried from batch to batch")
    }
    guard let reach else { return nil }
    if carriesState { return .unlessPositive("reach", reach) }
    return OptionProblem(
      "reach", found: reach, expected: "none where no state is carried from batch to batch")
  }
}
