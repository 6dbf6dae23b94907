internal import RecurrentCore
internal import RecurrentNN

extension Trainer {
  /// Validates, and decides: best epoch, plateau, early stopping.
  mutating func endEpoch() throws(TrainingError) -> EpochRecord {
    let progress = state.progress
    guard progress.epochLoss.count > 0 else {
      throw .nothingCounted(source: "training", epoch: progress.epoch + 1)
    }
    if let found = state.parameters.firstNotFinite {
      throw .notFinite(notFinite(.parameter, found.value, parameter: found.slot.name))
    }
    let trainingLoss = progress.epochLoss.mean
    let validationLoss = try validate()
    let judgement = try judgement()
    let loss = judgement ?? validationLoss ?? trainingLoss
    let isBest = progress.best.map { loss < $0.loss } ?? true
    state.carried = nil
    let record = EpochRecord(
      epoch: progress.epoch + 1, update: progress.update, rate: progress.lastRate,
      trainingLoss: trainingLoss, validationLoss: validationLoss, judgement: judgement, isBest: isBest)
    note(record)
    return record
  }

  /// What decides in place of the losses; `nil`: they do.
  private func judgement() throws(TrainingError) -> Double? {
    guard state.progress.options.isJudged else { return nil }
    guard let judge else {
      throw .option(
        OptionProblem("isJudged", found: "true, and no judge", expected: "a judge before the epoch ends"))
    }
    let found = judge(state.average ?? state.parameters)
    // A figure of nothing would be lower than none.
    guard found.isFinite else {
      throw .nothingCounted(source: "validation", epoch: state.progress.epoch + 1)
    }
    return found
  }

  /// The loss curve may be long, so it is changed in place.
  private mutating func note(_ record: EpochRecord) {
    state.progress.note(record)
    if record.isBest && state.progress.options.keepsBest {
      state.bestParameters = state.average ?? state.parameters
    }
  }

  private mutating func validate() throws(TrainingError) -> Double? {
    guard let validation else { return nil }
    let judged = state.average.map { PackedParameters($0) } ?? packed
    let long = workspace.longSequences(of: model, threads: threads)
    let options = state.progress.options
    let loss = workspace.loss(
      on: validation, model: model, parameters: judged, threads: threads
    ) { Self.passage(of: $0, options, long) }
    guard loss.sum.isFinite else {
      throw .notFinite(diagnose(validationLoss: loss.sum, judged: judged))
    }
    guard loss.count > 0 else {
      throw .nothingCounted(source: "validation", epoch: state.progress.epoch + 1)
    }
    return loss.mean
  }
}

extension TrainingProgress {
  /// Moves on to the next epoch.
  mutating func note(_ record: EpochRecord) {
    let loss = record.decidingLoss
    curve.append(record)
    if record.isBest { best = BestEpoch(epoch: record.epoch, loss: loss) }
    options.schedule.plateauRule?.observe(loss, base: options.learningRate, state: &plateau)
    if let rule = options.earlyStopping, rule.observe(loss, state: &stopping) {
      stopReason = .noImprovement(epochs: stopping.epochsWithout)
    }
    epoch += 1
    batch = 0
    epochLoss = LossSum()
  }

  /// The learning rate of the last update.
  var lastRate: Double {
    options.schedule.rate(base: options.learningRate, update: update - 1, epoch: epoch, plateau: plateau)
  }
}
