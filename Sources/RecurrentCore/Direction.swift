/// Which way a layer runs over time: from a sequence's first step to its last, or from its last to its first.
///
/// The word "backward" is kept for gradients; a direction is never called that.
public enum Direction: String, Codable, CaseIterable, Sendable {
  /// From step 0 to each sequence's own last step.
  case forward
  /// From each sequence's own last step to step 0.
  case reverse
}
