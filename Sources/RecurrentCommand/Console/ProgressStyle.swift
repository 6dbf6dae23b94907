/// How progress is shown on standard error.
public enum ProgressStyle: String, Sendable, CaseIterable {
  /// A bar on a terminal, plain lines elsewhere.
  case auto
  /// One line, redrawn in place.
  case bar
  /// A line now and then.
  case plain
  /// A JSON object a line, as seldom as plain lines.
  case json
  /// Nothing.
  case none
}
