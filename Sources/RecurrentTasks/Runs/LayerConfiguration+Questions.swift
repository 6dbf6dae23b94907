internal import Recurrent

extension LayerConfiguration {
  /// Whether the layer, or one inside it, reads what comes later.
  var readsAhead: Bool {
    switch self {
    case .recurrent(_, let direction): direction == .reverse
    case .bidirectional: true
    case .linear, .dropout: false
    case .stack(let layers), .parallel(let layers, _): layers.contains(where: \.readsAhead)
    }
  }

  /// Whether its sizes are such as the command takes: a file may hold any.
  var hasSensibleSizes: Bool {
    switch self {
    case .recurrent(let cell, _): WindowPlan.sizes.contains(cell.size)
    case .bidirectional(let forward, let reverse, _):
      WindowPlan.sizes.contains(forward.size) && WindowPlan.sizes.contains(reverse.size)
    case .linear(let outputs, _, _): WindowPlan.sizes.contains(outputs)
    case .dropout: true
    case .stack(let layers), .parallel(let layers, _): layers.allSatisfy(\.hasSensibleSizes)
    }
  }
}
