public import Recurrent

/// A case, built and ready: one call after another does the same work.
public protocol BenchProgram: AnyObject {
  /// Steps of a stream in one call; else 1.
  var stepsPerCall: Int { get }
  /// Does the work once.
  func call() throws(TrainingError)
  /// Seconds of each step of one more call, of a stream; else none.
  func stepSeconds() -> [Double]
}

extension BenchProgram {
  /// 1.
  public var stepsPerCall: Int { 1 }
  /// None.
  public func stepSeconds() -> [Double] { [] }
}

extension BenchNetwork {
  /// The case's work on these data, from these parameters, on so many threads.
  ///
  /// - Throws: `TrainingError` where the data are not of this case.
  public func program(
    _ data: BenchData, parameters: ParameterStore<Float>, threads: Int
  ) throws(TrainingError) -> any BenchProgram {
    switch benchCase.work {
    case .training: try BenchTraining(self, data, parameters: parameters, threads: threads)
    case .sequences: BenchSequences(self, data, parameters: parameters, threads: threads)
    case .stream: BenchStream(self, data, parameters: parameters, threads: threads)
    }
  }
}

/// Whole sequences through a frozen model: one batch, again and again.
public final class BenchSequences: BenchProgram {
  private let runner: InferenceRunner<Float>
  private let input: SequenceInput<Float>
  /// Of the last call, `[N, Q]`; empty before the first.
  public private(set) var output: [Float] = []

  init(_ network: BenchNetwork, _ data: BenchData, parameters: ParameterStore<Float>, threads: Int) {
    runner = InferenceModel(network.model, parameters: parameters).runner(threads: threads)
    input = data.input
  }

  /// Runs the batch.
  public func call() {
    switch input {
    case .values(let batch): runner.run(batch, into: &output)
    case .symbols(let batch): runner.run(batch, into: &output)
    }
  }
}

/// One stream through the body alone, a step at a time from a state of zeros.
public final class BenchStream: BenchProgram {
  private var stream: InferenceStream<Float>
  private let zeros: LayerState<Float>
  private let inputs: [[Float]]
  /// Of the last step.
  public private(set) var output: [Float]

  /// All steps, from zeros.
  public var stepsPerCall: Int { inputs.count }

  init(_ network: BenchNetwork, _ data: BenchData, parameters: ParameterStore<Float>, threads: Int) {
    guard case .values(let batch) = data.input, batch.batchSize == 1,
      let stream = try? InferenceModel(layer: network.body, parameters: parameters).stream(threads: threads)
    else { preconditionFailure("case \(network.benchCase.name) cannot be streamed") }
    self.stream = stream
    zeros = stream.state
    output = [Float](repeating: 0, count: stream.model.outputSize)
    inputs = (0..<batch.steps).map { Array(batch.values[$0 * batch.features..<($0 + 1) * batch.features]) }
  }

  /// Takes all steps, one after another.
  public func call() {
    stream.state = zeros
    for input in inputs { stream.step(input, into: &output) }
  }

  /// Seconds of each step, on the clock.
  public func stepSeconds() -> [Double] {
    stream.state = zeros
    return inputs.map { input in BenchTiming.seconds { stream.step(input, into: &output) } }
  }
}
