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
    let states = initialState.layerStates(count: branches.count, "parallel layers")
    let runs = branches.indices.map { tracer.run(branches[$0], "\(path).\($0)", input, from: states[$0]) }
    let outputs = runs.map(\.output)
    return TracedRun(output: merge.merged(outputs), finalState: .layers(runs.map(\.finalState))) {
      [merge] gradient, stateGradient, gradients in
      let parts = merge.gradients(gradient, outputs: outputs)
      let stateGradients = stateGradient.layerStates(count: runs.count, "parallel layers")
      let first = runs[0].pullback(parts[0], stateGradients[0], &gradients)
      var (input, cells) = (first.input, first.cells)
      for index in runs.indices.dropFirst() {
        let back = runs[index].pullback(parts[index], stateGradients[index], &gradients)
        input.add(back.input)
        cells += back.cells
      }
      return (input, cells)
    }
  }
}

extension Bidirectional: TraceableLayer {
  func traced(
    _ tracer: LayerTracer<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from initialState: LayerState<Scalar>
  ) -> TracedRun<Scalar> {
    let states = Self.directions(of: initialState)
    let ahead = tracer.run(forwardLayer, path, input, from: states.0)
    let behind = tracer.run(reverseLayer, path, input, from: states.1)
    let outputs = [ahead.output, behind.output]
    return TracedRun(
      output: merge.merged(outputs),
      finalState: .bidirectional(forward: ahead.finalState, reverse: behind.finalState)
    ) { [merge] gradient, stateGradient, gradients in
      let parts = merge.gradients(gradient, outputs: outputs)
      let stateGradients = Self.directions(of: stateGradient)
      let first = ahead.pullback(parts[0], stateGradients.0, &gradients)
      let second = behind.pullback(parts[1], stateGradients.1, &gradients)
      return (first.input.adding(second.input), first.cells + second.cells)
    }
  }
}
