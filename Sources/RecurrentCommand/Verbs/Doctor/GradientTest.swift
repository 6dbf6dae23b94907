internal import RecurrentNN
internal import RecurrentReports

extension SelfTest {
  /// Every cell in every direction against central differences, in double precision.
  static let gradients = SelfTest(name: "gradients: every cell, against differences") {
    () throws(SelfTestFailure) in
    let cases = GradientCheckSuite.cases(.smoke)
    let summary = GradientSummary(
      GradientCheckSuite.run(cases, threads: ThreadCount.cores))
    let limit = NumberFormat.scientific(0).text(GradientCheck.tolerance)
    guard let worst = summary.worst else { throw SelfTestFailure("nothing was checked") }
    let error = NumberFormat.scientific(1).text(worst.entry.error)
    guard summary.failing.isEmpty else {
      throw SelfTestFailure(
        "'\(worst.entry.name)' of '\(worst.name)': relative error \(error), expected at most \(limit)")
    }
    return "\(summary.cases) networks, \(summary.numbers) numbers, worst relative error \(error) of \(limit)"
  }
}
