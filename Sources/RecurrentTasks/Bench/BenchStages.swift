public import Recurrent
internal import RecurrentCore
internal import RecurrentNN
internal import RecurrentTraining

/// A part of a training step, again and again: what a step takes less without the rest of it.
public final class BenchStage: BenchProgram {
  /// How far it goes.
  public enum End: String, Sendable, CaseIterable {
    /// Forward and the loss, as in use.
    case loss
    /// And back, to the gradients of all parameters.
    case gradients
  }

  private let end: End
  private let batch: SequenceModel<Float>.Batch
  private let parameters: PackedParameters<Float>
  private let execution: TrainingExecution<Float, SequenceModel<Float>.Batch>
  private var gradients: GradientStore<Float>

  fileprivate init(
    _ end: End, _ network: BenchNetwork, _ data: BenchData, _ parameters: ParameterStore<Float>, threads: Int
  ) {
    guard let targets = data.targets else {
      preconditionFailure("case \(network.benchCase.name) is not trained")
    }
    self.end = end
    batch =
      switch data.input {
      case .values(let input): .init(input: input, targets: targets)
      case .symbols(let input): .init(symbols: input, targets: targets)
      }
    self.parameters = PackedParameters(parameters)
    execution = network.model.execution(on: WorkerPool(threads: threads))
    gradients = GradientStore(zeros: network.layout)
  }

  /// Goes so far once.
  public func call() {
    switch end {
    case .loss: _ = execution.loss(batch, parameters, Passage())
    case .gradients:
      _ = execution.gradient(batch, parameters, .training(seed: 1, update: 0), Passage(), &gradients)
    }
  }
}

extension BenchNetwork {
  /// A training case's work up to there, on these data and from these parameters. Precondition: the case is trained.
  public func stage(
    _ end: BenchStage.End, _ data: BenchData, parameters: ParameterStore<Float>, threads: Int
  ) -> BenchStage { BenchStage(end, self, data, parameters, threads: threads) }
}
