import RecurrentReproductions
import RecurrentTasks
import Testing

/// The worked examples of the source notes pass for any numbers drawn, and say what they should.
@Suite struct ReproductionTests {
  @Test(arguments: [1, 2, 77] as [UInt64]) func oneHotWords(seed: UInt64) throws {
    let report = NoteOneHot(settings: ReproductionSettings(seed: seed)).report { _ in }
    #expect(report.passed && report.checks.count == 4, "\(report.checks.filter { !$0.passed })")
    #expect(report.tables.count == 4 && report.tables.allSatisfy { !$0.rows.isEmpty })
    #expect(
      report.tables[0].rows == [
        ["1", "I", "[1, 0, 0, 0]"], ["2", "am", "[0, 1, 0, 0]"], ["3", "a", "[0, 0, 1, 0]"],
        ["4", "student", "[0, 0, 0, 1]"],
      ])
    // The sum of L⟨t⟩ over four words, as printed, and a total in the title.
    let losses = report.tables[2].rows.compactMap { Double($0[5]) }
    let total = report.tables[2].title.split(separator: " ").last.flatMap { Double($0) }
    // Each number is rounded to four places.
    #expect(losses.count == 4 && abs(losses.reduce(0, +) - (total ?? .nan)) <= 5 * 0.5e-4)
    // Five parameters, a row for each of four steps and one for their sum.
    #expect(report.tables[3].rows.count == 5 * 5)
  }

  @Test(arguments: [1, 2, 77] as [UInt64]) func bidirectional(seed: UInt64) throws {
    let report = NoteBidirectional(settings: ReproductionSettings(seed: seed)).report { _ in }
    #expect(report.passed && report.checks.count == 6 + 2 + 3, "\(report.checks.filter { !$0.passed })")
    #expect(report.tables[0].rows.map { $0[0] } == ["U1", "W1", "V1", "U2", "W2", "V2"])
    // Stored as [outputs, inputs]; both chains read d = 4 and write q = 3.
    #expect(
      report.tables[0].rows.map { $0[2] } == ["[5, 4]", "[5, 5]", "[3, 5]", "[2, 4]", "[2, 2]", "[3, 2]"])
  }

  @Test func aFailedCheckFailsTheReport() {
    let good = ReproductionReport.Check("a", found: "1", passed: true)
    let bad = ReproductionReport.Check("b", found: "2", passed: false)
    var report = NoteOneHot(settings: ReproductionSettings()).report { _ in }
    report.checks = [good]
    #expect(report.passed)
    report.checks = [good, bad]
    #expect(!report.passed)
  }

  /// Wins, pairs, and the two-sided tail of a fair coin over 2 to the pairs.
  static let tails: [[Int]] = [
    [5, 5, 2], [0, 5, 2], [10, 10, 2], [8, 10, 112], [2, 10, 112], [5, 10, 1024], [3, 6, 64],
    [15, 20, 43400],
    [0, 0, 1],
  ]

  @Test(arguments: tails) func signTest(_ tail: [Int]) {
    let expected = Double(tail[2]) / Double(1 << tail[1])
    // A few additions of whole numbers below 2⁵³: only the division rounds.
    #expect(abs(PM25Reproduction.signTest(wins: tail[0], of: tail[1]) - expected) <= 1e-15)
  }

  @Test func quantiles() {
    let values = [4.0, 1, 3, 2]
    #expect(PM25Reproduction.quantile(values, 0) == 1 && PM25Reproduction.quantile(values, 1) == 4)
    #expect(PM25Reproduction.quantile(values, 0.5) == 2.5)
    #expect(PM25Reproduction.quantile(values, 0.25) == 1.75)
    #expect(PM25Reproduction.quantile([7], 0.3) == 7)
    #expect(PM25Reproduction.quantile([], 0.5).isNaN)
  }
}
