public import Recurrent

/// Training steps on one fixed batch.
public final class BenchTraining: BenchProgram {
  private let model: SequenceModel<Float>
  private let batch: FixedBatch
  private var trainer: Trainer<SequenceModel<Float>>
  private let carriesState: Bool

  init(
    _ network: BenchNetwork, _ data: BenchData, parameters: ParameterStore<Float>, threads: Int
  ) throws(TrainingError) {
    guard let training = network.benchCase.training, let targets = data.targets else {
      preconditionFailure("case \(network.benchCase.name) is not trained")
    }
    model = network.model
    batch = FixedBatch(input: data.input, targets: targets)
    carriesState = training.carriesState
    let options = TrainerOptions(
      epochs: .max, batchSize: 1, optimizer: training.optimizer, learningRate: training.rate,
      clipping: training.clip.map { .norm($0) } ?? .none, shuffles: false, keepsBest: false)
    trainer = try Trainer(
      model: model, source: batch, options: options, parameters: parameters, threads: threads)
  }

  /// Makes one update.
  public func call() throws(TrainingError) { _ = try step() }

  /// One update.
  ///
  /// - Returns: the batch's mean loss before it.
  public func step() throws(TrainingError) -> Double {
    while true {
      switch try trainer.next() {
      case .step(let step): return step.loss
      case .epoch: continue
      case let event: preconditionFailure("\(String(describing: event)) in place of an update")
      }
    }
  }

  /// So many updates, each from the state that the one before ended in, where the case carries it. Calls after them start
  /// from where the last ended: the same work as to carry on, without a forward pass more.
  ///
  /// - Returns: the losses before the updates.
  public func firstLosses(_ count: Int) throws(TrainingError) -> [Double] {
    var losses: [Double] = []
    for _ in 0..<count {
      let next = carriesState ? batch.finalState(of: model, trainer.state.parameters) : nil
      losses.append(try step())
      if carriesState { batch.state = next }
    }
    return losses
  }
}

/// The case's one batch, again and again, from the state that was last set. Sent unchecked: the state is set between updates
/// only, by the caller that makes them.
private final class FixedBatch: BatchSource, @unchecked Sendable {
  private let input: SequenceInput<Float>
  private let targets: LossTargets<Float>
  /// Set between updates only.
  var state: LayerState<Float>?

  init(input: SequenceInput<Float>, targets: LossTargets<Float>) {
    (self.input, self.targets) = (input, targets)
  }

  var count: Int { 100_000 }

  func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    switch input {
    case .values(let batch): .init(input: batch, targets: targets, initialState: state)
    case .symbols(let batch): .init(symbols: batch, targets: targets, initialState: state)
    }
  }

  /// The state that a forward pass from the present one ends in.
  func finalState(of model: SequenceModel<Float>, _ parameters: ParameterStore<Float>) -> LayerState<Float> {
    let runner = InferenceModel(model, parameters: parameters).runner()
    var output: [Float] = []
    switch input {
    case .values(let batch): runner.run(batch, from: state, into: &output)
    case .symbols(let batch): runner.run(batch, from: state, into: &output)
    }
    return runner.finalState
  }
}
