public import Recurrent

/// The network of the forecast task: a recurrent body over the window, a head on its final state, and beside it a linear
/// path from the whole window, whose outputs are added.
///
///     s = final hidden states of the body's top layer          [B, S]
///     output = (s, a) Vᵀ + c  +  (x₁, …, x_T, a) Lᵀ + d         [B, horizons]
///
/// x `[T, B, F]` the window, a `[B, A]` what is known ahead for the steps to come. The linear path begins as a ridge
/// regression (``LinearPath``) and the head at zero, so training starts from the regression and only has to learn what
/// a line cannot say. Of a bidirectional top layer, s holds the forward direction's state after the last step and the
/// reverse direction's after the first: each has read the whole window.
public struct ForecastNetwork<Scalar: TensorScalar>: TrainableModel {
  /// The recurrent layers, from F inputs to the states that are read.
  public let body: any SequenceLayer<Scalar>
  /// From (s, a) to the horizons: V and c.
  public let head: Linear<Scalar>
  /// The linear path, L and d; nil: there is none.
  public let linear: Linear<Scalar>?
  /// Of outputs against normalised targets; by default ½ squared error.
  public let loss: Loss
  /// The slots of all parameters.
  public let layout: ParameterLayout
  /// T, rows in a window.
  public let windowLength: Int
  /// A, values known ahead.
  public let aheadSize: Int

  /// Windows, what is known ahead of each, and what is to be forecast, as the network sees them: normalised.
  public struct Batch: Sendable {
    /// `[T, B, F]`.
    public let window: SequenceBatch<Scalar>
    /// `[B, A]`; A may be 0.
    public let ahead: Matrix<Scalar>
    /// `[B, horizons]`.
    public let targets: Matrix<Scalar>

    /// - Precondition: B is the same in all three.
    public init(window: SequenceBatch<Scalar>, ahead: Matrix<Scalar>, targets: Matrix<Scalar>) {
      self.window = window
      self.ahead = ahead
      self.targets = targets
    }
  }

  /// - Parameters:
  ///   - features: F.
  ///   - linearPath: whether there is one.
  /// - Throws: `ModelConfigurationError` where the layers' sizes do not fit.
  public init(
    layers: [LayerConfiguration], windowLength: Int, features: Int, aheadSize: Int, horizons: Int,
    linearPath: Bool, loss: Loss = .halfSquaredError
  ) throws(ModelConfigurationError) {
    var layout = ParameterLayout()
    body = try LayerConfiguration.stack(layers).makeLayer(
      inputSize: features, named: "recurrent", in: &layout)
    let summarySize = body.zeroState(batchSize: 1).summary.reduce(0) { $0 + $1.columns }
    guard summarySize > 0 else { throw .empty(layer: "recurrent") }
    let lineSize = windowLength.multipliedReportingOverflow(by: features * horizons)
    guard !linearPath || !lineSize.overflow && lineSize.partialValue <= ModelConfigurationError.mostParameters
    else { throw .tooLarge(layer: "linear path") }
    head = Linear(
      inputSize: summarySize + aheadSize, outputSize: horizons, initializer: linearPath ? .zeros : nil,
      named: "head", in: &layout)
    linear =
      linearPath
      ? Linear(
        inputSize: windowLength * features + aheadSize, outputSize: horizons, initializer: .zeros,
        named: "linear", in: &layout) : nil
    self.loss = loss
    self.layout = layout
    self.windowLength = windowLength
    self.aheadSize = aheadSize
  }

  /// Parts of a batch that threads share, ``shardSize`` windows each but the last; sums are taken in their order.
  public func shards(of batch: Batch) -> [Batch] {
    guard batch.window.batchSize > shardSize else { return [batch] }
    return shardRanges(batchSize: batch.window.batchSize).map { range in
      Batch(
        window: batch.window.sequences(range), ahead: batch.ahead.gatheringRows(Array(range)),
        targets: batch.targets.gatheringRows(Array(range)))
    }
  }

  /// The forecasts of a batch, `[B, horizons]`, normalised.
  public func outputs(
    window: SequenceBatch<Scalar>, ahead: Matrix<Scalar>, parameters: PackedParameters<Scalar>
  ) -> Matrix<Scalar> {
    let run = body.forward(window, parameters: parameters)
    let summary = Self.join(run.finalState.summary + [ahead])
    let recurrent = head.forward(SequenceBatch(rows: summary), parameters: parameters).output.step(0)
    guard let linear else { return recurrent }
    let inputs = Self.flattened(window, ahead)
    return recurrent + linear.forward(SequenceBatch(rows: inputs), parameters: parameters).output.step(0)
  }

  /// The summed loss of a batch and the number of its outputs, without dropout.
  public func loss(on batch: Batch, parameters: PackedParameters<Scalar>) -> LossSum {
    let outputs = outputs(window: batch.window, ahead: batch.ahead, parameters: parameters)
    return loss.evaluate(outputs, targets: .values(batch.targets)).value
  }

  /// Adds the gradient of a shard's summed loss to `gradients`, and returns that loss.
  public func accumulateGradients(
    on shard: Batch, parameters: PackedParameters<Scalar>, mode: RunMode,
    into gradients: inout ParameterStore<Scalar>
  ) -> LossSum {
    let initial = body.zeroState(batchSize: shard.window.batchSize)
    let run = body.forward(shard.window, from: initial, parameters: parameters, mode: mode)
    let summary = run.finalState.summary
    let headRun = head.forward(
      SequenceBatch(rows: Self.join(summary + [shard.ahead])), from: .none, parameters: parameters, mode: mode
    )
    var outputs = headRun.output.step(0)
    let linearRun = linear.map {
      $0.forward(
        SequenceBatch(rows: Self.flattened(shard.window, shard.ahead)), from: .none, parameters: parameters,
        mode: mode)
    }
    if let linearRun { outputs += linearRun.output.step(0) }
    let (value, outputGradient) = loss.evaluate(outputs, targets: .values(shard.targets))
    let steps = SequenceBatch(rows: outputGradient)
    _ = linearRun?.pullback(steps, .none, &gradients)
    let back = headRun.pullback(steps, .none, &gradients)
    let stateGradient = run.finalState.zeroed.replacingSummary(with: back.input.step(0))
    _ = run.pullback(run.output.blank(features: run.output.features), stateGradient, &gradients)
    return value
  }

  static func join(_ parts: [Matrix<Scalar>]) -> Matrix<Scalar> {
    parts.dropFirst().reduce(parts[0]) { $0.joiningColumns($1) }
  }

  /// (x₁, …, x_T, a) of every window, one row each.
  static func flattened(_ window: SequenceBatch<Scalar>, _ ahead: Matrix<Scalar>) -> Matrix<Scalar> {
    var result = [Scalar]()
    let features = window.features
    result.reserveCapacity(window.batchSize * (window.steps * features + ahead.columns))
    for b in 0..<window.batchSize {
      for t in 0..<window.steps {
        let first = (t * window.batchSize + b) * features
        result += window.values[first..<first + features]
      }
      result += ahead.elements[b * ahead.columns..<(b + 1) * ahead.columns]
    }
    return Matrix(
      rows: window.batchSize, columns: window.steps * features + ahead.columns, elements: result)
  }
}

extension LayerState {
  /// The hidden states of the uppermost layer that has any: of each direction, after its own last step.
  var summary: [Matrix<Scalar>] {
    switch self {
    case .none: return []
    case .cell: return hidden.map { [$0] } ?? []
    case .bidirectional(let forward, let reverse): return forward.summary + reverse.summary
    case .layers(let layers): return layers.last { !$0.summary.isEmpty }?.summary ?? []
    }
  }

  /// This state with the summary's matrices replaced by the columns of `joined`, in their order.
  func replacingSummary(with joined: Matrix<Scalar>) -> LayerState {
    var first = 0
    return replacingSummary(with: joined, from: &first)
  }

  private func replacingSummary(with joined: Matrix<Scalar>, from first: inout Int) -> LayerState {
    switch self {
    case .none: return self
    case .cell(let names, var components):
      guard let index = names.firstIndex(of: "hidden") else { return self }
      let width = components[index].columns
      components[index] = joined.columns(first..<first + width)
      first += width
      return .cell(names: names, components: components)
    case .bidirectional(let forward, let reverse):
      let ahead = forward.replacingSummary(with: joined, from: &first)
      return .bidirectional(forward: ahead, reverse: reverse.replacingSummary(with: joined, from: &first))
    case .layers(var layers):
      guard let top = layers.lastIndex(where: { !$0.summary.isEmpty }) else { return self }
      layers[top] = layers[top].replacingSummary(with: joined, from: &first)
      return .layers(layers)
    }
  }
}
