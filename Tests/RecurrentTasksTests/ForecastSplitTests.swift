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

  @Test(arguments: cases) func validationIsAboutItsShare(_ one: Case) throws {
    let split = try one.split()
    let rows = split.validationBlocks.reduce(0) { $0 + $1.count }
    let share = Double(rows) / Double(split.before.count)
    // Blocks come one in every 1 / share; at the end of the rows one may be cut or missing.
    #expect(abs(share - one.validationShare) <= 0.06, "\(share)")
    if one.rule == .last {
      #expect(split.validationBlocks.count == 1)
      #expect(split.validationBlocks[0].upperBound == split.before.upperBound)
    }
    for (first, second) in zip(split.validationBlocks, split.validationBlocks.dropFirst()) {
      #expect(first.upperBound < second.lowerBound)
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
      } catch DataError.setup(.seriesTooShort(_, let found, let window, let horizon)) {
        #expect(accepted == 0, "\(rows) rows are refused, fewer were accepted")
        #expect(found <= rows && window == 6 && horizon == 4)
      } catch DataError.setup(.emptyTraining(let found)) {
        #expect(found == rows && rows <= 2)
      }
    }
    #expect(accepted > 30)
  }
}
