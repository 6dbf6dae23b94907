internal import Recurrent

extension ForecastConfiguration {
  /// The windows that the settings ask for.
  func plan() throws(DataError) -> WindowPlan {
    try WindowPlan(length: window, stride: stride, horizons: horizons)
  }

  /// Refuses a share of all rows, or of none, and what is no number.
  func requireShares() throws(DataError) {
    for (part, share, example) in [
      ("test", testShare, "--test-share 0.2"), ("validation", validationShare, "--validation-share 0.15"),
    ] where !share.isShare {
      throw .setup(.share(of: part, value: share, example: example))
    }
  }

  /// More levels than this are words, not categories, and would each become an input.
  static let levelLimit = 50

  /// The features as the encoder wants them, the target first, and the columns that were left out. A column named twice
  /// counts once.
  ///
  /// Where no features are named, every column is one but the times, columns that never change, columns that count the
  /// rows, and columns with too many different words. Only rows that may be learned from decide.
  func inputFeatures(
    of table: Table, trainingRows: Range<Int>
  ) throws(DataError) -> (features: [Feature], leftOut: [String]) {
    // The target must be a number; its gaps are filled for the inputs, and left out of what is asked for.
    _ = try table.numbers(in: target)
    let present = trainingRows.filter { !(table.inserted?.isInserted[$0] ?? false) }
    let (angles, knownAhead) = (Set(angles), Set(knownAhead))
    var leftOut: [String] = []
    var others = features ?? []
    if features == nil {
      for name in table.columnNames where !table.time.columns.contains(name) && name != target {
        let column = try table.column(named: name)
        let isNamed = angles.contains(name) || knownAhead.contains(name)
        if !isNamed, let reason = Self.objection(to: column, rows: present) {
          leftOut.append("\(name): \(reason), left out")
        } else {
          others.append(name)
        }
      }
    }
    for name in self.angles + self.knownAhead + others { _ = try table.column(named: name) }
    var result = [Feature(target, gaps: gaps == .refuse ? .previous : gaps)]
    var seen: Set = [target]
    for name in others + self.angles + self.knownAhead where seen.insert(name).inserted {
      result.append(
        Feature(
          name, encoding: angles.contains(name) ? .circle(period: 360) : .automatic, gaps: gaps,
          isKnownAhead: knownAhead.contains(name)))
    }
    return (result, leftOut)
  }

  /// Why a column is no good as an input; `nil`: it is.
  private static func objection(to column: Column, rows: [Int]) -> String? {
    switch column.values {
    case .time: return nil
    case .categorical(let levels, let codes):
      let present = Set(rows.map { codes[$0] }.filter { $0 >= 0 })
      guard let first = present.first else { return "no value in the training rows" }
      if present.count == 1 { return "always '\(levels[Int(first)])' in the training rows" }
      guard present.count > min(levelLimit, max(2, rows.count / 2)) else { return nil }
      let words = "\(present.count) different words in \(rows.count) training rows"
      let texts = present.map { levels[Int($0)] }
      return MarkedNumber.prevail(in: texts)
        ? words + ", which look like numbers with thousands marks or units; write them without" : words
    case .numeric(let all):
      let values = rows.map { all[$0] }
      let present = values.filter { !$0.isNaN }
      guard let first = present.first else { return "no value in the training rows" }
      if present.allSatisfy({ $0 == first }) { return "always \(first) in the training rows" }
      let counts =
        present.count == values.count && zip(values, values.dropFirst()).allSatisfy { $1 - $0 == 1 }
      return counts ? "counts the rows" : nil
    }
  }
}

extension Double {
  /// Whether a part can have this share of the rows and leave some.
  var isShare: Bool { self > 0 && self < 1 }
}
