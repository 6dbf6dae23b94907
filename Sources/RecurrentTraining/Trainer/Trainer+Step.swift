internal import RecurrentCore
internal import RecurrentNN

extension Trainer {
  /// One update: gradient of the batch's mean loss, clipping, optimiser.
  @specialized(where Model == SequenceModel<Float>)
  @specialized(where Model == SequenceModel<Double>)
  mutating func step() throws(TrainingError) -> TrainingEvent {
    takeIndices()
    let (loss, carried) = try makeGradient()
    let (epoch, batch) = (state.progress.epoch + 1, state.progress.batch + 1)
    if loss.count == 0 && loss.sum == 0 {
      state.progress.batch = batch
      state.carried = carried
      return .skipped(epoch: epoch, batch: batch)
    }
    let norm = workspace.gradients.norm(on: workspace.pool) / Double(loss.count)
    guard loss.sum.isFinite && norm.isFinite else {
      throw .notFinite(diagnose(loss: loss, norm: norm, indices: indices))
    }
    let rate = state.progress.rate
    update(rate: rate, loss: loss, norm: norm)
    state.carried = carried
    state.progress.batch = batch
    state.progress.update += 1
    state.progress.epochLoss = state.progress.epochLoss + loss
    return .step(
      TrainingStep(
        update: state.progress.update, epoch: epoch, batch: batch, loss: loss.mean, gradientNorm: norm,
        rate: rate))
  }

  /// Moves the parameters, in place.
  @specialized(where Model == SequenceModel<Float>)
  @specialized(where Model == SequenceModel<Double>)
  private mutating func update(rate: Double, loss: LossSum, norm: Double) {
    let scale = state.progress.options.clipping.clip(
      &workspace.gradients, count: loss.count, meanNorm: norm)
    packed.releaseValues()
    state.optimizer.update(
      &state.parameters, with: workspace.gradients, rate: rate, gradientScale: scale, pool: workspace.pool)
    packed.update(state.parameters, on: workspace.pool)
    if let rule = state.progress.options.averaging {
      rule.update(&state.average, with: state.parameters, updates: state.progress.update + 1)
    }
  }

  /// The gradient of the batch, begun where the one before it ended if states are carried, and the state where the next one
  /// begins.
  private mutating func makeGradient() throws(TrainingError) -> (LossSum, CarriedState<Model.Scalar>?) {
    let options = state.progress.options
    if let reach = options.reach { return try makeGradient(reach: reach) }
    let batch = source.batch(indices, epoch: state.progress.epoch)
    let loss = workspace.computeGradient(
      continued(batch, from: carriedState), model: model, parameters: packed, mode: runMode,
      threads: threads, passage: try passage(of: batch))
    return (loss, options.carriesState ? workspace.finalState.flatMap(CarriedState.init) : nil)
  }

  /// What the batch begins in, if states are carried; `nil`: zeros.
  var carriedState: LayerState<Model.Scalar>? {
    state.carried.flatMap { carried in
      model.startingState(batchSize: carried.batchSize).flatMap(carried.state(like:))
    }
  }

  func continued(_ batch: Model.Batch, from start: LayerState<Model.Scalar>?) -> Model.Batch {
    start.map { model.continued(batch, from: $0) } ?? batch
  }

  /// Dropout masks are keyed by the updates made so far.
  var runMode: RunMode {
    .training(seed: state.progress.options.seed, update: UInt64(state.progress.update))
  }
}

extension TrainingProgress {
  /// The learning rate of the next update.
  var rate: Double {
    options.schedule.rate(base: options.learningRate, update: update, epoch: epoch, plateau: plateau)
  }
}
