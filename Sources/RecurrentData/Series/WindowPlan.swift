/// How a series is cut into examples: a window of rows as input, values some rows later as targets.
public struct WindowPlan: Codable, Equatable, Sendable {
  /// Rows in a window.
  public let length: Int
  /// Rows from the start of one window to the start of the next.
  public let stride: Int
  /// Rows from a window's last row to each target, ascending, each at least 1.
  public let horizons: [Int]

  /// Where a window's input rows may lie.
  public enum InputRows: String, Codable, Sendable {
    /// In the same part as its targets; no information crosses a split.
    case samePart = "same-part"
    /// Also in the rows before the part, which lie in the past of the targets: more examples, and the first target is
    /// the part's first row for horizon 1.
    case beforePart = "before-part"
  }

  /// What a window, stride or horizon may be, and a layer of a forecaster's network: products of two sizes, and of sizes
  /// and times, stay far below 2⁶³.
  package static let sizes = 1...1 << 20

  /// - Throws: `windowLength`, `stride`, `noHorizon`, `horizon`, `repeatedHorizon`.
  public init(length: Int, stride: Int = 1, horizons: [Int]) throws(DataError) {
    guard Self.sizes.contains(length) else { throw .setup(.windowLength(length)) }
    guard Self.sizes.contains(stride) else { throw .setup(.stride(stride)) }
    guard !horizons.isEmpty else { throw .setup(.noHorizon) }
    for horizon in horizons where !Self.sizes.contains(horizon) { throw .setup(.horizon(horizon)) }
    let sorted = horizons.sorted()
    for (first, second) in zip(sorted, sorted.dropFirst()) where first == second {
      throw .setup(.repeatedHorizon(first))
    }
    (self.length, self.stride, self.horizons) = (length, stride, sorted)
  }

  /// Rows from a window's last row to its last target.
  public var longestHorizon: Int { horizons[horizons.count - 1] }

  /// Rows from a window's first target to its last, both counted.
  package var targetSpan: Int { longestHorizon - horizons[0] + 1 }

  /// Rows that have two windows whose targets lie apart.
  package var fewestRows: Int {
    let steps = (targetSpan + stride - 1) / stride
    return length + longestHorizon + steps * stride
  }

  /// Why so many rows have no two windows whose targets lie apart, one to train on and one to choose the epoch; `nil`:
  /// they have.
  package func tooFewWindows(inRows rows: Int) -> SetupFault? {
    let expected = fewestRows
    guard rows < expected else { return nil }
    let spare = rows - length - longestHorizon
    return .tooFewWindows(
      rows: rows, expected: expected, stride: stride, largestStride: spare >= targetSpan ? spare : nil)
  }

  /// The windows whose targets, at every horizon, lie in the part.
  ///
  /// In each part, all horizons are measured on the same windows, so their figures can be compared.
  ///
  /// - Parameter earliestRow: the first row that may be used as input with `.beforePart`.
  /// - Throws: `seriesTooShort`, or `partTooShort` or `tooFewRows` with `.beforePart`, where not even one window fits.
  public func windows(
    in split: TimeSplit, _ part: TimeSplit.Part, inputRows: InputRows = .samePart, earliestRow: Int = 0
  ) throws(DataError) -> Windows {
    try windows(in: split[part], named: part.rawValue, inputRows: inputRows, earliestRow: earliestRow)
  }

  /// As above, for rows that need not be a part of a split.
  ///
  /// - Parameter name: what errors call the part; nil: the rows are a whole series.
  public func windows(
    in rows: Range<Int>, named name: String?, inputRows: InputRows = .samePart, earliestRow: Int = 0
  ) throws(DataError) -> Windows {
    // The target of the shortest horizon is the first that must not lie before the part.
    let first =
      switch inputRows {
      case .samePart: rows.lowerBound
      case .beforePart: max(min(earliestRow, rows.lowerBound), rows.lowerBound - length - horizons[0] + 1)
      }
    let spare = rows.upperBound - first - length - longestHorizon
    if inputRows == .beforePart, let name {
      guard rows.count >= targetSpan else {
        throw .setup(.partTooShort(part: name, rows: rows.count, expected: targetSpan, inAll: nil))
      }
      guard spare >= 0 else {
        throw .setup(
          .tooFewRows(upTo: name, rows: rows.upperBound - first, window: length, horizon: longestHorizon))
      }
    }
    guard !rows.isEmpty, spare >= 0 else {
      throw .setup(
        .seriesTooShort(part: name, rows: rows.upperBound - first, window: length, horizon: longestHorizon))
    }
    return Windows(plan: self, first: first, count: spare / stride + 1)
  }

  /// What an example is, in words: `each example is 24 consecutive rows (24 h); the next one starts 1 row (1 h) later; …`.
  public func describe(step: TimeStep = .rows) -> String {
    let rows = { (count: Int, noun: String) in
      counted(count, noun + "row") + (step == .rows ? "" : " (\(step.duration(count)))")
    }
    let numbers = listed(horizons.map(grouped))
    let plural = horizons == [1] ? "row" : "rows"
    let times = step == .rows ? "" : " (\(listed(horizons.map { step.duration($0) })))"
    return """
      each example is \(rows(length, length == 1 ? "" : "consecutive ")); the next one starts \(rows(stride, "")) later; \
      what is asked is the value \(numbers) \(plural)\(times) after its last row
      """
  }
}

/// The windows of one part: a regular run of starts.
public struct Windows: Equatable, Sendable {
  /// Their length, stride and horizons.
  public let plan: WindowPlan
  /// The first row of the first window.
  public let first: Int
  /// How many windows.
  public let count: Int

  /// `count` windows, the first of which begins at row `first`, the others a stride apart.
  ///
  /// - Precondition: first ≥ 0, count > 0.
  public init(plan: WindowPlan, first: Int, count: Int) {
    precondition(first >= 0 && count > 0, "windows: \(count) from row \(first)")
    (self.plan, self.first, self.count) = (plan, first, count)
  }

  /// The numbers of the windows.
  public var indices: Range<Int> { 0..<count }

  /// The input rows of a window.
  public func rows(_ index: Int) -> Range<Int> {
    let start = first + index * plan.stride
    return start..<start + plan.length
  }

  /// The last input row of a window.
  public func lastRow(_ index: Int) -> Int { rows(index).upperBound - 1 }

  /// The row whose value is asked for.
  public func targetRow(_ index: Int, horizon: Int) -> Int { lastRow(index) + horizon }

  /// The targets at one horizon, one for each window.
  public func targets(of series: [Double], horizon: Int) -> [Double] {
    indices.map { series[targetRow($0, horizon: horizon)] }
  }
}
