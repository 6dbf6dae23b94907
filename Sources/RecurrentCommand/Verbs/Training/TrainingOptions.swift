internal import Recurrent
internal import RecurrentTraining

/// The options of a training run, and their meaning.
struct TrainingOptions: Sendable {
  let epochs: Option<Int>
  let batch: Option<Int>
  let optimizer: Option<OptimizerName>
  let rate: Option<Double>
  let weightDecay: Option<Double>
  let momentum: Option<Double>
  let schedule: Option<ScheduleName>
  let factor: Option<Double>
  let every: Option<Int>
  let clip: Option<Double>
  let clipValue: Option<Double?>
  let patience: Option<Int>
  let averaging: Option<Double>
  let seed: Option<UInt64>
  let threads = ThreadCount.option("How many threads compute; they cannot change a result.")

  /// - Parameters:
  ///   - defaults: of the task.
  ///   - examples: what is learned from: "windows".
  init(_ defaults: TrainerOptions, examples: String) {
    epochs = Option(
      "epochs", .integer(in: 1...1_000_000), default: defaults.epochs,
      help: "Passes over the training \(examples).")
    batch = Option(
      "batch", .integer(in: 1...1_000_000), default: defaults.batchSize,
      help: "\(examples.prefix(1).uppercased())\(examples.dropFirst()) in a batch.")
    optimizer = Option(
      "optimizer", .choice(of: OptimizerName.self), default: OptimizerName(defaults.optimizer),
      help:
        "What turns gradients into updates; sparse-adam moves only those rows of embeddings that a batch uses (a tagger walks through all of them to find these)."
    )
    rate = Option(
      "rate", .number(above: 0), default: defaults.learningRate,
      help: "Learning rate at first.")
    weightDecay = Option(
      "weight-decay", .number(in: 0...), default: defaults.optimizer.weightDecay,
      help: "Pulls weights to zero; with adamw apart from the gradient.")
    momentum = Option(
      "momentum", .number(in: 0..<1), default: OptimizerConfiguration.sgd().momentum ?? 0,
      help: "Of sgd, nesterov and rmsprop.")
    schedule = Option(
      "schedule", .choice(of: ScheduleName.self), default: ScheduleName(defaults.schedule),
      help:
        "How the learning rate moves; step and plateau multiply it by --factor, warm-up raises it over \(ScheduleName.warmUpUpdates) updates."
    )
    factor = Option(
      "factor", .number(in: 0...1), default: ReduceOnPlateau().factor,
      help: "Of the schedules step (every --every epochs) and plateau.")
    every = Option(
      "every", .integer(in: 1...1_000_000), default: 10,
      help: "Epochs from one step to the next, of the schedule step.")
    clip = Option(
      "clip", .number(in: 0...), default: defaults.clipping.norm ?? 0,
      help: "Largest norm of the mean gradient; 0: no clipping.")
    clipValue = Option(
      "clip-value", .number(above: 0), absent: "no clipping of elements",
      help: "Largest size of a gradient's element, in place of --clip.")
    patience = Option(
      "patience", .integer(in: 0...1_000_000), default: defaults.earlyStopping?.patience ?? 0,
      help: "Epochs without improvement that end the run before --epochs; 0: all epochs are made.")
    averaging = Option(
      "averaging", .number(in: 0..<1), default: defaults.averaging?.decay ?? 0,
      help: "Decay of the running average of the weights that is judged and kept; 0: the weights themselves.")
    seed = Option(
      "seed", .seed, default: defaults.seed,
      help: "Of first weights, order and dropout; the same seed gives the same bits.")
  }

  var group: OptionGroup {
    OptionGroup(
      "Training", epochs, batch, optimizer, rate, weightDecay, momentum, schedule, factor, every, clip,
      clipValue, patience, averaging, seed, threads)
  }

  func options(_ arguments: ParsedArguments) throws(CommandError) -> TrainerOptions {
    try refuseContradictions(arguments)
    return TrainerOptions(
      epochs: arguments[epochs], batchSize: arguments[batch],
      optimizer: arguments[optimizer].configuration(
        momentum: arguments[momentum], weightDecay: arguments[weightDecay]),
      learningRate: arguments[rate],
      schedule: arguments[schedule].schedule(
        epochs: arguments[epochs], factor: arguments[factor], every: arguments[every]),
      clipping: arguments[clipValue].map { .value($0) }
        ?? (arguments[clip] > 0 ? .norm(arguments[clip]) : .none),
      earlyStopping: arguments[patience] > 0 ? EarlyStopping(patience: arguments[patience]) : nil,
      seed: arguments[seed],
      averaging: arguments[averaging] > 0 ? ParameterAveraging(decay: arguments[averaging]) : nil)
  }

  private func refuseContradictions(_ arguments: ParsedArguments) throws(CommandError) {
    let (name, scheduled) = (arguments[optimizer], arguments[schedule])
    if name == .adam || name == .adamW || name == .sparseAdam {
      try arguments.refuse(
        momentum, circumstance: "with \(arguments.spelled(optimizer)), which has its own",
        remedy: "leave it out, or choose sgd, nesterov or rmsprop")
    }
    if scheduled != .step && scheduled != .plateau {
      try arguments.refuse(
        factor, circumstance: "with \(arguments.spelled(schedule))",
        remedy: "leave it out, or choose step or plateau")
    }
    if scheduled != .step {
      try arguments.refuse(
        every, circumstance: "with \(arguments.spelled(schedule))", remedy: "leave it out, or choose step")
    }
    try arguments.refuseBoth(clip, clipValue, reason: "gradients are clipped in one way")
    try refuseLateSteps(arguments)
    try refuseLatePatience(arguments)
  }

  /// The rate changes after so many whole epochs, and after the last one nothing is learned.
  private func refuseLateSteps(_ arguments: ParsedArguments) throws(CommandError) {
    let last = arguments[epochs]
    guard arguments[schedule] == .step, arguments[every] >= last else { return }
    let advice = last > 1 ? "give an --every of at most \(last - 1), or more --epochs" : "give more --epochs"
    throw .usage(
      "'--schedule step' has no meaning with \(arguments.spelled(every)) and \(arguments.spelled(epochs)), since the rate would never change; \(advice)"
    )
  }

  /// The first epoch is always the best so far, and after the last one there is nothing to end.
  private func refuseLatePatience(_ arguments: ParsedArguments) throws(CommandError) {
    let most = arguments[epochs] - 2
    guard arguments[patience] > max(0, most) else { return }
    let advice =
      most > 0
      ? "give a --patience of at most \(most), or more --epochs" : "leave it out, or give more --epochs"
    throw .usage(
      "'\(arguments.spelled(patience))' has no meaning with \(arguments.spelled(epochs)), since the first epoch is the best so far and the run could not end earlier; \(advice)"
    )
  }
}

/// Optimisers by their names on the command line.
enum OptimizerName: String, CaseIterable, Sendable {
  case sgd, nesterov, rmsprop, adam
  case adamW = "adamw"
  case sparseAdam = "sparse-adam"

  init(_ configuration: OptimizerConfiguration) {
    switch configuration {
    case .sgd(_, let nesterov, _): self = nesterov ? .nesterov : .sgd
    case .rmsprop: self = .rmsprop
    case .adam: self = .adam
    case .adamW: self = .adamW
    case .sparseAdam: self = .sparseAdam
    }
  }

  func configuration(momentum: Double, weightDecay: Double) -> OptimizerConfiguration {
    switch self {
    case .sgd: .sgd(momentum: momentum, weightDecay: weightDecay)
    case .nesterov: .sgd(momentum: momentum, nesterov: true, weightDecay: weightDecay)
    case .rmsprop: .rmsprop(momentum: momentum, weightDecay: weightDecay)
    case .adam: .adam(weightDecay: weightDecay)
    case .adamW: .adamW(weightDecay: weightDecay)
    case .sparseAdam: .sparseAdam(weightDecay: weightDecay)
    }
  }
}

/// Schedules by their names on the command line.
enum ScheduleName: String, CaseIterable, Sendable {
  case constant, step, cosine, plateau
  case warmUp = "warm-up"

  static let warmUpUpdates = 100

  init(_ schedule: LearningRateSchedule) {
    switch schedule {
    case .constant: self = .constant
    case .step: self = .step
    case .cosine: self = .cosine
    case .reduceOnPlateau: self = .plateau
    case .warmUp: self = .warmUp
    }
  }

  func schedule(epochs: Int, factor: Double, every: Int) -> LearningRateSchedule {
    switch self {
    case .constant: .constant
    case .step: .step(every: every, factor: factor)
    case .cosine: .cosine(total: epochs)
    case .plateau: .reduceOnPlateau(ReduceOnPlateau(factor: factor))
    case .warmUp: .warmUp(updates: Self.warmUpUpdates)
    }
  }
}

// The parts that have options of their own; `nil` where there is none.

extension OptimizerConfiguration {
  var weightDecay: Double {
    switch self {
    case .sgd(_, _, let decay), .rmsprop(_, _, _, let decay), .adam(_, _, _, let decay),
      .adamW(_, _, _, let decay), .sparseAdam(_, _, _, let decay):
      decay
    }
  }

  var momentum: Double? {
    switch self {
    case .sgd(let momentum, _, _), .rmsprop(_, _, let momentum, _): momentum
    case .adam, .adamW, .sparseAdam: nil
    }
  }
}

extension LearningRateSchedule {
  var factor: Double? {
    switch self {
    case .step(_, let factor, _): factor
    case .reduceOnPlateau(let rule): rule.factor
    default: nil
    }
  }

  var every: Int? { if case .step(let every, _, _) = self { every } else { nil } }
}

extension GradientClipping {
  /// Of all parameters together; 0: no clipping at all.
  var norm: Double? {
    switch self {
    case .none: 0
    case .norm(let limit): limit
    case .value: nil
    }
  }

  var value: Double? { if case .value(let limit) = self { limit } else { nil } }
}
