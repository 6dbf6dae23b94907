/// What a trainer has just done. Epochs, batches and updates are counted from 1 here.
public enum TrainingEvent: Sendable, Hashable {
  /// An update was made.
  case step(TrainingStep)
  /// A batch without a single output to learn from (nothing but empty or ignored sequences): no update was made.
  case skipped(epoch: Int, batch: Int)
  /// An epoch ended, its validation included.
  case epoch(EpochRecord)
  /// The last event of a run.
  case stopped(StopReason)
}

/// One update.
public struct TrainingStep: Sendable, Hashable, Codable {
  /// Since the run's start.
  public let update: Int
  /// The epoch it belongs to.
  public let epoch: Int
  /// Within the epoch.
  public let batch: Int
  /// The batch's mean loss, before the update.
  public let loss: Double
  /// ‖mean gradient‖, before clipping.
  public let gradientNorm: Double
  /// The learning rate it was made with.
  public let rate: Double

  /// A record that was kept elsewhere.
  public init(update: Int, epoch: Int, batch: Int, loss: Double, gradientNorm: Double, rate: Double) {
    self.update = update
    self.epoch = epoch
    self.batch = batch
    self.loss = loss
    self.gradientNorm = gradientNorm
    self.rate = rate
  }
}

/// One epoch of the loss curve.
public struct EpochRecord: Sendable, Hashable, Codable {
  /// Counted from 1.
  public let epoch: Int
  /// Updates made since the run's start.
  public let update: Int
  /// The learning rate of the epoch's last update.
  public let rate: Double
  /// The mean over the epoch of each batch's loss before its update, every term weighing the same.
  public let trainingLoss: Double
  /// The mean over the validation examples after the epoch, without dropout.
  public let validationLoss: Double?
  /// What decided in place of the losses, where ``Trainer/judge`` did; lower is better.
  public let judgement: Double?
  /// Whether no epoch before had as low a loss, or judgement.
  public let isBest: Bool

  /// A record that was kept elsewhere.
  public init(
    epoch: Int, update: Int, rate: Double, trainingLoss: Double, validationLoss: Double?,
    judgement: Double? = nil, isBest: Bool
  ) {
    self.epoch = epoch
    self.update = update
    self.rate = rate
    self.trainingLoss = trainingLoss
    self.validationLoss = validationLoss
    self.judgement = judgement
    self.isBest = isBest
  }

  /// What decides about best epoch, plateau and early stopping: the judgement, the validation loss, or without either the training
  /// loss.
  public var decidingLoss: Double { judgement ?? validationLoss ?? trainingLoss }
}

/// Why a run is over.
public enum StopReason: Sendable, Hashable, Codable {
  /// All epochs are made.
  case epochsCompleted
  /// Early stopping: no improvement in the last `epochs`.
  case noImprovement(epochs: Int)
}
