internal import Foundation
package import Recurrent

extension ForecastConfiguration {
  /// The settings in the text that ``ForecastDirectory/fingerprint(_:_:)`` made; `nil` where it is of another form.
  package init?(fingerprint: String) {
    // The settings come first, pretty-printed: of all lines of that text, only its last is a lone brace.
    guard let end = fingerprint.range(of: "\n}\n"),
      let decoded = try? JSONDecoder().decode(Self.self, from: Data(fingerprint[..<end.upperBound].utf8))
    else { return nil }
    self = decoded
  }

  /// These settings with the inputs named that would be taken from a table, but for some columns, and what was left out
  /// besides, with the reasons.
  ///
  /// - Throws: `DataError` where the table has no such column, or too few rows.
  package func excluding(
    _ names: [String], of table: Table
  ) throws(DataError) -> (configuration: ForecastConfiguration, leftOut: [String]) {
    for name in names { _ = try table.column(named: name) }
    let split = try ForecastSplit(rows: table.rowCount, plan: try plan(), configuration: self)
    let inputs = try inputFeatures(of: table, trainingRows: split.before)
    var result = self
    let excluded = Set(names)
    result.features = inputs.features.map(\.column).filter { $0 != target && !excluded.contains($0) }
    let unasked = inputs.leftOut.filter { line in !names.contains { line.hasPrefix("\($0): ") } }
    return (result, unasked)
  }
}
