public import RecurrentCore

/// One network with a batch to check its gradients on, all drawn from its name.
///
/// The input has 4 features, the batch as many sequences as there are lengths, the initial state is not zero. Values
/// are read by a linear head of 2 outputs, classes and labels by one of 4; half the squared error is taken of the body's
/// outputs.
public struct GradientCheckCase: Sendable {
  /// For instance "lstm bidirectional 3+2 depth 2 no bias concatenate ragged last softmax".
  public let name: String
  /// The layers under check.
  public let body: LayerConfiguration
  /// Where there are outputs.
  public let positions: SequencePositions
  /// What is differentiated, with a term for every number of the final state.
  public let loss: GradientCheckLoss
  /// One a sequence.
  public let lengths: [Int]
  /// `.training` where dropout is checked.
  public let mode: RunMode
  /// Whether a linear head stands between the body and the loss.
  public let hasHead: Bool

  init(
    name: String, body: LayerConfiguration, positions: SequencePositions, loss: GradientCheckLoss,
    lengths: [Int], mode: RunMode, hasHead: Bool? = nil
  ) {
    self.name = name
    self.body = body
    self.positions = positions
    self.loss = loss
    self.lengths = lengths
    self.mode = mode
    self.hasHead = hasHead ?? (loss != .rows(.halfSquaredError))
  }

  static let features = 4

  /// The network's gradients compared with central differences.
  public func report(_ check: GradientCheck = GradientCheck()) -> GradientReport {
    let model = makeModel { $0 }
    let (batch, parameters) = draws(model, kinkDistance: 200 * check.epsilon)
    return check.report(model, on: batch, parameters: parameters, mode: mode)
  }

  /// The numbers of the first attempt that puts every ReLU at least `kinkDistance` from its kink. 200 ε is ten times the
  /// reach of the five-point formula, and no number of these small networks moves a pre-activation by ten times itself.
  func draws(
    _ model: SequenceModel<Double>, kinkDistance: Double
  ) -> (batch: SequenceModel<Double>.Batch, parameters: ParameterStore<Double>) {
    for attempt in 0..<1000 {
      let seed = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
      let parameters = ParameterStore<Double>(initializing: model.layout, seed: seed &+ UInt64(attempt))
      let batch = makeBatch(model, seed: seed &+ UInt64(attempt))
      let probe = KinkProbe()
      _ = makeModel(decorating: probe.decorate).body.forward(
        batch.input, from: batch.initialState, parameters: PackedParameters(parameters), mode: mode)
      if probe.distance >= kinkDistance { return (batch, parameters) }
    }
    preconditionFailure("gradient check '\(name)': every draw has a pre-activation at the kink")
  }

  func makeModel(decorating decorate: @escaping CellDecorator<Double>) -> SequenceModel<Double> {
    var layout = ParameterLayout()
    do {
      let made: any SequenceLayer<Double> = try body.makeLayer(
        inputSize: Self.features, named: "body", in: &layout, decorating: decorate)
      let head = outputs.map {
        Linear<Double>(inputSize: made.outputSize, outputSize: $0, named: "head", in: &layout)
      }
      let objective = loss.objective(outputs: outputs ?? made.outputSize, in: &layout)
      return SequenceModel(
        body: made, positions: positions, head: head, objective: objective, layout: layout)
    } catch {
      preconditionFailure("gradient check '\(name)': \(error)")
    }
  }

  /// Outputs of the head; `nil`: no head.
  private var outputs: Int? {
    guard hasHead else { return nil }
    switch loss {
    case .rows(.softmaxCrossEntropy), .conditionalRandomField, .connectionistTemporalClassification:
      return 4
    case .rows: return 2
    }
  }

  private func makeBatch(_ model: SequenceModel<Double>, seed: UInt64) -> SequenceModel<Double>.Batch {
    func stream(_ index: UInt64) -> CounterGenerator {
      CounterGenerator(seed: seed, purpose: .check, step: index)
    }
    let steps = lengths.max() ?? 0
    let values = (0..<steps * lengths.count * Self.features).map { stream(0).normal(at: UInt64($0)) }
    var drawn: UInt64 = 0
    let initial = model.body.zeroState(batchSize: lengths.count).mapComponents { _, component in
      component.map { _ in
        drawn += 1
        return 2 * stream(1).uniform(at: drawn) - 1
      }
    }
    let input = SequenceBatch(
      steps: steps, batchSize: lengths.count, features: Self.features, values: values, lengths: lengths)
    let rows = positions.rows(lengths: lengths, steps: steps)
    return .init(
      input: input,
      targets: loss.targets(
        SequencesOfRows(rows: rows, batchSize: lengths.count), width: outputs ?? model.body.outputSize,
        stream(2)),
      initialState: initial)
  }
}
