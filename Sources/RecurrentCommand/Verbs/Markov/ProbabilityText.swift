internal import RecurrentReports

/// A probability as it stands in a table for people: one that is possible but hardly so as `<0.0001`, not as `1.0e-211`, and so
/// apart from 0, which is impossible.
func probabilityText(_ value: Double, digits: Int) -> String {
  value > 0 && value < 0.0001 ? "<0.0001" : NumberFormat.significant(digits).text(value)
}
