/// How the steps of a batch are gone through.
package struct Passage: Sendable, Hashable {
  /// Which step of its sequences the batch's first one is: random masks are keyed by the steps of the whole.
  package var firstStep: Int
  /// How many steps are held at once, at most; `nil`: all. It cannot change a bit of a loss or of a gradient.
  package var segment: Int?

  package init(firstStep: Int = 0, segment: Int? = nil) {
    (self.firstStep, self.segment) = (firstStep, segment)
  }
}
