internal import RecurrentCore

extension ReproductionSettings {
  /// `run` of every item, as many side by side as there are threads; where there are more threads than items, each has its share.
  ///
  /// Runs must need nothing of one another. Their figures are those of one after another, since the bits of a training do not
  /// depend on its threads; what they take of time and memory does.
  func sideBySide<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ run: @Sendable (_ item: Item, _ threads: Int) throws -> Result
  ) throws -> [Result] {
    let each = max(1, threads / max(1, items.count))
    return try parallelMap(items.count, threads: threads / each) { index in
      Swift.Result { try run(items[index], each) }
    }.map { try $0.get() }
  }

  /// As ``sideBySide(_:_:)`` for every item and every seed from 1 to ``seeds``; a row of results for each item.
  func sideBySide<Item: Sendable, Result: Sendable>(
    bySeed items: [Item], _ run: @Sendable (_ item: Item, _ seed: Int, _ threads: Int) throws -> Result
  ) throws -> [[Result]] {
    let pairs = items.flatMap { item in (1...seeds).map { (item, $0) } }
    let found = try sideBySide(pairs) { pair, threads in try run(pair.0, pair.1, threads) }
    return items.indices.map { Array(found[($0 * seeds)..<(($0 + 1) * seeds)]) }
  }
}
