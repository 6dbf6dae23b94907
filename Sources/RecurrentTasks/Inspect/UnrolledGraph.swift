package import Recurrent

/// A network unrolled over T steps: which value is made from which. It has no circle, whatever the directions: that is
/// why back-propagation through time is back-propagation.
package struct UnrolledGraph: Sendable, Equatable {
  /// In the order of layers, then of steps.
  package let nodes: [String]
  /// Pairs of positions in `nodes`: the second is made from the first.
  package let edges: [[Int]]
  /// How many nodes are states.
  package let stateCount: Int

  package init(layers: [LayerConfiguration], steps: Int, outputs: [Int]) {
    var nodes: [String] = []
    var edges: [[Int]] = []
    var stateCount = 0
    func add(_ name: String, from sources: [Int]) -> Int {
      nodes.append(name)
      edges += sources.map { [$0, nodes.count - 1] }
      return nodes.count - 1
    }
    var below = (0..<steps).map { [add("x\($0 + 1)", from: [])] }
    for (index, layer) in layers.enumerated() {
      let directions: [Direction]
      switch layer {
      case .recurrent(_, let direction): directions = [direction]
      case .bidirectional: directions = [.forward, .reverse]
      default: continue
      }
      var above = [[Int]](repeating: [], count: steps)
      for direction in directions {
        var before: Int?
        for t in direction == .forward ? Array(0..<steps) : Array((0..<steps).reversed()) {
          let made = add(
            "layer\(index).\(direction.rawValue)\(t + 1)", from: below[t] + (before.map { [$0] } ?? []))
          stateCount += 1
          above[t].append(made)
          before = made
        }
      }
      below = above
    }
    for t in outputs { _ = add("output\(t + 1)", from: below[t]) }
    self.nodes = nodes
    self.edges = edges
    self.stateCount = stateCount
  }

  /// An order in which every node comes after all that it is made from (Kahn's algorithm); `nil` where there is a circle.
  package var topologicalOrder: [Int]? {
    var waiting = [Int](repeating: 0, count: nodes.count)
    var followers = [[Int]](repeating: [], count: nodes.count)
    for edge in edges {
      waiting[edge[1]] += 1
      followers[edge[0]].append(edge[1])
    }
    var order = nodes.indices.filter { waiting[$0] == 0 }
    var next = 0
    while next < order.count {
      for follower in followers[order[next]] {
        waiting[follower] -= 1
        if waiting[follower] == 0 { order.append(follower) }
      }
      next += 1
    }
    return order.count == nodes.count ? order : nil
  }
}
