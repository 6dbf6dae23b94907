public import Recurrent
internal import RecurrentReports

/// How the validation rows of a forecaster lie among the rows before the held-out ones.
public enum ValidationRows: String, Codable, CaseIterable, Sendable {
  /// Blocks at equal distances.
  case blocks
  /// The last of them.
  case last
}

/// Which windows train, which choose the epoch, and which are held out.
///
/// A window belongs to the part in which all its targets lie; one whose targets lie in two parts belongs to none. So no
/// value is both learned from and judged by. Held-out windows may look back into the rows before, which are their past.
public struct ForecastSplit: Sendable, Equatable {
  /// Rows before the held-out ones: all that may be learned from.
  public let before: Range<Int>
  /// The last rows, by which the forecaster is judged.
  public let heldOut: Range<Int>
  /// Blocks of rows in `before`, in order.
  public let validationBlocks: [Range<Int>]
  package let windows: Windows
  /// Numbers of training and validation windows among `windows`, in order.
  public let training, validation: [Int]
  /// Windows whose targets lie in the held-out rows.
  public let test: Windows
  private let askedShare: Double

  /// - Throws: `DataError` where a share is not between 0 and 1, and where a part cannot have one window.
  package init(rows: Int, plan: WindowPlan, configuration: ForecastConfiguration) throws(DataError) {
    try configuration.requireShares()
    let split = try TimeSplit(
      rows: rows, trainingShare: 1 - configuration.testShare, validationShare: 0,
      testShare: configuration.testShare)
    (before, heldOut) = (split.training, split.test)
    try Self.requireWindows(before, heldOut, plan, testShare: configuration.testShare)
    test = try plan.windows(in: heldOut, named: "held-out", inputRows: .beforePart)
    let windows = try plan.windows(in: before, named: "training and validation")
    let layout = ValidationLayout(windows: windows, rows: before.count, share: configuration.validationShare)
    let parts = layout.candidates(configuration.validationRows).lazy.map {
      ($0, Self.parts(windows, $0, rows: layout.rows))
    }
    guard let (blocks, found) = parts.first(where: { !$1.training.isEmpty && !$1.validation.isEmpty }) else {
      preconditionFailure("split: \(before.count) rows have two windows apart, and none for each part")
    }
    self.windows = windows
    (validationBlocks, askedShare) = (blocks, configuration.validationShare)
    (training, validation) = found
  }

  private static func requireWindows(
    _ before: Range<Int>, _ heldOut: Range<Int>, _ plan: WindowPlan, testShare: Double
  ) throws(DataError) {
    guard heldOut.count >= plan.targetSpan else {
      throw .setup(
        .partTooShort(
          part: "held-out", rows: heldOut.count, expected: plan.targetSpan,
          inAll: fewestRows(plan, testShare: testShare)))
    }
    if case .tooFewWindows(let rows, let expected, let stride, let largest, _) = plan.tooFewWindows(
      inRows: before.count)
    {
      throw .setup(
        .tooFewWindows(
          rows: rows, expected: expected, stride: stride, largestStride: largest,
          inAll: fewestRows(plan, testShare: testShare)))
    }
  }

  /// The fewest rows that have windows for every part; nil for shares near to 0 or 1, of which no file has enough.
  private static func fewestRows(_ plan: WindowPlan, testShare share: Double) -> Int? {
    guard (0.001...0.999).contains(share) else { return nil }
    func isEnough(_ rows: Int) -> Bool {
      let before = Int((Double(rows) * (1 - share)).rounded())
      return rows - before >= plan.targetSpan && plan.tooFewWindows(inRows: before) == nil
    }
    // Rounding moves a bound between parts by half a row, so that the search begins a little below the answer.
    let (needed, held) = (Double(plan.fewestRows - 1), Double(plan.targetSpan - 1))
    var rows = Int(max(needed / (1 - share), held / share))
    while !isEnough(rows) { rows += 1 }
    return rows
  }

  /// Numbers of the windows all of whose targets lie outside the blocks, and of those all of whose targets lie in them.
  private static func parts(
    _ windows: Windows, _ blocks: [Range<Int>], rows: Int
  ) -> (training: [Int], validation: [Int]) {
    var isValidation = [Bool](repeating: false, count: rows)
    for block in blocks { for row in block { isValidation[row] = true } }
    let horizons = windows.plan.horizons
    var (training, validation) = ([Int](), [Int]())
    for window in windows.indices {
      let count = horizons.count { isValidation[windows.targetRow(window, horizon: $0)] }
      if count == 0 { training.append(window) }
      if count == horizons.count { validation.append(window) }
    }
    return (training, validation)
  }

  /// Windows as runs of neighbours.
  package func runs(of chosen: [Int]) -> [Windows] {
    var runs: [Windows] = []
    var first = 0
    for index in chosen.indices where index + 1 == chosen.count || chosen[index + 1] != chosen[index] + 1 {
      runs.append(
        Windows(plan: windows.plan, first: windows.rows(chosen[first]).lowerBound, count: index - first + 1))
      first = index + 1
    }
    return runs
  }

  /// The share of the rows before the held-out ones that lies in the blocks.
  public var validationShare: Double {
    Double(validationBlocks.reduce(0) { $0 + $1.count }) / Double(before.count)
  }

  /// In words.
  public func describe(_ axis: TimeAxis) -> String {
    func span(_ rows: Range<Int>) -> String {
      "\(axis.label(at: rows.lowerBound)) to \(axis.label(at: rows.upperBound - 1))"
    }
    func percent(_ share: Double) -> String { NumberFormat.fixed(1).text(100 * share) + "%" }
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    let (taken, asked) = (percent(validationShare), percent(askedShare))
    let share = taken == asked ? "\(taken) of these rows" : "\(taken) of these rows, \(asked) asked for"
    return """
      split by time, not shuffled: \(counted(training.count, "training window")) and, in \
      \(counted(validationBlocks.count, "block")) of rows between them, \
      \(counted(validation.count, "validation window")) (\(span(before)); \(share)); \
      \(counted(test.count, "held-out window")) (\(span(heldOut)))
      """
  }
}
