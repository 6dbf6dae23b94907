package import RecurrentCore

/// A layer with recurrent layers inside, which can be run so that these are seen.
protocol TraceableLayer<Scalar>: SequenceLayer {
  /// The layer as in use.
  ///
  /// - Parameter path: what the layer is called.
  func traced(
    _ tracer: LayerTracer<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from initialState: LayerState<Scalar>
  ) -> TracedRun<Scalar>
}

/// A ``LayerRun`` with what its recurrent layers did.
package struct TracedRun<Scalar: TensorScalar>: Sendable {
  package let output: SequenceBatch<Scalar>
  package let finalState: LayerState<Scalar>
  /// (∂L/∂output, ∂L/∂final state) → ∂L/∂input, and the recurrent layers from below, with their gradients.
  package let pullback:
    @Sendable (SequenceBatch<Scalar>, LayerState<Scalar>, inout ParameterStore<Scalar>) -> (
      input: SequenceBatch<Scalar>, cells: [CellTrace<Scalar>]
    )
}

/// Runs layers and looks inside.
package struct LayerTracer<Scalar: TensorScalar>: Sendable {
  let parameters: PackedParameters<Scalar>

  package init(parameters: PackedParameters<Scalar>) { self.parameters = parameters }

  /// A layer, called `path`; of one that shows nothing, its ordinary run.
  package func run(
    _ layer: any SequenceLayer<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from state: LayerState<Scalar>
  ) -> TracedRun<Scalar> {
    if let layer = layer as? any TraceableLayer<Scalar> {
      return layer.traced(self, path, input, from: state)
    }
    let run = layer.forward(input, from: state, parameters: parameters, mode: .inference)
    return TracedRun(output: run.output, finalState: run.finalState) { gradient, stateGradient, gradients in
      (run.pullback(gradient, stateGradient, &gradients).input, [])
    }
  }

  /// Layers one upon another, each called by its number in the slice.
  func run(
    _ layers: ArraySlice<any SequenceLayer<Scalar>>, _ path: String, _ input: SequenceBatch<Scalar>,
    from states: ArraySlice<LayerState<Scalar>>
  ) -> TracedRun<Scalar> {
    var runs: [TracedRun<Scalar>] = []
    var current = input
    for (index, state) in zip(layers.indices, states) {
      let run = run(layers[index], "\(path).\(index)", current, from: state)
      current = run.output
      runs.append(run)
    }
    return TracedRun(output: current, finalState: .layers(runs.map(\.finalState))) {
      [runs] gradient, stateGradient, gradients in
      let stateGradients = stateGradient.layerStates(count: runs.count, "stack")
      var (gradient, cells) = (gradient, [CellTrace<Scalar>]())
      for (run, own) in zip(runs, stateGradients).reversed() {
        let back = run.pullback(gradient, own, &gradients)
        gradient = back.input
        cells = back.cells + cells
      }
      return (gradient, cells)
    }
  }

  /// Layers side by side over one input.
  ///
  /// - Parameters:
  ///   - joined: the state of all from that of each.
  ///   - split: the states of each in that of all.
  func run(
    _ layers: [(layer: any SequenceLayer<Scalar>, path: String)], _ input: SequenceBatch<Scalar>,
    from state: LayerState<Scalar>, merge: Merge,
    joined: ([LayerState<Scalar>]) -> LayerState<Scalar>,
    split: @escaping @Sendable (LayerState<Scalar>) -> [LayerState<Scalar>]
  ) -> TracedRun<Scalar> {
    let runs = zip(layers, split(state)).map { run($0.layer, $0.path, input, from: $1) }
    let outputs = runs.map(\.output)
    return TracedRun(output: merge.merged(outputs), finalState: joined(runs.map(\.finalState))) {
      gradient, stateGradient, gradients in
      let parts = merge.gradients(gradient, outputs: outputs)
      let stateGradients = split(stateGradient)
      var (input, cells) = (SequenceBatch<Scalar>?.none, [CellTrace<Scalar>]())
      for (index, run) in runs.enumerated() {
        let back = run.pullback(parts[index], stateGradients[index], &gradients)
        input = input?.adding(back.input) ?? back.input
        cells += back.cells
      }
      guard let input else { preconditionFailure("no layers side by side") }
      return (input, cells)
    }
  }
}

extension Stack: TraceableLayer {
  func traced(
    _ tracer: LayerTracer<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from initialState: LayerState<Scalar>
  ) -> TracedRun<Scalar> {
    tracer.run(
      layers[...], path, input, from: initialState.layerStates(count: layers.count, "stack")[...])
  }
}

extension Parallel: TraceableLayer {
  func traced(
    _ tracer: LayerTracer<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from initialState: LayerState<Scalar>
  ) -> TracedRun<Scalar> {
    let count = branches.count
    return tracer.run(
      branches.enumerated().map { ($1, "\(path).\($0)") }, input, from: initialState, merge: merge
    ) {
      .layers($0)
    } split: {
      $0.layerStates(count: count, "parallel layers")
    }
  }
}

extension Bidirectional: TraceableLayer {
  func traced(
    _ tracer: LayerTracer<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from initialState: LayerState<Scalar>
  ) -> TracedRun<Scalar> {
    tracer.run([(forwardLayer, path), (reverseLayer, path)], input, from: initialState, merge: merge) {
      .bidirectional(forward: $0[0], reverse: $0[1])
    } split: {
      let directions = Self.directions(of: $0)
      return [directions.0, directions.1]
    }
  }
}
