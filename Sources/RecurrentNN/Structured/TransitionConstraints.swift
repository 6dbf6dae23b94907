/// Which labels may begin a sequence, follow one another, and end it. What is forbidden scores −∞ in a
/// ``ConditionalRandomField``, so that no path through it has any probability and no gradient reaches its parameter.
public struct TransitionConstraints: Sendable, Hashable, Codable {
  /// `[K]`: whether a sequence may begin with a label.
  public let starts: [Bool]
  /// `[K][K]`: whether the second label may follow the first.
  public let transitions: [[Bool]]
  /// `[K]`: whether a sequence may end with a label.
  public let ends: [Bool]

  /// K.
  public var labelCount: Int { starts.count }

  /// Constraints by their tables: `starts` and `ends` `[K]`, `transitions` `[K][K]`; `nil`: everything is allowed there.
  ///
  /// Precondition: the tables are of one K.
  public init(labels count: Int, starts: [Bool]? = nil, transitions: [[Bool]]? = nil, ends: [Bool]? = nil) {
    let all = [Bool](repeating: true, count: count)
    self.starts = starts ?? all
    self.transitions = transitions ?? [[Bool]](repeating: all, count: count)
    self.ends = ends ?? all
    precondition(
      self.starts.count == count && self.ends.count == count && self.transitions.count == count
        && self.transitions.allSatisfy { $0.count == count },
      "constraints of \(count) labels: \(self.starts.count) starts, \(self.ends.count) ends, transitions from \(self.transitions.count)"
    )
  }

  /// Whether a sequence may have these labels. One of no label may always.
  ///
  /// Precondition: labels are in 0 ..< K.
  public func allows(_ labels: [Int]) -> Bool { firstViolation(in: labels) == nil }

  /// Where a sequence breaks a rule first.
  enum Violation: Hashable {
    case start
    /// Between the step before and this one.
    case transition(step: Int)
    case end
  }

  func firstViolation(in labels: [Int]) -> Violation? {
    guard let first = labels.first, let last = labels.last else { return nil }
    if !starts[first] { return .start }
    for step in labels.indices.dropFirst() where !transitions[labels[step - 1]][labels[step]] {
      return .transition(step: step)
    }
    return ends[last] ? nil : .end
  }
}
