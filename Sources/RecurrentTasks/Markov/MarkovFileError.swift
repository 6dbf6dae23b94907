/// What is wrong with a file of a hidden Markov model.
public struct MarkovFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, or a place in it.
  public let place: String
  /// What was found and what was expected.
  public let problem: String

  /// One line.
  public var description: String { "\(place): \(problem)" }
}
