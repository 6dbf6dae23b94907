internal import RecurrentCore

/// Examples dealt to parts at random, each class as evenly as it can be: training and test, or the folds of a cross-validation.
///
/// Within each class, examples come in an order drawn by a counter-based generator (seed, `shuffle`, the class), and each goes to the
/// part that lacks most of its share so far. So a part's size is its share of all examples to within one (with groups: one group), each class is
/// spread as evenly as a run of the deal allows, and a class's order does not depend on the others.
public struct StratifiedSplit: Sendable, Hashable, Codable {
  /// Numbers of examples from 0, ascending. Every example is in exactly one part.
  public let parts: [[Int]]

  /// By shares.
  ///
  /// - Parameters:
  ///   - labels: of the examples, the class of each.
  ///   - groups: examples of one group stay together, as a text that comes twice should (``LabelledTexts/distinctTexts``); default nil: each by itself.
  ///     A group counts as of the class of its first example.
  ///   - shares: of the parts, in order; they add up to 1 within 1e-9.
  ///   - seed: of the draws.
  /// - Throws: ``DataError``: shares that are no shares, a part that gets no example.
  /// - Precondition: as many groups as labels.
  public init(labels: [Int], groups: [Int]? = nil, shares: [Double], seed: UInt64) throws(DataError) {
    let isSound =
      !shares.isEmpty && shares.allSatisfy { $0 > 0 && $0 <= 1 } && abs(shares.reduce(-1, +)) <= 1e-9
    guard isSound else { throw .setup(.partShares(shares)) }
    parts = Self.deal(labels, groups, shares: shares, seed: seed)
    for (part, examples) in parts.enumerated() where examples.isEmpty {
      throw .setup(.emptyPart(number: part + 1, parts: parts.count, examples: labels.count))
    }
  }

  /// Equal parts for a cross-validation: each is held out once.
  ///
  /// - Parameters:
  ///   - folds: parts, at least 2.
  ///   - labels, groups, seed: as above.
  /// - Throws: ``DataError``: fewer than two folds, or fewer examples (or groups) than folds.
  public init(folds: Int, labels: [Int], groups: [Int]? = nil, seed: UInt64) throws(DataError) {
    guard folds >= 2, folds <= labels.count else {
      throw .setup(.folds(folds, examples: labels.count))
    }
    try self.init(
      labels: labels, groups: groups, shares: [Double](repeating: 1 / Double(folds), count: folds), seed: seed
    )
  }

  /// All examples that are not in a part, ascending: what is learned from where that part is held out.
  public func others(than part: Int) -> [Int] {
    parts.indices.filter { $0 != part }.flatMap { parts[$0] }.sorted()
  }

  private static func deal(_ labels: [Int], _ groups: [Int]?, shares: [Double], seed: UInt64) -> [[Int]] {
    let groups = groups ?? Array(labels.indices)
    precondition(
      groups.count == labels.count, "StratifiedSplit: \(groups.count) groups for \(labels.count) labels")
    // Groups in the order of their first examples.
    var (members, positions): ([[Int]], [Int: Int]) = ([], [:])
    for (example, group) in groups.enumerated() {
      if let position = positions[group] {
        members[position].append(example)
      } else {
        positions[group] = members.count
        members.append([example])
      }
    }
    let classes = Dictionary(grouping: members) { labels[$0[0]] }
    var parts = [[Int]](repeating: [], count: shares.count)
    var dealt = 0
    for label in classes.keys.sorted() {
      let units = classes[label] ?? []
      let generator = CounterGenerator(
        seed: seed, purpose: .shuffle, step: UInt64(truncatingIfNeeded: label))
      for unit in generator.permutation(units.count).map({ units[$0] }) {
        dealt += unit.count
        let lacks = shares.indices.map { shares[$0] * Double(dealt) - Double(parts[$0].count) }
        // The first of those that lack most.
        let part = lacks.indices.max { lacks[$0] < lacks[$1] || lacks[$0] == lacks[$1] && $0 > $1 } ?? 0
        parts[part] += unit
      }
    }
    return parts.map { $0.sorted() }
  }
}
