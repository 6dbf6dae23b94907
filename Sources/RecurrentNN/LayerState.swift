public import RecurrentCore

/// The state of any layer, by name: `state.hidden`, `state.forward.cell`, `state[0].reverse.hidden`.
///
/// Layers of different kinds meet in one stack, so their states meet in one type; a cell's own state keeps its own type
/// (``RecurrentState``).
public enum LayerState<Scalar: TensorScalar>: Sendable, Hashable {
  /// Of a layer that carries nothing over time.
  case none
  /// Of one recurrent layer: the components of its cell's state, with their names.
  case cell(names: [String], components: [Matrix<Scalar>])
  /// Of a bidirectional layer.
  indirect case bidirectional(forward: LayerState, reverse: LayerState)
  /// Of layers that stand one upon another, or side by side.
  case layers([LayerState])

  init<State: RecurrentState<Scalar>>(_ state: State) {
    self = .cell(names: State.componentNames, components: state.components)
  }

  /// The cell's state that this is. Precondition: it is one, with that type's components.
  func cellState<State: RecurrentState<Scalar>>(_ layer: String) -> State {
    guard case .cell(let names, let components) = self, names == State.componentNames else {
      preconditionFailure("\(layer): expected a state with \(State.componentNames), found \(kind)")
    }
    return State(components: components)
  }

  /// h of one recurrent layer; `nil` for other layers.
  public var hidden: Matrix<Scalar>? { component("hidden") }
  /// c of one LSTM layer; `nil` for other layers.
  public var cell: Matrix<Scalar>? { component("cell") }

  /// A component of one recurrent layer's state.
  public func component(_ name: String) -> Matrix<Scalar>? {
    guard case .cell(let names, let components) = self else { return nil }
    return names.firstIndex(of: name).map { components[$0] }
  }

  /// The forward direction's state of a bidirectional layer; `nil` for other layers.
  public var forward: LayerState? {
    if case .bidirectional(let forward, _) = self { forward } else { nil }
  }
  /// The reverse direction's state of a bidirectional layer, after step 0; `nil` for other layers.
  public var reverse: LayerState? {
    if case .bidirectional(_, let reverse) = self { reverse } else { nil }
  }

  /// The state of one layer of several.
  public subscript(layer: Int) -> LayerState? {
    guard case .layers(let layers) = self, layers.indices.contains(layer) else { return nil }
    return layers[layer]
  }

  /// All matrices, layer by layer, forward before reverse, with their path: "0.forward.hidden".
  public var components: [(path: String, value: Matrix<Scalar>)] {
    func prefixed(_ prefix: String, _ state: LayerState) -> [(path: String, value: Matrix<Scalar>)] {
      state.components.map { (prefix + "." + $0.path, $0.value) }
    }
    switch self {
    case .none: return []
    case .cell(let names, let components): return zip(names, components).map { ($0, $1) }
    case .bidirectional(let forward, let reverse):
      return prefixed("forward", forward) + prefixed("reverse", reverse)
    case .layers(let layers):
      return layers.enumerated().flatMap { prefixed(String($0), $1) }
    }
  }

  /// This state with every matrix replaced by `transform` of it.
  public func mapComponents(_ transform: (String, Matrix<Scalar>) -> Matrix<Scalar>) -> LayerState {
    mapComponents(path: "", transform)
  }

  private func mapComponents(
    path: String, _ transform: (String, Matrix<Scalar>) -> Matrix<Scalar>
  ) -> LayerState {
    switch self {
    case .none: return .none
    case .cell(let names, let components):
      return .cell(names: names, components: zip(names, components).map { transform(path + $0, $1) })
    case .bidirectional(let forward, let reverse):
      return .bidirectional(
        forward: forward.mapComponents(path: path + "forward.", transform),
        reverse: reverse.mapComponents(path: path + "reverse.", transform))
    case .layers(let layers):
      return .layers(
        layers.enumerated().map { $1.mapComponents(path: path + "\($0).", transform) })
    }
  }

  /// The same shape, all zero.
  public var zeroed: LayerState {
    switch self {
    case .none: return .none
    case .cell(let names, let components):
      return .cell(names: names, components: components.map { Matrix(zeros: $0.rows, $0.columns) })
    case .bidirectional(let forward, let reverse):
      return .bidirectional(forward: forward.zeroed, reverse: reverse.zeroed)
    case .layers(let layers): return .layers(layers.map { $0.zeroed })
    }
  }

  /// The state of the sequences `rows` alone.
  public func gatheringRows(_ rows: [Int]) -> LayerState { mapComponents { $1.gatheringRows(rows) } }

  var kind: String {
    switch self {
    case .none: "no state"
    case .cell(let names, _): "a cell's state with \(names)"
    case .bidirectional: "a state of two directions"
    case .layers(let layers): "a state of \(layers.count) layers"
    }
  }
}
