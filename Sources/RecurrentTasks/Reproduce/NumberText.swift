internal import Foundation

/// Numbers as reproductions print them.
func number(_ value: Double) -> String { String(format: "%.4f", value) }
func scientific(_ value: Double) -> String { String(format: "%.1e", value) }
func vector(_ values: [Double]) -> String { values.map(number).joined(separator: " ") }
