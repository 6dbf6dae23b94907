public import RecurrentCore
public import RecurrentNN

/// Everything that decides the rest of a run: load it, and the run goes on to the same bits.
public struct TrainingState<Scalar: TensorScalar>: Sendable, Hashable, Codable {
  /// Options, counters, decisions and the loss curve.
  public internal(set) var progress: TrainingProgress
  /// After the latest update.
  public internal(set) var parameters: ParameterStore<Scalar>
  /// With its moments.
  public internal(set) var optimizer: Optimizer<Scalar>
  /// The running average of the parameters, where the options ask for one.
  public internal(set) var average: ParameterStore<Scalar>?
  /// The parameters after the epoch with the lowest loss; `nil` before the first epoch ends, or where they are not kept.
  public internal(set) var bestParameters: ParameterStore<Scalar>?
  /// What the next batch goes on from; `nil` at the beginning of an epoch, or where states are not carried.
  public internal(set) var carried: CarriedState<Scalar>?

  init(options: TrainerOptions, exampleCount: Int, parameters: ParameterStore<Scalar>) {
    progress = TrainingProgress(options: options, exampleCount: exampleCount)
    self.parameters = parameters
    optimizer = Optimizer(options.optimizer, layout: parameters.layout)
    average = options.averaging == nil ? nil : parameters
  }

  init(
    progress: TrainingProgress, parameters: ParameterStore<Scalar>, optimizer: Optimizer<Scalar>,
    average: ParameterStore<Scalar>?, bestParameters: ParameterStore<Scalar>?,
    carried: CarriedState<Scalar>? = nil
  ) {
    self.progress = progress
    self.parameters = parameters
    self.optimizer = optimizer
    self.average = average
    self.bestParameters = bestParameters
    self.carried = carried
  }

  /// The parameters to use: of the best epoch where they are kept, else the latest; averaged where they are.
  public var selectedParameters: ParameterStore<Scalar> { bestParameters ?? average ?? parameters }

  /// Sets how many epochs the whole run shall have: with more of them, a finished run goes on as if it had been asked
  /// for so many at first. No other option can change without making it another run.
  public mutating func setEpochs(_ epochs: Int) { progress.options.epochs = epochs }
}

/// The small part of a ``TrainingState``: options, counters, decisions and the loss curve.
public struct TrainingProgress: Sendable, Hashable, Codable {
  /// What the run was begun with; only the number of epochs can change.
  public internal(set) var options: TrainerOptions
  /// Training examples; a run can only go on with as many.
  public let exampleCount: Int
  /// Whole epochs made.
  public internal(set) var epoch = 0
  /// Batches of the next epoch that are made already.
  public internal(set) var batch = 0
  /// Updates made.
  public internal(set) var update = 0
  /// The loss of these batches.
  public internal(set) var epochLoss = LossSum()
  /// What the schedule's plateau rule remembers.
  public internal(set) var plateau = PlateauState()
  /// What early stopping remembers.
  public internal(set) var stopping = EarlyStoppingState()
  /// The epoch with the lowest loss, the earliest of equals.
  public internal(set) var best: BestEpoch?
  /// One record for each whole epoch.
  public internal(set) var curve: [EpochRecord] = []
  /// Set by early stopping; a run that has made all its epochs is over without it.
  public internal(set) var stopReason: StopReason?

  init(options: TrainerOptions, exampleCount: Int) {
    self.options = options
    self.exampleCount = exampleCount
  }

  /// The batches of this run.
  public var plan: BatchPlan {
    BatchPlan(
      count: exampleCount, batchSize: options.batchSize, seed: options.seed, shuffles: options.shuffles)
  }

  /// What no run could have come to; counters from outside are not to be trusted.
  var problem: OptionProblem? {
    if let problem = options.problem { return problem }
    if let problem = countProblem { return problem }
    if exampleCount < 1 { return .unlessPositive("exampleCount", exampleCount) }
    if !(0...plan.batchCount ~= batch) {
      return OptionProblem("batch", found: batch, expected: "0 ... \(plan.batchCount)")
    }
    if curve.count != epoch {
      return OptionProblem(
        "curve", found: "\(curve.count) records", expected: "\(epoch), one for each epoch made")
    }
    return nil
  }

  private var countProblem: OptionProblem? {
    let counts = [
      ("exampleCount", exampleCount), ("epoch", epoch), ("batch", batch), ("update", update),
      ("epochLoss.count", epochLoss.count), ("plateau.cooldownLeft", plateau.cooldownLeft),
      ("plateau.badEpochs", plateau.badEpochs), ("stopping.epochsWithout", stopping.epochsWithout),
      ("best.epoch", best?.epoch ?? 0),
    ]
    let recorded = curve.flatMap { [("curve.epoch", $0.epoch), ("curve.update", $0.update)] }
    return (counts + recorded).lazy.compactMap { .unlessCount($0, $1) }.first
  }
}

/// Which epoch, counted from 1, had the lowest loss.
public struct BestEpoch: Sendable, Hashable, Codable {
  /// Counted from 1.
  public let epoch: Int
  /// Its deciding loss.
  public let loss: Double
}
