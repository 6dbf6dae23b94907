internal import RecurrentCore
internal import RecurrentNN

extension Trainer {
  /// Whether the model can do what the options ask of long sequences.
  static func checkLongSequences(_ options: TrainerOptions, _ model: Model) throws(TrainingError) {
    if options.reach == nil && options.segments == nil { return }
    let long = model.makeExecution(on: WorkerPool(threads: 1))?.longSequences
    if let reach = options.reach {
      let problem = long == nil ? "a model whose batches stand alone" : long?.windowProblem()
      if let problem { throw .option(reachProblem(reach, found: problem)) }
    }
    if options.segments != nil {
      let problem = long == nil ? "the model's batches stand alone" : long?.segmentProblem()
      if let problem {
        throw .option(
          OptionProblem("segments", found: "some, but \(problem)", expected: "none: all steps held at once"))
      }
    }
  }

  /// Whether the model can carry states, and the saved one is of its layers.
  static func checkCarrying(
    _ state: TrainingState<Model.Scalar>, _ model: Model
  ) throws(TrainingError) {
    let size = state.progress.options.batchSize
    guard let start = model.startingState(batchSize: size), !start.components.isEmpty,
      model.makeExecution(on: WorkerPool(threads: 1)) != nil
    else {
      throw .option(
        OptionProblem(
          "carriesState", found: true,
          expected: "false of a model that reads ahead, or whose batches stand alone"))
    }
    if state.progress.exampleCount % size != 0 {
      throw .option(
        OptionProblem(
          "batch size", found: size,
          expected: "a divisor of the \(state.progress.exampleCount) examples, since states are carried"))
    }
    if let carried = state.carried, carried.batchSize != size || carried.state(like: start) == nil {
      throw .otherModel(found: "a carried state of other layers", expected: "one of the model's")
    }
  }
}

extension TrainingState {
  /// Whether the stores have the model's slots, and the optimiser its moments.
  func check(against layout: ParameterLayout) throws(TrainingError) {
    try Self.compare(layout, with: parameters.layout)
    for store in [optimizer.firstMoment, optimizer.secondMoment, average, bestParameters] {
      if let store { try Self.compare(layout, with: store.layout) }
    }
    let configuration = optimizer.configuration
    guard configuration == progress.options.optimizer else {
      throw .otherModel(
        found: "moments of \(configuration)", expected: "moments of \(progress.options.optimizer)")
    }
    guard (optimizer.firstMoment != nil) == configuration.usesFirstMoment,
      (optimizer.secondMoment != nil) == configuration.usesSecondMoment, optimizer.steps >= 0
    else {
      throw .otherModel(found: "other moments", expected: "those of \(configuration)")
    }
  }

  private static func compare(
    _ found: ParameterLayout, with expected: ParameterLayout
  ) throws(TrainingError) {
    for (index, slot) in expected.slots.enumerated() {
      guard index < found.slots.count else {
        throw .otherModel(found: "\(found.slots.count) parameters", expected: slot.title)
      }
      let other = found.slots[index]
      if other.name != slot.name || other.rows != slot.rows || other.columns != slot.columns {
        throw .otherModel(found: other.title, expected: slot.title)
      }
    }
    if found.slots.count > expected.slots.count {
      throw .otherModel(
        found: found.slots[expected.slots.count].title, expected: "\(expected.slots.count) parameters")
    }
  }
}

extension ParameterSlot {
  fileprivate var title: String { "parameter '\(name)' [\(rows), \(columns)]" }
}
