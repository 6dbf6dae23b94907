/// An input of a model before it is fitted: a column, and how its values become numbers.
public struct Feature: Codable, Equatable, Sendable {
  /// The column of the table.
  public let column: String
  /// How its values become numbers.
  public let encoding: Encoding
  /// What fills its missing values.
  public let gaps: GapPolicy
  /// Whether its values are known for future rows, such as a holiday or a planned price.
  public let isKnownAhead: Bool

  /// How the values of a column become columns of numbers.
  public enum Encoding: Codable, Equatable, Sendable {
    /// Numbers as they are; categories as one 0-or-1 column for each level.
    case automatic
    /// A number for each level. A level without one is an error.
    case codes([String: Double])
    /// A position on a circle, such as a wind direction with period 360: sine and cosine.
    case circle(period: Double)
    /// A length and a direction, such as wind speed with the column of wind directions and period 360:
    /// length · sine and length · cosine.
    case polar(directionColumn: String, period: Double)
  }

  /// By default numbers as they are or a column for each category, gaps an error, and no value known ahead.
  public init(
    _ column: String, encoding: Encoding = .automatic, gaps: GapPolicy = .refuse, isKnownAhead: Bool = false
  ) {
    (self.column, self.encoding, self.gaps, self.isKnownAhead) = (column, encoding, gaps, isKnownAhead)
  }
}
