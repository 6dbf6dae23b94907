/// One column of a table.
public struct Column: Equatable, Sendable {
  /// As the header has it; a column without a name there is `column1`, `column2`, … by its number.
  public let name: String
  /// One for each row of the table.
  public let values: Values

  /// What a column holds.
  public enum Values: Equatable, Sendable {
    /// NaN where a value is missing; all others are finite.
    case numeric([Double])
    /// Indices into `levels`, which are in order of first appearance; -1 where a value is missing.
    case categorical(levels: [String], codes: [Int32])
    /// The column is part of the time stamps, which are in `Table.time`; its cells are not kept.
    case time
  }

  /// The numbers of a numeric column, NaN where missing.
  public var numbers: [Double]? {
    if case .numeric(let numbers) = values { numbers } else { nil }
  }

  /// The rows that have no value.
  public var missingRows: [Int] {
    switch values {
    case .numeric(let numbers): numbers.indices.filter { numbers[$0].isNaN }
    case .categorical(_, let codes): codes.indices.filter { codes[$0] < 0 }
    case .time: []
    }
  }
}
