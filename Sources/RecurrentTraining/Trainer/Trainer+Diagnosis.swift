internal import RecurrentCore
internal import RecurrentNN

extension Trainer {
  /// Finds where a loss or a gradient that is not finite comes from. Runs once, when a run stops; speed is no matter.
  func diagnose(loss: LossSum, norm: Double, indices: [Int]) -> NotFinite {
    let batch = state.progress.batch + 1
    // An earlier update may have ruined the parameters; then no example is to blame.
    if let found = state.parameters.firstNotFinite {
      return notFinite(.parameter, found.value, batch: batch, parameter: found.slot.name)
    }
    let slot = workspace.gradients.store.firstNotFinite?.slot
    let inLoss = !loss.sum.isFinite
    let example = indices.first { isNotFinite(example: $0, inLoss: inLoss) }
    return notFinite(
      inLoss ? .trainingLoss : .gradient, inLoss ? loss.sum : norm, batch: batch, parameter: slot?.name,
      example: example,
      origin: example.flatMap {
        origin(in: source.batch([$0], epoch: state.progress.epoch), packed, runMode)
      })
  }

  /// The search holds all steps of the example, so there is none where memory may not.
  private func origin(
    in batch: Model.Batch, _ parameters: PackedParameters<Model.Scalar>, _ mode: RunMode
  ) -> NotFiniteOrigin? {
    if state.progress.options.segments != nil { return nil }
    return model.firstNotFinite(on: batch, parameters: parameters, mode: mode)
  }

  /// The same for a validation loss.
  func diagnose(validationLoss: Double, judged: PackedParameters<Model.Scalar>) -> NotFinite {
    guard let validation else { return notFinite(.validationLoss, validationLoss) }
    let execution = model.makeExecution(on: WorkerPool(threads: 1))
    let options = state.progress.options
    let example = (0..<validation.count).first {
      let batch = validation.batch([$0])
      let passage = Self.passage(of: batch, options, execution?.longSequences)
      let loss = execution?.loss(batch, judged, passage) ?? model.loss(on: batch, parameters: judged)
      return !loss.sum.isFinite
    }
    return notFinite(
      .validationLoss, validationLoss, example: example,
      origin: example.flatMap { origin(in: validation.batch([$0]), judged, .inference) })
  }

  func notFinite(
    _ quantity: NotFinite.Quantity, _ value: Double, batch: Int? = nil, parameter: String? = nil,
    example: Int? = nil, origin: NotFiniteOrigin? = nil
  ) -> NotFinite {
    NotFinite(
      quantity: quantity, value: value, epoch: state.progress.epoch + 1, batch: batch,
      update: state.progress.update + (batch == nil ? 0 : 1), parameter: parameter, example: example,
      origin: origin)
  }

  /// Whether the example, alone in a batch, shows it.
  private func isNotFinite(example: Int, inLoss: Bool) -> Bool {
    var alone = GradientWorkspace<Model.Scalar>(layout: model.layout)
    let batch = source.batch([example], epoch: state.progress.epoch)
    let long = alone.longSequences(of: model, threads: 1)
    let loss = alone.computeGradient(
      batch, model: model, parameters: packed, mode: runMode, threads: 1,
      passage: Self.passage(of: batch, state.progress.options, long))
    return !(inLoss ? loss.sum : alone.gradients.store.norm).isFinite
  }
}

extension ParameterStore {
  /// The first value that is NaN or infinite.
  var firstNotFinite: (slot: ParameterSlot, value: Double)? {
    if norm.isFinite { return nil }
    for slot in layout.slots {
      if let value = values[slot.range].first(where: { !$0.isFinite }) { return (slot, Double(value)) }
    }
    return nil
  }
}
