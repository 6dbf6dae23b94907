/// What chooses the epoch of a run, on the examples that do.
public enum EpochChoice: String, Codable, CaseIterable, Sendable {
  /// The lowest loss.
  case loss
  /// The highest figure of the task: of entities F1, of other tags and of classes the share that is right.
  case figure
}
