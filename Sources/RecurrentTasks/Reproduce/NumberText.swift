internal import RecurrentReports

/// Numbers as reproductions print them.
func number(_ value: Double) -> String { NumberFormat.fixed(4).text(value) }
func scientific(_ value: Double) -> String { NumberFormat.scientific(1).text(value) }
func vector(_ values: [Double]) -> String { values.map(number).joined(separator: " ") }
