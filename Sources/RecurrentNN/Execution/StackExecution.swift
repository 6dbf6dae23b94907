internal import RecurrentCore

/// Layers one upon another at work: each reads where the one below writes.
final class StackExecution<Scalar: TensorScalar>: LayerExecution<Scalar> {
  private let layers: [LayerExecution<Scalar>]

  init(_ layers: [LayerExecution<Scalar>]) {
    self.layers = layers
    super.init(
      inputSize: layers[0].inputSize, outputSize: layers[layers.count - 1].outputSize,
      work: layers.reduce(LayerWork()) { $0 + $1.work },
      needsWholeShards: layers.contains { $0.needsWholeShards }, drawsMasks: layers.contains { $0.drawsMasks }
    )
  }

  override func elementsPerRow(needsInputGradient: Bool) -> Int {
    layers.indices.reduce(0) {
      $0 + layers[$1].elementsPerRow(needsInputGradient: $1 > 0 || needsInputGradient)
    }
  }

  override var output: UnsafePointer<Scalar> { layers[layers.count - 1].output }
  override var inputGradient: UnsafePointer<Scalar> { layers[0].inputGradient }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    super.connect(plan, input)
    var view = input
    for layer in layers {
      layer.connect(plan, view)
      view = SequenceView(values: layer.output, symbols: nil, features: layer.outputSize)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func begin(from start: StartingState<Scalar>) {
    guard case .given(let state) = start else {
      for layer in layers { layer.begin(from: start) }
      return
    }
    // By place: an iterator over pairs of values as large as these would allocate each of them.
    let states = state.layerStates(count: layers.count, "stack")
    for place in layers.indices { layers[place].begin(from: .given(states[place])) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    for layer in layers { layer.forward(parameters, mode, thread: thread) }
  }

  override func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    super.connectBack(outputGradient, needsInputGradient: needsInputGradient)
    var gradient = outputGradient
    for place in layers.indices.reversed() {
      layers[place].connectBack(gradient, needsInputGradient: place > 0 || needsInputGradient)
      if place > 0 { gradient = layers[place].inputGradient }
    }
  }

  override func beginBack(finalStateGradient: LayerState<Scalar>?) {
    let states = finalStateGradient?.layerStates(count: layers.count, "stack")
    for place in layers.indices { layers[place].beginBack(finalStateGradient: states?[place]) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    for place in layers.indices.reversed() { layers[place].backpropagate(parameters, thread: thread) }
  }

  override func addTerms(to terms: inout [GradientTerm<Scalar>]) {
    for layer in layers { layer.addTerms(to: &terms) }
  }

  /// The uppermost layer that has hidden units.
  private var summarised: LayerExecution<Scalar>? { layers.last { $0.summarySize > 0 } }

  override var summarySize: Int { summarised?.summarySize ?? 0 }

  override func copySummary(of sequence: Int, to target: UnsafeMutablePointer<Scalar>) {
    summarised?.copySummary(of: sequence, to: target)
  }

  override func setSummaryGradient(of sequence: Int, from source: UnsafePointer<Scalar>) {
    summarised?.setSummaryGradient(of: sequence, from: source)
  }

  override var finalState: LayerState<Scalar> { .layers(layers.map { $0.finalState }) }
  override var initialStateGradient: LayerState<Scalar> { .layers(layers.map { $0.initialStateGradient }) }
}

extension Stack: ExecutableLayer {
  func makeExecution() -> LayerExecution<Scalar> { StackExecution(layers.map { $0.execution() }) }
}
