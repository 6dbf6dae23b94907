package import Recurrent
package import RecurrentTasks

/// The two networks of the published PM2.5 experiment.
package enum PM25Network: String, CaseIterable, Codable, Sendable {
  /// 6 → 4 → 1, tanh, with biases: 49 parameters.
  case single
  /// 6 → 2 → 2 → 1, tanh, no bias anywhere: 26 parameters.
  case deep

  package func model() -> SequenceModel<Float> {
    var layout = ParameterLayout()
    func cell(_ inputs: Int, _ size: Int, bias: Bool, _ name: String) -> any SequenceLayer<Float> {
      RecurrentLayer(
        SimpleRNNCell<Float>(
          inputSize: inputs, hiddenSize: size, bias: bias, initialization: .normalByInputs, named: name,
          in: &layout))
    }
    let body: Stack<Float> =
      switch self {
      case .single: Stack([cell(6, 4, bias: true, "hidden1")])
      case .deep: Stack([cell(6, 2, bias: false, "hidden1"), cell(2, 2, bias: false, "hidden2")])
      }
    let head = Linear<Float>(
      inputSize: body.outputSize, outputSize: 1, bias: self == .single,
      initializer: .normal(standardDeviation: 1 / Double(body.outputSize).squareRoot()), named: "output",
      in: &layout)
    return SequenceModel(
      body: body, positions: .last, head: head, loss: .halfSquaredError, layout: layout)
  }

  /// Published loss and R² at 8, 4, 2 and 1 hours: tables 19-10 and 19-11.
  package var published: [(loss: Double, rSquared: Double)] {
    switch self {
    case .single: [(0.001171, 0.737769), (0.000686, 0.846447), (0.000414, 0.907291), (0.000268, 0.940090)]
    case .deep: [(0.001157, 0.740684), (0.000644, 0.855700), (0.000377, 0.915486), (0.000239, 0.946411)]
    }
  }

  /// Medians of an independent run of the protocol, in NumPy, float64, 20 seeds: what ours are held against.
  package var independentMedians: [Double] {
    switch self {
    case .single: [0.748, 0.857, 0.914, 0.945]
    case .deep: [0.722, 0.847, 0.911, 0.944]
    }
  }

  /// Plain SGD at 0.05, batches of 64, 100 epochs, no clipping; the weights after the last epoch are used.
  static func options(seed: UInt64, epochs: Int) -> TrainerOptions {
    TrainerOptions(
      epochs: epochs, batchSize: 64, optimizer: .sgd(), learningRate: 0.05, seed: seed, keepsBest: false)
  }
}

/// Training windows of the protocol as batches.
struct PM25Examples: BatchSource {
  /// `[rows, 6]`, scaled.
  let values: [Float]
  let windows: Windows
  /// Which windows; drawn with replacement for validation.
  let chosen: [Int]

  init(_ data: PM25Data, _ windows: Windows, chosen: [Int]? = nil) {
    values = data.normalised.values.map(Float.init)
    self.windows = windows
    self.chosen = chosen ?? Array(windows.indices)
  }

  var count: Int { chosen.count }

  func batch(_ indices: [Int]) -> SequenceModel<Float>.Batch {
    let features = PM25Data.names.count
    let firsts = indices.map { windows.rows(chosen[$0]).lowerBound }
    var input: [Float] = []
    input.reserveCapacity(PM25Data.window * indices.count * features)
    for t in 0..<PM25Data.window {
      for first in firsts { input += values[(first + t) * features..<(first + t + 1) * features] }
    }
    let targets = firsts.map { values[($0 + PM25Data.window) * features] }
    return .init(
      input: SequenceBatch(
        steps: PM25Data.window, batchSize: indices.count, features: features, values: input,
        identifiers: indices.map(UInt64.init)),
      targets: .values(Matrix(rows: indices.count, columns: 1, elements: targets)))
  }
}

/// One seed's training under the protocol.
package struct PM25Run: Sendable {
  package let seed: UInt64
  package let scores: [BlockScore]
  package let curve: [EpochRecord]
  /// Of the validation targets, scaled: R² of an epoch is 1 − 2 · loss / variance.
  package let validationVariance: Double
  package let parameters: ParameterStore<Float>

  /// - Parameter epochs: 100 in the protocol.
  package static func train(
    _ network: PM25Network, _ data: PM25Data, seed: UInt64, epochs: Int
  ) throws(TaskError) -> PM25Run {
    let model = network.model()
    let draws = CounterGenerator(seed: seed, purpose: .sampling)
    let drawn = (0..<1000).map { Int(draws.word(at: UInt64($0)) % UInt64(data.training.count)) }
    let state = try taskErrors(TrainingError.self) { () throws(TrainingError) in
      var trainer = try Trainer(
        model: model, source: PM25Examples(data, data.training),
        validation: PM25Examples(data, data.training, chosen: drawn),
        options: PM25Network.options(seed: seed, epochs: epochs))
      while try trainer.next() != nil {}
      return trainer.state
    }
    let parameters = state.parameters
    let scores = try taskErrors(DataError.self) { () throws(DataError) in
      try data.scores(predictor(model, parameters))
    }
    let targets = drawn.map { data.target[data.training.targetRow($0, horizon: 1)] }
    let mean = targets.reduce(0, +) / Double(targets.count)
    let variance = targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(targets.count)
    return PM25Run(
      seed: seed, scores: scores, curve: state.progress.curve,
      validationVariance: variance, parameters: parameters)
  }

  /// Scaled pm2.5 for windows `[count, 24, 6]`.
  package static func predictor(
    _ model: SequenceModel<Float>, _ parameters: ParameterStore<Float>
  ) -> ([Double], Int) -> [Double] {
    let packed = PackedParameters(parameters)
    let features = PM25Data.names.count
    return { inputs, count in
      var values: [Float] = []
      values.reserveCapacity(inputs.count)
      for t in 0..<PM25Data.window {
        for window in 0..<count {
          let first = (window * PM25Data.window + t) * features
          for index in first..<first + features { values.append(Float(inputs[index])) }
        }
      }
      let batch = SequenceBatch(
        steps: PM25Data.window, batchSize: count, features: features, values: values)
      return model.outputs(batch, parameters: packed).outputs.elements.map(Double.init)
    }
  }
}
