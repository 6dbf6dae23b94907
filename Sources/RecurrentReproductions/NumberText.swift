internal import RecurrentReports

/// Numbers as reproductions print them.
func number(_ value: Double) -> String { NumberFormat.fixed(4).text(value) }
func scientific(_ value: Double) -> String { NumberFormat.scientific(1).text(value) }
func vector(_ values: [Double]) -> String { values.map(number).joined(separator: " ") }
/// So many decimals.
func decimals(_ value: Double, _ places: Int) -> String { NumberFormat.fixed(places).text(value) }
func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
/// The mean of several runs, with the least and the greatest where there are several.
func spread(_ values: [Double], _ places: Int) -> String {
  guard values.count > 1, let least = values.min(), let greatest = values.max() else {
    return decimals(mean(values), places)
  }
  return
    "\(decimals(mean(values), places)) (\(decimals(least, places)) to \(decimals(greatest, places)), \(values.count) runs)"
}
/// A share in percent.
func percent(_ share: Double) -> String { decimals(100 * share, 2) + " %" }
/// The mean of several shares in percent, with the least and the greatest.
func percents(_ shares: [Double]) -> String { spread(shares.map { 100 * $0 }, 2) + " %" }
