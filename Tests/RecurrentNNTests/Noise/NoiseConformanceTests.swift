import RecurrentCore
import RecurrentNN
import RecurrentTestSupport
import Testing

/// Recurrent dropout and zoneout keep the contract of layers, and one sweep gives the bits of single steps.
@Suite("Contract of layers with noise")
struct NoiseConformanceTests {
  /// Derivatives by differences with masks on, ragged, from a state and through the final one; and each sequence by itself, in
  /// another order and with more padding gives the same bits.
  @Test(arguments: NoisyLayer.all) func inTraining(_ layer: NoisyLayer) {
    #expect(checkLayer(mode: NoisyLayer.mode) { layer.make(in: &$0) as any SequenceLayer<Double> } == [])
    #expect(checkLayer(mode: NoisyLayer.mode) { layer.make(in: &$0) as any SequenceLayer<Float> } == [])
  }

  /// In use nothing is keyed by the step, so a sequence may be cut.
  @Test(arguments: NoisyLayer.all) func inUse(_ layer: NoisyLayer) {
    let splitting: Splitting = layer.direction == .forward ? .forward : .reverse
    #expect(checkLayer(splitting: splitting) { layer.make(in: &$0) as any SequenceLayer<Double> } == [])
  }

  @Test func bidirectional() {
    let configuration = LayerConfiguration.bidirectional(
      forward: CellConfiguration(.gru(.resetAfter), size: 5, recurrentDropout: 0.4, zoneout: 0.1),
      reverse: CellConfiguration(.lstm, size: 2, recurrentDropout: 0.2, zoneoutMemory: 0.3))
    #expect(
      checkLayer(mode: NoisyLayer.mode) { layout in
        do {
          return try configuration.makeLayer(inputSize: 3, named: "layer", in: &layout, of: Double.self)
        } catch {
          preconditionFailure("\(error)")
        }
      } == [])
  }

  /// A cell of a user's own, which knows nothing of noise.
  @Test(arguments: Direction.allCases) func ofOnesOwn(_ direction: Direction) {
    let noise = RecurrentNoise(dropout: 0.3, zoneout: 0.3, stream: 5)
    for mode in [NoisyLayer.mode, .inference] {
      #expect(
        checkLayer(mode: mode) { layout in
          RecurrentLayer(
            MinimalGatedCell<Double>(inputSize: 3, hiddenSize: 5, named: "own", in: &layout),
            direction: direction, noise: noise) as any SequenceLayer<Double>
        } == [])
    }
  }

  /// Of the cells that have a sweep: the others run step by step as it is.
  @Test(arguments: NoisyLayer.all.filter { $0.kind != .layerNormLSTM }, [5, 64]) func aSweepIsItsSteps(
    _ layer: NoisyLayer, _ size: Int
  ) {
    for mode in [NoisyLayer.mode, .inference] {
      for lengths in [[1], [3, 3, 3], [5, 1, 0, 4]] {
        #expect(Self.differences(layer, size, lengths, mode, as: Double.self) == [])
        #expect(Self.differences(layer, size, lengths, mode, as: Float.self) == [])
      }
    }
  }

  private static func differences<Scalar: TensorScalar>(
    _ noisy: NoisyLayer, _ size: Int, _ lengths: [Int], _ mode: RunMode, as scalar: Scalar.Type
  ) -> [String] {
    var layout = ParameterLayout()
    let layer: any SequenceLayer<Scalar> = noisy.make(size: size, in: &layout)
    let parameters = PackedParameters(ParameterStore<Scalar>(initializing: layout, seed: 2))
    var draws = Draws(seed: 3)
    let input: SequenceBatch<Scalar> = draws.batch(lengths: lengths, features: 3)
    let outputGradient: SequenceBatch<Scalar> = draws.batch(lengths: lengths, features: size)
    let initial = draws.state(like: layer.zeroState(batchSize: lengths.count))
    let finalGradient = draws.state(like: initial)
    func whole(_ run: LayerRun<Scalar>) -> (
      LayerRun<Scalar>, LayerGradient<Scalar>, ParameterStore<Scalar>
    ) {
      var gradients = ParameterStore<Scalar>(zeros: layout)
      let back = run.pullback(outputGradient, finalGradient, &gradients)
      return (run, back, gradients)
    }
    let fused = whole(layer.forward(input, from: initial, parameters: parameters, mode: mode))
    let stepwise = whole(
      forwardStepwise(layer, input, from: initial, parameters: parameters, mode: mode))
    return difference("output", fused.0.output, stepwise.0.output)
      + difference("final state", fused.0.finalState, stepwise.0.finalState)
      + difference("gradient of input", fused.1.input, stepwise.1.input)
      + difference("gradient of initial state", fused.1.initialState, stepwise.1.initialState)
      + difference("gradients", fused.2.values, stepwise.2.values)
  }

  private static func forwardStepwise<Scalar: TensorScalar>(
    _ layer: any SequenceLayer<Scalar>, _ input: SequenceBatch<Scalar>, from initial: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    func run<Cell: RecurrentCell<Scalar>>(_ layer: RecurrentLayer<Cell>) -> LayerRun<Scalar> {
      layer.forwardStepwise(input, from: initial, parameters: parameters, mode: mode)
    }
    switch layer {
    case let layer as RecurrentLayer<SimpleRNNCell<Scalar>>: return run(layer)
    case let layer as RecurrentLayer<GRUCell<Scalar>>: return run(layer)
    case let layer as RecurrentLayer<LSTMCell<Scalar>>: return run(layer)
    default: preconditionFailure("not a layer of these tests")
    }
  }
}
