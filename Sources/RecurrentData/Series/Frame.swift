/// Numbers only: what a model sees. Row-major `[rows, columns]`, one row for each step in time, no gaps.
public struct Frame: Equatable, Sendable {
  /// Of the columns, in order.
  public let names: [String]
  /// Steps in time.
  public let rowCount: Int
  /// `values[row * names.count + column]`.
  public var values: [Double]
  /// For each column, whether its value is also known for rows after the last, as the calendar's are.
  public let isKnownAhead: [Bool]

  /// Values in a row.
  public var columnCount: Int { names.count }

  /// From values in row-major order, `[rows, columns]`.
  ///
  /// - Parameter isKnownAhead: one flag for each column; nil: none is known.
  /// - Precondition: as many values as whole rows need, and at least one column.
  public init(names: [String], values: [Double], isKnownAhead: [Bool]? = nil) {
    precondition(
      !names.isEmpty && values.count % names.count == 0,
      "frame: \(values.count) values in \(names.count) columns")
    let known = isKnownAhead ?? [Bool](repeating: false, count: names.count)
    precondition(known.count == names.count, "frame: \(known.count) flags for \(names.count) columns")
    (self.names, self.values, self.isKnownAhead) = (names, values, known)
    rowCount = values.count / names.count
  }

  /// From columns of equal length.
  public init(columns: [(name: String, values: [Double])]) {
    let rows = columns.first?.values.count ?? 0
    precondition(columns.allSatisfy { $0.values.count == rows }, "frame: columns of different lengths")
    var values = [Double](repeating: 0, count: rows * columns.count)
    for (index, column) in columns.enumerated() {
      for row in 0..<rows { values[row * columns.count + index] = column.values[row] }
    }
    self.init(names: columns.map(\.name), values: values)
  }

  /// The value in a row of a column, both counted from 0.
  public subscript(row: Int, column: Int) -> Double {
    get { values[row * names.count + column] }
    set { values[row * names.count + column] = newValue }
  }

  /// One column's values.
  public func column(_ column: Int) -> [Double] {
    (0..<rowCount).map { self[$0, column] }
  }

  /// One row's values.
  public func row(_ row: Int) -> ArraySlice<Double> { values[row * names.count..<(row + 1) * names.count] }
}
