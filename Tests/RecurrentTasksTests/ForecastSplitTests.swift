import Recurrent
import RecurrentTasks
import Testing

/// No value is both learned from and judged by.
@Suite struct ForecastSplitTests {
  struct Case: CustomTestStringConvertible {
    let rows: Int, window: Int, horizons: [Int], stride: Int
    let rule: ValidationRows
    let validationShare: Double, testShare: Double

    var testDescription: String {
      "\(rows) rows, window \(window), horizons \(horizons), stride \(stride), \(rule), \(validationShare), \(testShare)"
    }

    func plan() throws -> WindowPlan { try WindowPlan(length: window, stride: stride, horizons: horizons) }

    func split() throws -> ForecastSplit {
      var configuration = ForecastConfiguration(target: "y")
      configuration.validationRows = rule
      configuration.validationShare = validationShare
      configuration.testShare = testShare
      return try ForecastSplit(rows: rows, plan: plan(), configuration: configuration)
    }
  }

  static let cases = ValidationRows.allCases.flatMap { rule in
    [
      Case(
        rows: 8760, window: 24, horizons: [1, 2, 4, 8], stride: 1, rule: rule, validationShare: 0.15,
        testShare: 0.2),
      Case(
        rows: 500, window: 7, horizons: [3, 11], stride: 4, rule: rule, validationShare: 0.3, testShare: 0.1),
      Case(
        rows: 120, window: 1, horizons: [1], stride: 1, rule: rule, validationShare: 0.05, testShare: 0.5),
      Case(
        rows: 200, window: 12, horizons: [6], stride: 5, rule: rule, validationShare: 0.5, testShare: 0.3),
    ]
  }

  @Test(arguments: cases) func noTargetLiesInTwoParts(_ one: Case) throws {
    let split = try one.split()
    func targets(_ windows: Windows, _ chosen: [Int]) -> Set<Int> {
      Set(chosen.flatMap { window in one.horizons.map { windows.rows(window).upperBound - 1 + $0 } })
    }
    let training = targets(split.windows, split.training)
    let validation = targets(split.windows, split.validation)
    let test = targets(split.test, Array(split.test.indices))
    #expect(training.isDisjoint(with: validation))
    #expect(training.isDisjoint(with: test) && validation.isDisjoint(with: test))
    // The held-out rows are the last share, and only they are asked for there.
    #expect(split.before == 0..<split.heldOut.lowerBound && split.heldOut.upperBound == one.rows)
    #expect(abs(Double(split.heldOut.count) / Double(one.rows) - one.testShare) <= 0.5 / Double(one.rows))
    #expect(test.allSatisfy(split.heldOut.contains))
    #expect(test.min() == split.heldOut.lowerBound)
    // What is learned from, inputs too, ends before them.
    for window in split.training + split.validation {
      #expect(
        split.windows.rows(window).upperBound - 1 + one.horizons[one.horizons.count - 1]
          < split.before.upperBound)
    }
    let blocks = Set(split.validationBlocks.joined())
    #expect(validation.isSubset(of: blocks) && training.isDisjoint(with: blocks))
  }

  @Test(arguments: cases) func validationIsItsShare(_ one: Case) throws {
    let split = try one.split()
    // Blocks of the usual length may hold up to a twentieth of the share more or less.
    #expect(
      abs(split.validationShare - one.validationShare)
        <= one.validationShare / 20 + 1 / Double(split.before.count),
      "\(split.validationShare)")
    if one.rule == .last {
      #expect(split.validationBlocks.count == 1)
      #expect(split.validationBlocks[0].upperBound == split.before.upperBound)
    }
    for (first, second) in zip(split.validationBlocks, split.validationBlocks.dropFirst()) {
      #expect(first.upperBound < second.lowerBound)
    }
  }

  /// Every share that the command allows, on a long and on a short file.
  @Test(arguments: [8760, 240], ValidationRows.allCases)
  func everyShareIsTaken(rows: Int, rule: ValidationRows) throws {
    for hundredth in 1...50 {
      let share = Double(hundredth) / 100
      let one = Case(
        rows: rows, window: 24, horizons: [1, 2, 4, 8], stride: 1, rule: rule, validationShare: share,
        testShare: 0.2)
      let split = try one.split()
      let (taken, all) = (split.validationBlocks.reduce(0) { $0 + $1.count }, split.before.count)
      // A window's targets reach over 8 rows, so fewer hold none.
      let asked = max(8, Int((share * Double(all)).rounded()))
      #expect(abs(taken - asked) <= asked / 20, "\(taken) rows of \(asked), share \(share)")
      #expect(split.validationShare == Double(taken) / Double(all))
      #expect(split.validationBlocks.allSatisfy { $0.count >= 8 && $0.upperBound <= all })
      #expect(split.validation.count == taken - 7 * split.validationBlocks.count, "no window is lost")
      let (tenths, text) = ((2000 * taken + all) / (2 * all), split.describe(.counted(rows)))
      #expect(text.contains("; \(tenths / 10).\(tenths % 10)% of these rows"), "\(text)")
      // Blocks are a part of the rows however they lie: what is left over trains.
      #expect(split.training.count > split.validation.count / 2)
    }
  }

  /// The layout that the figures of README.md were measured with.
  @Test func theDefaultLayoutStays() throws {
    let split = try Self.cases[0].split()
    #expect(split.validationBlocks == [1008..<1344, 3360..<3696, 5712..<6048])
    let text = split.describe(.counted(8760))
    #expect(
      text.contains("in 3 blocks") && text.contains("; 14.4% of these rows, 15.0% asked for)"), "\(text)")
  }

  /// With a stride, few windows lie in a block; some do wherever two lie apart.
  @Test func aStrideIsRefusedOnlyWhereItLeavesNoTwoWindows() throws {
    for stride in [1, 2, 3, 5, 8, 13, 40, 90, 150, 159, 160, 161, 1000] {
      for rule in ValidationRows.allCases {
        for share in [0.01, 0.15, 0.3, 0.5] {
          let one = Case(
            rows: 240, window: 24, horizons: [1, 2, 4, 8], stride: stride, rule: rule,
            validationShare: share, testShare: 0.2)
          // 192 rows before the held-out ones, a window of 24 and 8 rows ahead.
          if stride <= 192 - 24 - 8 {
            let split = try one.split()
            #expect(!split.training.isEmpty && !split.validation.isEmpty)
          } else {
            #expect(
              throws: DataError.setup(
                .tooFewWindows(
                  rows: 192, expected: 32 + stride, stride: stride, largestStride: 160,
                  // The fewest rows of which 4 in 5, rounded, are as many as expected.
                  inAll: (240...).first { (4 * $0 * 2 + 5) / 10 >= 32 + stride }))
            ) { try one.split() }
          }
        }
      }
    }
  }

  @Test func blocksLieInAllSeasons() throws {
    let split = try Self.cases[0].split()
    #expect(Self.cases[0].rule == .blocks)
    for quarter in 0..<4 {
      let rows = split.before.count / 4 * quarter..<split.before.count / 4 * (quarter + 1)
      #expect(split.validationBlocks.contains { rows.overlaps($0) })
    }
  }

  @Test func runsAreTheTrainingWindows() throws {
    for one in Self.cases {
      let split = try one.split()
      let rows = split.runs(of: split.training).flatMap { run in run.indices.map { run.rows($0) } }
      #expect(rows == split.training.map { split.windows.rows($0) })
    }
  }

  /// A series that is long enough by one row is accepted; each shorter one is refused with the rows that it has.
  @Test func tooShortIsADataError() throws {
    var accepted = 0
    for rows in 1...80 {
      let one = Case(
        rows: rows, window: 6, horizons: [1, 4], stride: 1, rule: .blocks, validationShare: 0.2,
        testShare: 0.25)
      do {
        _ = try one.split()
        accepted += 1
      } catch DataError.setup(.partTooShort("held-out", let found, let expected, let inAll)) {
        #expect(accepted == 0, "\(rows) rows are refused, fewer were accepted")
        #expect(found < 4 && expected == 4 && inAll == 18)
      } catch DataError.setup(.tooFewWindows(let found, let expected, _, let largestStride, let inAll)) {
        #expect(inAll == 18)
        // 6 rows and 4 ahead, and 4 more for targets that lie apart.
        #expect(accepted == 0 && found < rows && found < expected && expected == 14 && largestStride == nil)
      } catch DataError.setup(.emptyTraining(let found)) {
        #expect(found == rows && rows <= 2)
      }
    }
    // Of 18 rows, 14 come before the held-out ones.
    #expect(accepted == 80 - 17)
  }

  /// The fewest rows that an error names are enough, and one fewer is not.
  @Test func theFewestRowsOfAllAreNamed() throws {
    for (window, horizons, stride) in [
      (10, [1, 48], 1), (24, [1, 2, 4, 8], 1), (3, [7], 5), (1000, [1, 2], 40),
    ] {
      for share in [0.01, 0.07, 0.2, 0.35, 0.5, 0.9] {
        func error(_ rows: Int) -> DataError? {
          let one = Case(
            rows: rows, window: window, horizons: horizons, stride: stride, rule: .blocks,
            validationShare: 0.15, testShare: share)
          return dataError { _ = try one.split() }
        }
        let fewest: Int? =
          switch error(20) {
          case .setup(.partTooShort(_, _, _, let inAll)), .setup(.tooFewWindows(_, _, _, _, let inAll)): inAll
          default: nil
          }
        guard let fewest else { continue }
        #expect(error(fewest) == nil && error(fewest - 1) != nil, "\(window) \(horizons) \(share): \(fewest)")
      }
    }
  }
}
