internal import RecurrentCore

/// A layer that can say more of where a number is not finite than its output does.
protocol SearchableLayer<Scalar>: SequenceLayer {
  /// The first such number inside, given that the input and the state are finite.
  ///
  /// - Parameter path: what the layer is called.
  func firstNotFinite(
    _ search: NotFiniteSearch<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from initialState: LayerState<Scalar>
  ) -> NotFiniteOrigin?
}

extension Stack: SearchableLayer {
  func firstNotFinite(
    _ search: NotFiniteSearch<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from initialState: LayerState<Scalar>
  ) -> NotFiniteOrigin? {
    var current = input
    for (index, state) in initialState.layerStates(count: layers.count, "stack").enumerated() {
      if let found = search.layer(layers[index], "\(path).\(index)", current, from: state) { return found }
      current =
        layers[index].forward(current, from: state, parameters: search.parameters, mode: search.mode).output
    }
    return nil
  }
}

extension Parallel: SearchableLayer {
  func firstNotFinite(
    _ search: NotFiniteSearch<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from initialState: LayerState<Scalar>
  ) -> NotFiniteOrigin? {
    for (index, state) in initialState.layerStates(count: branches.count, "parallel layers").enumerated() {
      if let found = search.layer(branches[index], "\(path).\(index)", input, from: state) { return found }
    }
    return nil
  }
}

extension Bidirectional: SearchableLayer {
  func firstNotFinite(
    _ search: NotFiniteSearch<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from initialState: LayerState<Scalar>
  ) -> NotFiniteOrigin? {
    let (forwardState, reverseState) = Self.directions(of: initialState)
    return search.layer(forwardLayer, path, input, from: forwardState)
      ?? search.layer(reverseLayer, path, input, from: reverseState)
  }
}

extension RecurrentLayer: SearchableLayer {
  /// Step by step, which gives the bits of the fused sweep, because a sweep shows no cell's memory at each step. With the masks
  /// of the run, if it has noise.
  func firstNotFinite(
    _ search: NotFiniteSearch<Scalar>, _ path: String, _ input: SequenceBatch<Scalar>,
    from initialState: LayerState<Scalar>
  ) -> NotFiniteOrigin? {
    var found: NotFiniteOrigin?
    _ = runStepwise(
      input, from: initialState.cellState("recurrent layer"), parameters: search.parameters, mode: search.mode
    ) { step, output, state in
      guard found == nil else { return }
      // What is last in a state is made first: an LSTM's h is made of its c.
      let values = zip(Cell.State.componentNames, state.components).reversed() + [("output", output)]
      if let (name, _) = values.first(where: { !$0.1.elements.allSatisfy(\.isFinite) }) {
        found = .activation(layer: "\(path).\(direction.rawValue)", component: name, step: step.time)
      }
    }
    return found
  }
}
