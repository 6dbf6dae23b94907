public import Recurrent

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
  public let heldOut: Range<Int>
  /// Blocks of rows in `before`, in order.
  public let validationBlocks: [Range<Int>]
  package let windows: Windows
  /// Numbers of training and validation windows among `windows`, in order.
  public let training, validation: [Int]
  public let test: Windows

  /// - Throws: `DataError` where a part has not one window.
  package init(rows: Int, plan: WindowPlan, configuration: ForecastConfiguration) throws(DataError) {
    let split = try TimeSplit(
      rows: rows, trainingShare: 1 - configuration.testShare, validationShare: 0,
      testShare: configuration.testShare)
    (before, heldOut) = (split.training, split.test)
    test = try plan.windows(in: split, .test, inputRows: .beforePart)
    let windows = try plan.windows(in: before, named: "training and validation")
    self.windows = windows
    let blocks = Self.blocks(
      before.count, share: configuration.validationShare, rule: configuration.validationRows, plan: plan)
    var isValidation = [Bool](repeating: false, count: before.count)
    for block in blocks { for row in block { isValidation[row] = true } }
    var (training, validation) = ([Int](), [Int]())
    for window in windows.indices {
      let count = plan.horizons.count { isValidation[windows.targetRow(window, horizon: $0)] }
      if count == 0 { training.append(window) }
      if count == plan.horizons.count { validation.append(window) }
    }
    let validationRows = isValidation.count { $0 }
    for (name, found, rows) in [
      ("training", training, before.count - validationRows), ("validation", validation, validationRows),
    ] where found.isEmpty {
      throw .setup(
        .seriesTooShort(part: name, rows: rows, window: plan.length, horizon: plan.longestHorizon))
    }
    validationBlocks = blocks
    (self.training, self.validation) = (training, validation)
  }

  /// About `share` of the rows: one block in every 1 / share, each of a twentieth of the rows or 14 times the window,
  /// whichever is less, and the first of them in the middle of its stretch.
  private static func blocks(
    _ rows: Int, share: Double, rule: ValidationRows, plan: WindowPlan
  ) -> [Range<Int>] {
    switch rule {
    case .last:
      return [rows - max(1, Int((Double(rows) * share).rounded()))..<rows]
    case .blocks:
      let every = max(2, Int((1 / share).rounded()))
      let length = max(plan.longestHorizon + 1, min(14 * plan.length, rows / 20))
      return stride(from: every / 2 * length, to: rows, by: every * length).map {
        $0..<min($0 + length, rows)
      }
    }
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

  /// In words.
  public func describe(_ axis: TimeAxis) -> String {
    func span(_ rows: Range<Int>) -> String {
      "\(axis.label(at: rows.lowerBound)) to \(axis.label(at: rows.upperBound - 1))"
    }
    let blocks = validationBlocks.count == 1 ? "1 block" : "\(validationBlocks.count) blocks"
    return """
      split by time, not shuffled: \(training.count) training windows and, in \(blocks) of rows between them, \
      \(validation.count) validation windows (\(span(before))); \(test.count) held-out windows (\(span(heldOut)))
      """
  }
}
