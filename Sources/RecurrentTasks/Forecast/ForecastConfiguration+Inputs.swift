internal import Recurrent

extension ForecastConfiguration {
  /// More levels than this are words, not categories, and would each become an input.
  static let levelLimit = 50

  /// The features as the encoder wants them, the target first, and the columns that were left out. A column named twice
  /// counts once.
  ///
  /// Where no features are named, every column is one but the times, columns that never change, columns that count the
  /// rows, and columns with too many different words.
  func inputFeatures(of table: Table) throws(DataError) -> (features: [Feature], leftOut: [String]) {
    // The target must be a number; its gaps are filled for the inputs, and left out of what is asked for.
    _ = try table.numbers(in: target)
    var leftOut: [String] = []
    var others = features ?? []
    if features == nil {
      for name in table.columnNames where !table.time.columns.contains(name) && name != target {
        if let reason = Self.objection(to: try table.column(named: name)), !isNamed(name) {
          leftOut.append("\(name): \(reason), left out")
        } else {
          others.append(name)
        }
      }
    }
    for name in angles + knownAhead + others { _ = try table.column(named: name) }
    var result = [Feature(target, gaps: gaps == .refuse ? .previous : gaps)]
    var seen: Set = [target]
    for name in others + angles + knownAhead where seen.insert(name).inserted {
      result.append(
        Feature(
          name, encoding: angles.contains(name) ? .circle(period: 360) : .automatic, gaps: gaps,
          isKnownAhead: knownAhead.contains(name)))
    }
    return (result, leftOut)
  }

  private func isNamed(_ name: String) -> Bool { angles.contains(name) || knownAhead.contains(name) }

  /// Why a column is no good as an input; `nil`: it is.
  private static func objection(to column: Column) -> String? {
    switch column.values {
    case .time: return nil
    case .categorical(let levels, let codes):
      if levels.count == 1 { return "always '\(levels[0])'" }
      return levels.count > min(levelLimit, max(2, codes.count / 2))
        ? "\(levels.count) different words in \(codes.count) rows" : nil
    case .numeric(let values):
      let present = values.filter { !$0.isNaN }
      guard let first = present.first else { return "no value at all" }
      if present.allSatisfy({ $0 == first }) { return "always \(first)" }
      let counts =
        present.count == values.count && zip(values, values.dropFirst()).allSatisfy { $1 - $0 == 1 }
      return counts ? "counts the rows" : nil
    }
  }
}
