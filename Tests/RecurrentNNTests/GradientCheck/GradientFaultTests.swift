import RecurrentNN
import Testing

@Suite("Faults in gradients")
struct GradientFaultTests {
  @Test(arguments: GradientFault.allCases)
  func theFaultIsFoundWhereItIs(_ fault: GradientFault) {
    let report = fault.report()
    #expect(!report.passes())
    #expect(Set(report.failing().map(\.name)) == Set(fault.expected))
    #expect(Set(fault.expected).count == fault.expected.count)
    // Not at the edge of the tolerance: a fault is no rounding error.
    for entry in report.failing() { #expect(entry.error > 1e-4, "\(entry.name)") }
  }

  @Test(arguments: GradientFault.allCases)
  func theNetworkPassesWithoutTheFault(_ fault: GradientFault) {
    let report = fault.reportWithoutFault()
    #expect(report.passes(), "\(report.worst.map { "\($0.name) \($0.error)" } ?? "nothing checked")")
  }

  /// The published companion code of the source notes leaves the reverse chain's gradient out at the last step; an
  /// independent computation in numpy, with other numbers, found these two matrices wrong and the other four right.
  @Test func theNotesNetworkNamesExactlyTwoOfItsSixMatrices() {
    let report = GradientFault.reverseLastOutputGradientOmitted.report()
    #expect(report.entries.count == 6)
    #expect(report.failing().map(\.name) == ["body.1.0.reverse.weightInput", "body.1.1.weight"])
    for entry in report.failing() { #expect(entry.error > 0.01) }
  }

  @Test func everyFaultHasWords() {
    for fault in GradientFault.allCases { #expect(fault.summary.count > 20) }
    #expect(Set(GradientFault.allCases.map(\.summary)).count == GradientFault.allCases.count)
  }
}
