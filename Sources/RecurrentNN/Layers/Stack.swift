public import RecurrentCore

/// Layers one upon another, of any kinds and sizes: each reads the output of the one below.
public struct Stack<Scalar: TensorScalar>: SequenceLayer {
  /// The lowest first.
  public let layers: [any SequenceLayer<Scalar>]

  /// Precondition: at least one layer; each layer's input size is the output size of the one below.
  public init(_ layers: [any SequenceLayer<Scalar>]) {
    precondition(!layers.isEmpty, "a stack needs a layer")
    for (index, (below, above)) in zip(layers, layers.dropFirst()).enumerated() {
      precondition(
        below.outputSize == above.inputSize,
        "layer \(index) gives \(below.outputSize) features, layer \(index + 1) expects \(above.inputSize)")
    }
    self.layers = layers
  }

  /// F, features that the lowest layer reads.
  public var inputSize: Int { layers[0].inputSize }
  /// Features that the highest layer gives.
  public var outputSize: Int { layers[layers.count - 1].outputSize }

  /// Whether a layer of it does.
  public var readsAhead: Bool { layers.contains { $0.readsAhead } }
  /// Zeros of every layer's state, as `.layers`, the lowest first.
  public func zeroState(batchSize: Int) -> LayerState<Scalar> {
    .layers(layers.map { $0.zeroState(batchSize: batchSize) })
  }

  /// The layers from the lowest to the highest; the pullback goes from the highest to the lowest.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func forward(
    _ input: SequenceBatch<Scalar>, from initialState: LayerState<Scalar>,
    parameters: PackedParameters<Scalar>, mode: RunMode
  ) -> LayerRun<Scalar> {
    let states = initialState.layerStates(count: layers.count, "stack")
    var runs: [LayerRun<Scalar>] = []
    var current = input
    for (layer, state) in zip(layers, states) {
      let run = layer.forward(current, from: state, parameters: parameters, mode: mode)
      current = run.output
      runs.append(run)
    }
    return LayerRun(output: current, finalState: .layers(runs.map { $0.finalState })) {
      [runs] outputGradient, finalStateGradient, gradients in
      let stateGradients = finalStateGradient.layerStates(count: runs.count, "stack")
      var initial = stateGradients
      let top = runs.count - 1
      var back = runs[top].pullback(outputGradient, stateGradients[top], &gradients)
      initial[top] = back.initialState
      for index in stride(from: top - 1, through: 0, by: -1) {
        back = runs[index].pullback(back.input, stateGradients[index], &gradients)
        initial[index] = back.initialState
      }
      let bottom = back
      return LayerGradient(input: bottom.input, initialState: .layers(initial))
    }
  }
}

extension LayerState {
  /// The states of `count` layers. Precondition: that is what this is.
  func layerStates(count: Int, _ name: String) -> [LayerState] {
    guard case .layers(let layers) = self, layers.count == count else {
      preconditionFailure("\(name): expected a state of \(count) layers, found \(kind)")
    }
    return layers
  }
}
