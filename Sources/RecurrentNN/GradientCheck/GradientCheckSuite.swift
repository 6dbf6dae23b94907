internal import RecurrentCore

/// The networks whose gradients are checked: cells × directions × merges × depth × bias × positions × losses, all on
/// sequences of lengths 4, 0, 2, 5 and 1; besides them dropout and noise of the state in training, branches side by side, full
/// lengths, and losses of whole sequences.
public enum GradientCheckSuite {
  /// How many of the networks.
  public enum Extent: String, CaseIterable, Sendable {
    /// Every cell in every direction once: a second, for a self-test.
    case smoke
    /// Every cell with every direction and merge, the other factors in turn, so that every value of every factor
    /// occurs: less than a minute.
    case quick
    /// The whole product: minutes.
    case all
  }

  /// A checked case, as it is reported.
  public struct Result: Sendable, Codable {
    /// The case's name.
    public let name: String
    /// What its check found.
    public let report: GradientReport
  }

  /// The networks of that extent, always the same ones in the same order.
  public static func cases(_ extent: Extent) -> [GradientCheckCase] {
    switch extent {
    case .smoke: stratified(arrangements: [.forward, .reverse, .bidirectional(.unequal, .concatenate)])
    case .quick: stratified(arrangements: Arrangement.all) + special()
    case .all: product() + special()
    }
  }

  /// The reports of all cases, in their order, whatever the threads.
  public static func run(
    _ cases: [GradientCheckCase], threads: Int = 1, check: GradientCheck = GradientCheck()
  ) -> [Result] {
    parallelMap(cases.count, threads: threads) {
      Result(name: cases[$0].name, report: cases[$0].report(check))
    }
  }
}

extension GradientCheckSuite {
  private static func product() -> [GradientCheckCase] {
    var result: [GradientCheckCase] = []
    for cell in CheckedCell.all {
      for arrangement in Arrangement.all {
        for depth in 1...3 {
          for bias in [true, false] {
            for positions in CheckedPositions.all {
              for loss in CheckedLoss.all {
                result.append(
                  GradientCheckCase(
                    cell: cell, arrangement, depth: depth, bias: bias, positions: positions, loss: loss))
              }
            }
          }
        }
      }
    }
    return result
  }

  /// Every cell with every arrangement; the other factors go round, each with a pace of its own, so that they meet in
  /// changing combinations.
  private static func stratified(arrangements: [Arrangement]) -> [GradientCheckCase] {
    var result: [GradientCheckCase] = []
    for (row, cell) in CheckedCell.all.enumerated() {
      for (column, arrangement) in arrangements.enumerated() {
        let turn = row + column
        result.append(
          GradientCheckCase(
            cell: cell, arrangement, depth: 1 + (2 * row + column) % 3, bias: (turn / 2) % 2 == 0,
            positions: CheckedPositions.all[(row + 2 * column) % CheckedPositions.all.count],
            loss: CheckedLoss.all[turn % CheckedLoss.all.count]))
      }
    }
    return result
  }

  private static func special() -> [GradientCheckCase] {
    var result: [GradientCheckCase] = []
    for (index, cell) in CheckedCell.all.enumerated() {
      let other = CheckedCell.all[(index + 1) % CheckedCell.all.count]
      let positions = CheckedPositions.all[index % CheckedPositions.all.count]
      let loss = CheckedLoss.all[index % CheckedLoss.all.count]
      result.append(.dropout(cell, positions: positions, loss: loss))
      for mode in [RunMode.training(seed: 7, update: 3), .inference] {
        result.append(.noise(cell, positions: positions, loss: loss, mode: mode))
      }
      result.append(.fullLengths(cell, positions: positions, loss: loss))
      for sequenceLoss in CheckedLoss.ofSequences {
        // At every step, and where a mask leaves out some within.
        for own in CheckedPositions.all where own.name == "all" || own.name == "mask" {
          result.append(.sequences(cell, positions: own, loss: sequenceLoss))
        }
      }
      for merge in Merge.allCases {
        result.append(.parallel(cell, other, merge: merge, positions: positions, loss: loss))
      }
    }
    return result
  }
}
