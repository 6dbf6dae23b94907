internal import Recurrent

/// A case, built and ready.
struct CaseProgram {
  /// First three losses, or a checksum of the output: computed before any call.
  let check: [Double]
  /// Steps of a stream in one call; else 1.
  let steps: Int
  /// Seconds of each step of one more call, of a stream.
  let stepSeconds: (() -> [Double])?
  let call: () throws -> Void

  init(_ named: NamedCase, threads: Int) throws {
    let model = try CaseModel(named)
    self =
      switch named.kind {
      case .train: try Self.training(named, model, threads: threads)
      case .run: try Self.inference(named, model, threads: threads)
      case .stream: try Self.streaming(named, model, threads: threads)
      }
  }

  private init(
    check: [Double], steps: Int = 1, stepSeconds: (() -> [Double])? = nil, call: @escaping () throws -> Void
  ) {
    self.check = check
    self.steps = steps
    self.stepSeconds = stepSeconds
    self.call = call
  }
}

// MARK: - Inference

extension CaseProgram {
  /// Whole sequences: one batch, again and again.
  private static func inference(_ named: NamedCase, _ made: CaseModel, threads: Int) throws -> CaseProgram {
    let model = InferenceModel(try made.sequenceModel(named), parameters: made.parameters)
    let runner = model.runner(threads: threads)
    let input = try named.vectors()
    var output: [Float] = []
    runner.run(input, into: &output)
    return CaseProgram(check: [try checksum(output, named)]) { runner.run(input, into: &output) }
  }

  /// One stream, a step at a time from a state of zeros.
  private static func streaming(_ named: NamedCase, _ made: CaseModel, threads: Int) throws -> CaseProgram {
    let model = InferenceModel(layer: made.body, parameters: made.parameters)
    var stream = try model.stream(threads: threads)
    let zeros = stream.state
    let (steps, features) = (try named.size("steps"), try named.size("features"))
    let values = try named.file.floats(named: "x")
    let inputs = (0..<steps).map { Array(values[$0 * features..<($0 + 1) * features]) }
    var output = [Float](repeating: 0, count: model.outputSize)
    let call = {
      stream.state = zeros
      for input in inputs { stream.step(input, into: &output) }
    }
    call()
    let check = [try checksum(output, named)]
    let stepSeconds = {
      stream.state = zeros
      return inputs.map { input in Clock.wall.seconds(calls: 1) { stream.step(input, into: &output) } }
    }
    return CaseProgram(check: check, steps: steps, stepSeconds: stepSeconds, call: call)
  }

  /// The dot product with the file's fixed vector, over √size.
  private static func checksum(_ output: [Float], _ named: NamedCase) throws -> Double {
    let weights = try named.file.doubles(named: "checksum.weights")
    guard weights.count == output.count else {
      throw CaseError("\(named.name): \(output.count) numbers of output, expected \(weights.count)")
    }
    return zip(output, weights).reduce(0) { $0 + Double($1.0) * $1.1 } / Double(output.count).squareRoot()
  }
}

// MARK: - Training

extension CaseProgram {
  /// Forward, loss, gradients, clipping and update on one fixed batch.
  private static func training(_ named: NamedCase, _ made: CaseModel, threads: Int) throws -> CaseProgram {
    let model = try made.sequenceModel(named)
    let source = try CaseBatch(named)
    let clip = try named.number("clip")
    let options = TrainerOptions(
      epochs: .max, batchSize: 1, optimizer: try named.text("optimizer") == "adam" ? .adam() : .sgd(),
      learningRate: try named.number("rate"), clipping: clip > 0 ? .norm(clip) : .none, shuffles: false,
      keepsBest: false)
    var trainer = try Trainer(
      model: model, source: source, options: options, parameters: made.parameters, threads: threads)
    func step() throws -> Double {
      while true {
        switch try trainer.next() {
        case .step(let step): return step.loss
        case .epoch: continue
        case let event: throw CaseError("\(named.name): \(String(describing: event)) in place of an update")
        }
      }
    }
    let carries = try named.holds("carries_state")
    var losses: [Double] = []
    for _ in 0..<3 {
      let next = carries ? source.finalState(of: model, trainer.state.parameters) : nil
      losses.append(try step())
      // Updates after these three start from the third's state: the same work as from the state of the one before.
      if carries { source.state = next }
    }
    return CaseProgram(check: losses) { consume(try step()) }
  }
}

/// The case's one batch, again and again, from the state that was last set.
private final class CaseBatch: BatchSource, @unchecked Sendable {
  private enum Input {
    case vectors(SequenceBatch<Float>)
    case symbols(SymbolBatch)
  }
  private let input: Input
  private let targets: LossTargets<Float>
  /// Set between updates only.
  var state: LayerState<Float>?

  init(_ named: NamedCase) throws {
    input = try named.holds("symbols") ? .symbols(named.symbols()) : .vectors(named.vectors())
    targets = try named.targets()
  }

  var count: Int { 100_000 }

  func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    switch input {
    case .vectors(let batch): .init(input: batch, targets: targets, initialState: state)
    case .symbols(let batch): .init(symbols: batch, targets: targets, initialState: state)
    }
  }

  /// The state that a forward pass from the present one ends in.
  func finalState(of model: SequenceModel<Float>, _ parameters: ParameterStore<Float>) -> LayerState<Float> {
    let runner = InferenceModel(model, parameters: parameters).runner()
    var output: [Float] = []
    switch input {
    case .vectors(let batch): runner.run(batch, from: state, into: &output)
    case .symbols(let batch): runner.run(batch, from: state, into: &output)
    }
    return runner.finalState
  }
}
