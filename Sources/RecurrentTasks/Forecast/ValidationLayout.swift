internal import Recurrent

/// Where the rows that choose the epoch may lie among those before the held-out ones, nearest to what was asked first.
///
/// A series may be too short for what was asked, so ``ForecastSplit`` takes the first of these with windows for training
/// and for validation.
struct ValidationLayout {
  let windows: Windows
  /// All that may be learned from.
  let rows: Int
  let share: Double

  /// Rows of the share, at least one.
  private var asked: Int { max(1, Int((Double(rows) * share).rounded())) }

  private var plan: WindowPlan { windows.plan }
  /// Rows from a window's first target to its last.
  private var span: Int { plan.targetSpan }
  /// So many rows in a row hold all targets of some window, wherever the stride puts it.
  private var shortestBlock: Int { span + plan.stride - 1 }
  /// Rows that can be targets: none of the first window's own rows.
  private var targets: Range<Int> { windows.targetRow(0, horizon: plan.horizons[0])..<rows }

  func candidates(_ rule: ValidationRows) -> [[Range<Int>]] {
    switch rule {
    case .last: ends(nearest: asked)
    case .blocks:
      [wholeBlocks].filter(isNearEnough) + evenBlocks + ends(nearest: max(asked, shortestBlock))
    }
  }

  /// A twentieth of the rows or 14 windows, whichever is less; but a window's targets must lie in one part, so of short
  /// blocks and the gaps between them little would be left.
  private var usualBlock: Int { max(4 * span, min(14 * plan.length, rows / 20)) }

  /// One block in every 1 / share, rounded, of the usual length, and the first of them in the middle of its stretch.
  private var wholeBlocks: [Range<Int>] {
    // Of a share so small that no row is one, 1 / share is beyond all whole numbers.
    let (every, length) = (max(2, Int(min(1 / share, Double(rows)).rounded())), usualBlock)
    return stride(from: every / 2 * length, to: rows, by: every * length).map {
      $0..<min($0 + length, rows)
    }
  }

  /// Whether blocks hold the share, or up to a twentieth of it more or less, and each of them windows' targets.
  private func isNearEnough(_ blocks: [Range<Int>]) -> Bool {
    let count = blocks.reduce(0) { $0 + $1.count }
    return 20 * abs(count - asked) <= asked
      && blocks.allSatisfy { $0.count >= shortestBlock && $0.lowerBound >= targets.lowerBound }
  }

  /// The share to the row, in blocks of about the usual length, each in the middle of an equal stretch of the targets;
  /// then in ever fewer blocks, between which more windows fit.
  private var evenBlocks: [[Range<Int>]] {
    let total = max(asked, shortestBlock)
    let most = min(Int((Double(total) / Double(usualBlock)).rounded()), total / shortestBlock)
    return (1...max(1, most)).reversed().compactMap { count in
      // With fewer rows between them, blocks would touch.
      guard targets.count - total >= 2 * count else { return nil }
      return (0..<count).map { block in
        let length = (block + 1) * total / count - block * total / count
        let first = targets.lowerBound + ((2 * block + 1) * targets.count / count - length) / 2
        return first..<first + length
      }
    }
  }

  /// The last rows: as many as asked, half of those that can be targets, or only the last window's.
  private func ends(nearest count: Int) -> [[Range<Int>]] {
    let lastWindow = rows - windows.targetRow(windows.count - 1, horizon: plan.horizons[0])
    let counts = [count, targets.count / 2, lastWindow].filter { (1..<rows).contains($0) }
    return counts.sorted { abs($0 - count) < abs($1 - count) }.map { [rows - $0..<rows] }
  }
}
