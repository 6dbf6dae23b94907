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
    var state: Cell.State = initialState.cellState("recurrent layer")
    let noise = DrawnNoise(noise, of: cell, on: input, search.mode)
    for index in 0..<input.steps {
      let t = direction == .forward ? index : input.steps - 1 - index
      let rows = input.lengths.indices.filter { input.lengths[$0] > t }
      guard !rows.isEmpty else { continue }
      var active = state.gatheringRows(rows)
      let made = noise.step(
        cell, input.step(t).gatheringRows(rows), at: t, rows: rows, state: &active,
        parameters: search.parameters)
      // What is last in a state is made first: an LSTM's h is made of its c.
      let values = zip(Cell.State.componentNames, active.components).reversed() + [("output", made.output)]
      if let (name, _) = values.first(where: { !$0.1.elements.allSatisfy(\.isFinite) }) {
        return .activation(layer: "\(path).\(direction.rawValue)", component: name, step: t)
      }
      state = state.replacingRows(rows, with: active)
    }
    return nil
  }
}
