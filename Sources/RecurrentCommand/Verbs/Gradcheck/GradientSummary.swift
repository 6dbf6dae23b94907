internal import RecurrentNN
internal import RecurrentReports

/// What many gradient checks come to.
struct GradientSummary {
  /// A tensor of a case.
  struct Place {
    let name: String
    let entry: GradientReport.Entry
  }

  /// The cases of one cell; those that mix two count for the first.
  struct Cell {
    let name: String
    let summary: GradientSummary
  }

  let results: [GradientCheckSuite.Result]
  let tolerance: Double

  init(_ results: [GradientCheckSuite.Result], tolerance: Double = GradientCheck.tolerance) {
    self.results = results
    self.tolerance = tolerance
  }

  var cases: Int { results.count }

  /// Derivatives compared.
  var numbers: Int { results.reduce(0) { $0 + $1.report.count } }

  var worst: Place? {
    results.compactMap { result in result.report.worst.map { Place(name: result.name, entry: $0) } }
      .max { $0.entry.error < $1.entry.error }
  }

  /// The cases in which something is wrong, or nothing was checked.
  var failing: [GradientCheckSuite.Result] { results.filter { !$0.report.passes(tolerance: tolerance) } }

  /// By cell, in order of first appearance.
  var cells: [Cell] {
    var order: [String] = []
    var groups: [String: [GradientCheckSuite.Result]] = [:]
    for result in results {
      let name = GradientCaseFilter.cells(result.name).first ?? result.name
      if groups[name] == nil { order.append(name) }
      groups[name, default: []].append(result)
    }
    return order.map {
      Cell(name: $0, summary: GradientSummary(groups[$0] ?? [], tolerance: tolerance))
    }
  }
}
