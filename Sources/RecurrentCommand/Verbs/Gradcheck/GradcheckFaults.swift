internal import RecurrentNN
internal import RecurrentReports

/// `--fault` and `--list-faults`.
struct GradcheckFaults {
  let fault: GradientFault
  let tolerance: Double

  static func list(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) -> ExitCode {
    let faults = GradientFault.allCases
    if arguments[StandardOptions.json] {
      let list = faults.map { fault -> JSONValue in
        [
          "name": .string(fault.rawValue), "summary": .string(fault.summary),
          "expected": .array(fault.expected.map { .string($0) }),
        ]
      }
      try console.print(JSONDocument(verb: "gradcheck.faults", ["faults": .array(list)]))
      return .success
    }
    var table = ReportTable([.text("fault"), .text("what is wrong")])
    for fault in faults { table.append([fault.rawValue, fault.summary]) }
    try console.print(table.text())
    return .success
  }

  /// Always a failure: either of the check that was made, or, as an error, of the gradient check itself.
  func run(_ arguments: ParsedArguments, _ console: Console) throws(CommandError) -> ExitCode {
    let sound = fault.reportWithoutFault()
    guard sound.passes(tolerance: tolerance) else {
      let worst = sound.worst.map(describe) ?? "nothing was compared"
      throw CommandError(
        "the network of '\(fault.rawValue)' fails without the fault: \(worst); expected it to pass",
        exitCode: .software)
    }
    let report = fault.report()
    let wrong = report.failing(tolerance: tolerance)
    if arguments[StandardOptions.json] {
      try console.print(document(report, wrong))
    } else {
      try console.print(text(report, wrong, console.style))
    }
    guard wrong.map(\.name) == fault.expected else {
      let found = wrong.isEmpty ? "none" : wrong.map(\.name).joined(separator: ", ")
      throw CommandError(
        "'\(fault.rawValue)': found wrong: \(found), expected: \(fault.expected.joined(separator: ", ")); "
          + "the gradient check itself is at fault",
        exitCode: .software)
    }
    return .failure
  }

  private func text(_ report: GradientReport, _ wrong: [GradientReport.Entry], _ style: TextStyle) -> String {
    var table = ReportTable([
      .text("tensor"), .number("numbers"), .number("error"), .number("gradient"), .number("difference"),
      .text(""),
    ])
    let format = NumberFormat.significant(5)
    for entry in report.entries {
      let isWrong = wrong.contains { $0.name == entry.name }
      table.append(
        [
          entry.name, String(entry.count), NumberFormat.scientific(1).text(entry.error),
          format.text(entry.analytic), format.text(entry.numeric), isWrong ? "WRONG" : "",
        ],
        emphasized: isWrong)
    }
    return """
      fault planted: \(fault.rawValue)
      \(fault.summary)

      \(table.text(emphasis: style.red))
      \(wrong.count) of \(report.entries.count) tensors are wrong; without the fault, none
      """
  }

  private func document(_ report: GradientReport, _ wrong: [GradientReport.Entry]) -> JSONDocument {
    JSONDocument(
      verb: "gradcheck",
      [
        "fault": [
          "name": .string(fault.rawValue), "summary": .string(fault.summary),
          "expected": .array(fault.expected.map { .string($0) }),
          "wrong": .array(wrong.map { .string($0.name) }),
          "caught": .boolean(wrong.map(\.name) == fault.expected),
        ],
        "tensors": .array(report.entries.map { gradientJSON($0) }),
        "tolerance": .number(tolerance), "passed": .boolean(wrong.isEmpty),
      ])
  }
}
