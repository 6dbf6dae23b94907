internal import RecurrentHMM

/// The beam of a prefix search: beginnings of labellings with the logarithms of their probabilities.
struct PrefixSearch {
  /// A beginning in the tree of all that were met: the one that it goes on from, and its last label.
  private struct Node: Hashable {
    let parent: Int
    let label: Int
  }

  /// A beginning in the beam.
  private struct Entry {
    let node: Int
    /// Of paths that end with the blank, and of those that end with the last label.
    var blank = -Double.infinity
    var label = -Double.infinity

    var total: Double { LogSumExp.sum(blank, label) }
  }

  private let blank: Int
  private let width: Int
  /// Node 0 is the empty beginning.
  private var nodes = [Node(parent: -1, label: -1)]
  private var places: [Node: Int] = [:]
  private var beam: [Entry]

  init(blank: Int, width: Int) {
    (self.blank, self.width) = (blank, width)
    beam = [Entry(node: 0, blank: 0)]
  }

  /// Goes on by one step.
  ///
  /// - Parameter row: log y(k) of every symbol.
  mutating func step(_ row: [Double]) {
    var next: [Entry] = []
    var entryOfNode: [Int: Int] = [:]
    func entry(_ node: Int) -> Int {
      if let known = entryOfNode[node] { return known }
      next.append(Entry(node: node))
      entryOfNode[node] = next.count - 1
      return next.count - 1
    }
    for own in beam {
      let last = nodes[own.node].label
      let total = own.total
      let same = entry(own.node)
      for (symbol, score) in row.enumerated() where score > -.infinity {
        if symbol == blank {
          next[same].blank = LogSumExp.sum(next[same].blank, total + score)
          continue
        }
        if symbol == last { next[same].label = LogSumExp.sum(next[same].label, own.label + score) }
        // The same label once more is a label of its own only behind a blank.
        let reaching = symbol == last ? own.blank : total
        if reaching == -.infinity { continue }
        let longer = entry(child(own.node, symbol))
        next[longer].label = LogSumExp.sum(next[longer].label, reaching + score)
      }
    }
    beam = best(next, width)
  }

  /// The best labellings of what was read.
  func hypotheses(_ count: Int) -> [LabelHypothesis] {
    best(beam, count).map { entry in
      var labels: [Int] = []
      var node = entry.node
      while node != 0 {
        labels.append(nodes[node].label)
        node = nodes[node].parent
      }
      return LabelHypothesis(labels: labels.reversed(), logProbability: entry.total)
    }
  }

  private mutating func child(_ parent: Int, _ label: Int) -> Int {
    let node = Node(parent: parent, label: label)
    if let known = places[node] { return known }
    nodes.append(node)
    places[node] = nodes.count - 1
    return nodes.count - 1
  }

  /// Sorted by probability, of equals by the time that they were met.
  private func best(_ entries: [Entry], _ count: Int) -> [Entry] {
    let possible = entries.map { (entry: $0, total: $0.total) }.filter { $0.total > -.infinity }
    let sorted = possible.sorted {
      $0.total != $1.total ? $0.total > $1.total : $0.entry.node < $1.entry.node
    }
    return sorted.prefix(count).map(\.entry)
  }
}
