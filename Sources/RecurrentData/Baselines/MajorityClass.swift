/// The class that most training examples have, whatever the example: what every classifier must be better than.
public struct MajorityClass: Codable, Hashable, Sendable {
  /// The class; of equally frequent ones the first in the order of their scalars.
  public let label: String
  /// Its share of the training examples.
  public let share: Double

  /// - Precondition: one label at least.
  public init(fitting labels: [String]) {
    precondition(!labels.isEmpty, "MajorityClass: no label")
    let first = TokenCounts(of: labels).mostFrequentFirst[0]
    (label, share) = (first.token, Double(first.count) / Double(labels.count))
  }
}
