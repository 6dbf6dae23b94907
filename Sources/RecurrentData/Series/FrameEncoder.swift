/// Turns a table into a frame, always in the same way: levels and means are those of the table it was fitted on.
///
/// Codable, so that a model can store it and read new files exactly as it read its training data.
public struct FrameEncoder: Codable, Equatable, Sendable {
  /// In the order of the frame's columns.
  public let features: [FittedFeature]
  /// Columns from the calendar, after those of the features.
  public let calendar: [CalendarFeature]

  /// A feature with what was learned about it.
  public struct FittedFeature: Codable, Equatable, Sendable {
    /// What was asked for.
    public let feature: Feature
    /// Of a column of categories, those in the training rows, in order of first appearance.
    public let levels: [String]?
    /// Names of the columns it becomes.
    public let columnNames: [String]
    /// Mean over the training rows of each column it becomes; nil for levels, and where those rows have no value.
    public let means: [Double]?
  }

  /// A frame, and what had to be filled to make it.
  public struct Encoded: Equatable, Sendable {
    /// The numbers, without gaps.
    public let frame: Frame
    /// What was filled, one for each feature with gaps in rows of the file.
    public let fills: [FillReport]
    /// For each row and feature, whether a value was missing: `[feature][row]`.
    public let wasMissing: [[Bool]]
    /// Of columns of categories, what fitting did not see.
    public let unknownLevels: [UnknownLevels]
  }

  /// More levels than this are not made into columns of their own.
  public static let levelLimit = 1000

  /// - Parameter trainingRows: the rows that levels and means may be taken from.
  /// - Throws: `unknown`, `notNumeric`, `notCategorical`, `tooManyLevels`, `allMissing`.
  public init(
    fitting features: [Feature], calendar: [CalendarFeature] = [], to table: Table, trainingRows: Range<Int>
  ) throws(DataError) {
    precondition(!features.isEmpty || !calendar.isEmpty, "frame encoder: no features")
    var fitted: [FittedFeature] = []
    for feature in features {
      fitted.append(try FittedFeature(feature, table: table, trainingRows: trainingRows))
    }
    self.features = fitted
    self.calendar = calendar
  }

  /// All columns of the frame.
  public var columnNames: [String] { features.flatMap(\.columnNames) + calendar.flatMap(\.columnNames) }

  /// The frame of a table with the same columns as the one it was fitted on.
  ///
  /// - Throws: as fitting; `missing` for a gap under the policy `refuse`; `unknownLevel` for a level without a code.
  public func encode(_ table: Table) throws(DataError) -> Encoded {
    var columns: [(name: String, values: [Double])] = []
    var fills: [FillReport] = []
    var wasMissing: [[Bool]] = []
    var unknownLevels: [UnknownLevels] = []
    for feature in features {
      let encoded = try feature.encode(table)
      columns += zip(feature.columnNames, encoded.columns).map { ($0, $1) }
      if let fill = encoded.fill { fills.append(fill) }
      wasMissing.append(encoded.isMissing)
      if let unknown = try feature.unknownLevels(table) { unknownLevels.append(unknown) }
    }
    for feature in calendar {
      guard table.time.start != nil, table.time.step != .rows else {
        throw .time(.incomplete(columns: []), at: DataError.Place(table.source))
      }
      let pairs = (0..<table.rowCount).map { feature.values(at: $0, of: table.time) }
      columns += feature.columnNames.enumerated().map { index, name in (name, pairs.map { $0[index] }) }
    }
    let plain = Frame(columns: columns)
    let known =
      features.flatMap { feature in feature.columnNames.map { _ in feature.feature.isKnownAhead } }
      + calendar.flatMap(\.columnNames).map { _ in true }
    let frame = Frame(names: plain.names, values: plain.values, isKnownAhead: known)
    return Encoded(frame: frame, fills: fills, wasMissing: wasMissing, unknownLevels: unknownLevels)
  }
}
