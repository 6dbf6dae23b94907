/// How much a stream can show: whether it is a terminal, how wide, and whether colours are wanted.
public struct StreamTraits: Sendable, Hashable {
  public var isTerminal: Bool
  /// Whether the line can be redrawn: a terminal that is not `TERM=dumb`.
  public var canRedraw: Bool
  public var hasColor: Bool
  public var width: Int

  /// - Parameters:
  ///   - isTerminal: what the system says of the stream.
  ///   - width: the terminal's columns; `nil`: unknown, and `COLUMNS` or 80 is taken.
  ///   - environment: read for `NO_COLOR` (any text but none: never colours), `CLICOLOR_FORCE` (not 0: colours even
  ///     without a terminal), `TERM` (`dumb`: neither colours nor redrawing) and `COLUMNS`. In this order of strength.
  public init(isTerminal: Bool, width: Int?, environment: [String: String]) {
    let isDumb = environment["TERM"] == "dumb"
    self.isTerminal = isTerminal
    canRedraw = isTerminal && !isDumb
    if environment["NO_COLOR"]?.isEmpty == false {
      hasColor = false
    } else if let force = environment["CLICOLOR_FORCE"], !force.isEmpty, force != "0" {
      hasColor = true
    } else {
      hasColor = isTerminal && !isDumb
    }
    self.width = max(20, width ?? environment["COLUMNS"].flatMap { Int($0) } ?? 80)
  }
}

/// Bold and three colours, where the stream shows them.
public struct TextStyle: Sendable, Hashable {
  public let hasColor: Bool

  public init(hasColor: Bool) { self.hasColor = hasColor }

  public func bold(_ text: String) -> String { coded(text, 1) }
  public func red(_ text: String) -> String { coded(text, 31) }
  public func green(_ text: String) -> String { coded(text, 32) }
  public func yellow(_ text: String) -> String { coded(text, 33) }

  private func coded(_ text: String, _ code: Int) -> String {
    hasColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
