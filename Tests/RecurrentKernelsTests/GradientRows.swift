/// Rows of a batch as the kernels of weight gradients are given them: shards of them, by an index or neighbours.
struct GradientRows: CustomStringConvertible {
  enum Index: CaseIterable { case none, descending, shuffled }

  /// Rows in each shard.
  let counts: [Int]
  let kind: Index

  var description: String { "shards \(counts) index \(kind)" }

  /// The first shard does not begin at 0: bounds are places in the index, or rows.
  var bounds: [Int] { counts.reduce(into: [3]) { $0.append($0[$0.count - 1] + $1) } }

  /// Rows that D and X must have.
  var rowCount: Int { (bounds.last ?? 0) + (kind == .none ? 0 : 5) }

  func index(_ generator: inout SeededGenerator) -> [Int32]? {
    let rows = (0..<Int32(rowCount))
    return switch kind {
    case .none: nil
    case .descending: rows.reversed()
    case .shuffled: rows.shuffled(using: &generator)
    }
  }

  /// One, two, three, five and eight shards, some of them empty; more rows than are gathered of D at a time (256), and,
  /// for small products, of X (1024).
  static let few = [
    [], [0], [1], [16], [0, 0], [16, 7], [5, 0, 3], [1, 1, 1, 1, 1], [0, 16, 0, 2, 9, 0, 0, 3],
  ]
  static let many = few + [[300], [1030], [257, 1025, 513]]

  static func every(_ counts: [[Int]]) -> [GradientRows] {
    counts.flatMap { counts in Index.allCases.map { GradientRows(counts: counts, kind: $0) } }
  }
}
