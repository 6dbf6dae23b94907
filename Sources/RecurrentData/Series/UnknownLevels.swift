/// Values of a column of categories that the rows it was fitted on do not have. Such a row gets 0 in each of the
/// column's inputs: it is of none of the levels that are known.
public struct UnknownLevels: Equatable, Sendable {
  /// The column of categories.
  public let column: String
  /// How many there are.
  public let count: Int
  /// The first of them, at most ``shownLevels``: to find a place costs a pass over the text.
  public let levels: [Level]

  /// How many of them are named.
  public static let shownLevels = 8

  /// One value that training did not see.
  public struct Level: Equatable, Sendable {
    /// As it stands in the file.
    public let text: String
    /// Where it is first.
    public let place: DataError.Place
    /// How many rows have it.
    public let rows: Int
  }

  /// `kind: 1 level not seen in training, read as unknown (all its inputs 0): "sleet" (3 rows, first at f.csv:9:14)`.
  public func describe() -> String {
    let shown = levels.map { level in
      "\(quoted(level.text)) (\(counted(level.rows, "row")), first at \(oneLine(level.place.description)))"
    }
    let more = count > shown.count ? " and \(grouped(count - shown.count)) more" : ""
    return """
      \(oneLine(column)): \(counted(count, "level")) not seen in training, read as unknown (all inputs of the \
      column 0): \(shown.joined(separator: ", "))\(more)
      """
  }
}
