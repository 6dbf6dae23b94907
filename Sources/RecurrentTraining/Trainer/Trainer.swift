public import RecurrentCore
public import RecurrentNN

/// Trains a model, one event at a time: an iterator over its own state.
///
///     var trainer = try Trainer(model: model, source: windows, options: TrainerOptions(epochs: 10))
///     while let event = try trainer.next() { … }
///     let parameters = trainer.state.selectedParameters
///
/// The caller owns the loop: it reports, saves ``state`` after any event, or leaves. A trainer made from a saved state
/// goes on to the same bits, and so does one with another number of threads.
public struct Trainer<Model: TrainableModel>: Sendable {
  /// What is trained; it holds no parameters.
  public let model: Model
  /// The examples that are learnt from.
  public let source: any BatchSource<Model.Batch>
  /// The examples that decide about the best epoch; `nil`: the training loss decides.
  public let validation: (any BatchSource<Model.Batch>)?
  /// How many threads may compute; they cannot change a result.
  public let threads: Int
  /// Where the options say ``TrainerOptions/isJudged``: a figure of the parameters after an epoch, averaged where they are; lower
  /// is better. It is no part of ``state``, which only says that there is one: whoever goes on with a run gives it again, and a
  /// run that is to be judged and has no judge ends with an error.
  public var judge: (@Sendable (ParameterStore<Model.Scalar>) -> Double)?
  /// All that decides the rest of the run.
  public internal(set) var state: TrainingState<Model.Scalar>

  // What follows is made from the state, or is room to compute in.
  var packed: PackedParameters<Model.Scalar>
  var workspace: GradientWorkspace<Model.Scalar>
  private var order: [Int] = []
  /// The examples of the batch in work.
  var indices: [Int] = []
  private var orderEpoch: Int?
  private var hasEnded = false
  /// Where windows are longer than batches.
  var recent = RecentBatches<Model.Batch>()

  /// Begins a run.
  ///
  /// - Parameters:
  ///   - source: examples to train on.
  ///   - validation: examples that decide about the best epoch, plateaus and early stopping; `nil`: the training loss
  ///     does.
  ///   - parameters: to start from; `nil`: drawn by the layout's initializers from the options' seed.
  public init(
    model: Model, source: any BatchSource<Model.Batch>, validation: (any BatchSource<Model.Batch>)? = nil,
    options: TrainerOptions, parameters: ParameterStore<Model.Scalar>? = nil, threads: Int = 1
  ) throws(TrainingError) {
    let parameters = parameters ?? ParameterStore(initializing: model.layout, seed: options.seed)
    try self.init(
      model: model, source: source, validation: validation,
      resuming: TrainingState(options: options, exampleCount: source.count, parameters: parameters),
      threads: threads)
  }

  /// Goes on with a run.
  ///
  /// - Throws: ``TrainingError`` where the state cannot be of this model and these data.
  public init(
    model: Model, source: any BatchSource<Model.Batch>, validation: (any BatchSource<Model.Batch>)? = nil,
    resuming state: TrainingState<Model.Scalar>, threads: Int = 1
  ) throws(TrainingError) {
    precondition(threads > 0, "a trainer needs at least one thread, found \(threads)")
    if source.count == 0 { throw .noExamples(source: "training") }
    if let validation, validation.count == 0 { throw .noExamples(source: "validation") }
    if let problem = state.progress.problem { throw .option(problem) }
    if source.count != state.progress.exampleCount {
      throw .otherData(found: source.count, expected: state.progress.exampleCount)
    }
    try state.check(against: model.layout)
    if state.progress.options.carriesState { try Self.checkCarrying(state, model) }
    try Self.checkLongSequences(state.progress.options, model)
    self.model = model
    self.source = source
    self.validation = validation
    self.threads = threads
    self.state = state
    packed = PackedParameters(state.parameters)
    workspace = GradientWorkspace(layout: model.layout)
  }

  /// Makes one update, or ends an epoch, or ends the run; `nil` once it is over.
  ///
  /// - Throws: ``TrainingError/notFinite(_:)`` where a loss or a gradient is NaN or infinite. The state is then what it
  ///   was before.
  public mutating func next() throws(TrainingError) -> TrainingEvent? {
    if state.progress.batch == state.progress.plan.batchCount { return .epoch(try endEpoch()) }
    if let reason = stopReason {
      defer { hasEnded = true }
      return hasEnded ? nil : .stopped(reason)
    }
    return try step()
  }

  /// Why the run is over; `nil` while it is not.
  public var stopReason: StopReason? {
    let progress = state.progress
    if progress.batch > 0 { return nil }
    return progress.stopReason ?? (progress.epoch >= progress.options.epochs ? .epochsCompleted : nil)
  }

  /// Takes the examples of the next batch, in room that is kept.
  mutating func takeIndices() {
    let progress = state.progress
    indices.removeAll(keepingCapacity: true)
    let range = progress.plan.range(ofBatch: progress.batch)
    // Examples in order are their numbers: of a long text a list of them would be as large as the text.
    guard progress.plan.shuffles else { return indices.append(contentsOf: range) }
    if orderEpoch != progress.epoch {
      order = progress.plan.order(epoch: progress.epoch)
      orderEpoch = progress.epoch
    }
    indices.append(contentsOf: order[range])
  }
}
