/// The n-grams of a text that is read from its end: then the n-gram without its first token is known when one is new, and
/// gets one more token that was seen before it.
struct NGramCounting {
  let order: Int
  let vocabularySize: Int
  private(set) var inner = ChildTable()
  private(set) var leaves = ChildTable()
  /// Of nodes; node 0 is the root.
  private(set) var counts: [UInt32] = [0]
  private(set) var lengths: [UInt8] = [0]
  private var read = 0
  /// The document's tokens from where it is read on, the first order of them, and the nodes of the first 0, 1, … of them.
  private var tokens: [Int32] = []
  private var nodes: [Int] = [0]

  init(order: Int, vocabularySize: Int) {
    precondition(1...NGramModel.largestOrder ~= order, "NGramModel: order \(order)")
    precondition(vocabularySize > 0, "NGramModel: a vocabulary of \(vocabularySize) tokens")
    (self.order, self.vocabularySize) = (order, vocabularySize)
  }

  mutating func endDocument() { (tokens, nodes) = ([], [0]) }

  mutating func put(before token: Int32) {
    precondition(
      0 <= token && token < vocabularySize, "NGramModel: id \(token) of \(vocabularySize) tokens")
    read += 1
    precondition(read <= Int(Int32.max), "NGramModel: more than \(Int32.max) tokens")
    tokens.insert(token, at: 0)
    if tokens.count > order { tokens.removeLast() }
    var path = [0]
    var node = 0
    for length in 1...tokens.count {
      let last = tokens[length - 1]
      let isNew: Bool
      if length == order {
        let leaf = leaves.insert(node, last)
        leaves.add(1, at: leaf.place)
        isNew = leaf.isNew
      } else {
        let child = inner.insert(node, last)
        isNew = child.isNew
        if isNew {
          inner.add(UInt32(counts.count), at: child.place)
          counts.append(0)
          lengths.append(UInt8(length))
        }
        node = Int(inner.values[child.place])
        path.append(node)
      }
      // The n-gram without its first token: the path of the token before, one shorter.
      if isNew, length > 1 { counts[nodes[length - 1]] += 1 }
    }
    nodes = path
  }
}

/// What is summed over the children of each node.
struct NGramSums {
  let discounts: [[Double]]
  /// Different n-grams of n = 1 … order.
  let types: [Int]
  let totals: [UInt32]
  let backoffs: [Double]

  init(_ counting: NGramCounting) {
    let order = counting.order
    // n₁ … n₄ by order; n-grams at a document's beginning alone have the count 0 below the highest.
    var frequencies = [[Int]](repeating: [0, 0, 0, 0], count: order)
    var types = [Int](repeating: 0, count: order)
    func visit(_ body: (_ parent: Int, _ length: Int, _ count: UInt32) -> Void) {
      for place in counting.inner.keys.indices {
        guard let entry = counting.inner.entry(at: place) else { continue }
        let node = Int(counting.inner.values[place])
        body(entry.node, Int(counting.lengths[node]), counting.counts[node])
      }
      for place in counting.leaves.keys.indices {
        guard let entry = counting.leaves.entry(at: place) else { continue }
        body(entry.node, order, counting.leaves.values[place])
      }
    }
    visit { _, length, count in
      types[length - 1] += 1
      if 1...4 ~= count { frequencies[length - 1][Int(count) - 1] += 1 }
    }
    let discounts = frequencies.map(Self.discounts)
    var totals = [UInt32](repeating: 0, count: counting.counts.count)
    var backoffs = [Double](repeating: 0, count: counting.counts.count)
    visit { parent, length, count in
      totals[parent] += count
      backoffs[parent] += Self.discount(count, discounts[length - 1])
    }
    for node in backoffs.indices where totals[node] > 0 { backoffs[node] /= Double(totals[node]) }
    (self.discounts, self.types, self.totals, self.backoffs) = (discounts, types, totals, backoffs)
  }

  /// [D₁, D₂, D₃] from n₁ … n₄.
  private static func discounts(_ frequencies: [Int]) -> [Double] {
    let usual = [0.5, 1, 1.5]
    if frequencies.contains(0) { return usual }
    let n = frequencies.map(Double.init)
    let share = n[0] / (n[0] + 2 * n[1])
    let found = (0..<3).map { Double($0 + 1) - Double($0 + 2) * share * n[$0 + 1] / n[$0] }
    return zip(found, 1...3).allSatisfy { $0 > 0 && $0 <= Double($1) } ? found : usual
  }

  /// D(c), 0 of what was not seen.
  static func discount(_ count: UInt32, _ discounts: [Double]) -> Double {
    count == 0 ? 0 : discounts[min(Int(count), 3) - 1]
  }
}
