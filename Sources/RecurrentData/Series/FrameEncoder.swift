import Foundation

/// Turns a table into a frame, always in the same way: levels and means are those of the table it was fitted on.
///
/// Codable, so that a model can store it and read new files exactly as it read its training data.
public struct FrameEncoder: Codable, Equatable, Sendable {
  public let features: [FittedFeature]
  /// Columns from the calendar, after those of the features.
  public let calendar: [CalendarFeature]

  /// A feature with what was learned about it.
  public struct FittedFeature: Codable, Equatable, Sendable {
    public let feature: Feature
    /// Of a column of categories, in order of first appearance.
    public let levels: [String]?
    /// Names of the columns it becomes.
    public let columnNames: [String]
    /// Mean over the training rows of each column it becomes; only where the policy for gaps needs it.
    public let means: [Double]?
  }

  /// A frame, and what had to be filled to make it.
  public struct Encoded: Equatable, Sendable {
    public let frame: Frame
    public let fills: [FillReport]
    /// For each row and feature, whether a value was missing: `[feature][row]`.
    public let wasMissing: [[Bool]]
  }

  /// More levels than this are not made into columns of their own.
  public static let levelLimit = 1000

  /// - Parameter trainingRows: the rows that means may be taken from.
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
  /// - Throws: as fitting; `missing` for a gap under the policy `refuse`; `unknownLevel` for a level not seen in fitting.
  public func encode(_ table: Table) throws(DataError) -> Encoded {
    var columns: [(name: String, values: [Double])] = []
    var fills: [FillReport] = []
    var wasMissing: [[Bool]] = []
    for feature in features {
      let encoded = try feature.encode(table)
      columns += zip(feature.columnNames, encoded.columns).map { ($0, $1) }
      if let fill = encoded.fill { fills.append(fill) }
      wasMissing.append(encoded.isMissing)
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
    return Encoded(frame: frame, fills: fills, wasMissing: wasMissing)
  }

  /// The calendar's columns at a row that may lie after the last.
  public func calendarValues(at row: Int, of axis: TimeAxis) -> [Double] {
    calendar.flatMap { $0.values(at: row, of: axis) }
  }
}

extension FrameEncoder.FittedFeature {
  init(_ feature: Feature, table: Table, trainingRows: Range<Int>) throws(DataError) {
    self.feature = feature
    let column = try table.column(named: feature.column)
    if case .categorical(let found, _) = column.values { levels = found } else { levels = nil }
    switch feature.encoding {
    case .automatic:
      columnNames = levels.map { levels in levels.map { "\(feature.column)=\($0)" } } ?? [feature.column]
      if let levels, levels.count > FrameEncoder.levelLimit {
        let fault = ColumnFault.tooManyLevels(
          column: feature.column, count: levels.count, limit: FrameEncoder.levelLimit)
        throw .column(fault, at: DataError.Place(table.source))
      }
    case .codes:
      columnNames = [feature.column]
      guard levels != nil else {
        throw .column(.notCategorical(column: feature.column), at: DataError.Place(table.source))
      }
    case .circle, .polar: columnNames = ["\(feature.column) sine", "\(feature.column) cosine"]
    }
    var means: [Double]?
    let isIndicator = feature.encoding == .automatic && levels != nil
    if feature.gaps == .mean, !isIndicator {
      let raw = try Self.rawColumns(feature, levels: levels, table: table)
      means = []
      for values in raw {
        let present = values[trainingRows].filter { !$0.isNaN }
        guard !present.isEmpty else {
          throw .column(.allMissing(column: feature.column), at: DataError.Place(table.source))
        }
        means?.append(present.reduce(0, +) / Double(present.count))
      }
    }
    self.means = means
  }

  struct EncodedColumns {
    let columns: [[Double]]
    let isMissing: [Bool]
    let fill: FillReport?
  }

  func encode(_ table: Table) throws(DataError) -> EncodedColumns {
    let raw = try Self.rawColumns(feature, levels: levels, table: table)
    let isMissing = raw[0].map(\.isNaN)
    guard let firstGap = isMissing.firstIndex(of: true) else {
      return EncodedColumns(columns: raw, isMissing: isMissing, fill: nil)
    }
    let summary = MissingSummary(isMissing)
    if feature.gaps == .refuse {
      let name = try columnWithGap(at: firstGap, in: table)
      let fault = ColumnFault.missing(column: name, count: summary.count)
      throw .column(fault, at: table.place(row: firstGap, column: name))
    }
    // A straight line or a mean between levels means nothing; such a row belongs to no level.
    let isIndicator = feature.encoding == .automatic && levels != nil
    if isIndicator, feature.gaps != .previous {
      let fill = FillReport(column: feature.column, policy: feature.gaps, missing: summary, hasValues: false)
      return EncodedColumns(
        columns: raw.map { $0.map { $0.isNaN ? 0 : $0 } }, isMissing: isMissing, fill: fill)
    }
    var filled: [[Double]] = []
    for (index, values) in raw.enumerated() {
      guard let column = GapFilling.fill(values, policy: feature.gaps, trainingMean: means?[index]) else {
        throw .column(.allMissing(column: feature.column), at: DataError.Place(table.source))
      }
      filled.append(column)
    }
    let fill = FillReport(column: feature.column, policy: feature.gaps, missing: summary, hasValues: true)
    return EncodedColumns(columns: filled, isMissing: isMissing, fill: fill)
  }

  /// Of a feature made from two columns, the one that lacks a value.
  private func columnWithGap(at row: Int, in table: Table) throws(DataError) -> String {
    guard case .polar(let directionColumn, _) = feature.encoding else { return feature.column }
    return try table.numbers(in: feature.column)[row].isNaN ? feature.column : directionColumn
  }

  /// The columns of numbers before gaps are filled; NaN in all of them where the value is missing.
  private static func rawColumns(
    _ feature: Feature, levels: [String]?, table: Table
  ) throws(DataError) -> [[Double]] {
    switch feature.encoding {
    case .automatic:
      guard let levels else { return [try table.numbers(in: feature.column)] }
      let codes = try codes(feature.column, levels: levels, table: table)
      return levels.indices.map { level in
        codes.map { $0.map { $0 == level ? 1 : 0 } ?? .nan }
      }
    case .codes(let numbers):
      let levels = numbers.keys.sorted()
      return [
        try codes(feature.column, levels: levels, table: table).map {
          $0.flatMap { numbers[levels[$0]] } ?? .nan
        }
      ]
    case .circle(let period):
      let angles = try table.numbers(in: feature.column).map { 2 * Double.pi * $0 / period }
      return [angles.map { sin($0) }, angles.map { cos($0) }]
    case .polar(let directionColumn, let period):
      let lengths = try table.numbers(in: feature.column)
      let angles = try table.numbers(in: directionColumn).map { 2 * Double.pi * $0 / period }
      return [zip(lengths, angles).map { $0 * sin($1) }, zip(lengths, angles).map { $0 * cos($1) }]
    }
  }

  /// For each row its level's position in `levels`, nil where missing.
  private static func codes(_ name: String, levels: [String], table: Table) throws(DataError) -> [Int?] {
    guard case .categorical(let found, let codes) = try table.column(named: name).values else {
      throw .column(.notCategorical(column: name), at: DataError.Place(table.source))
    }
    let positions = found.map { levels.firstIndex(of: $0) }
    if let unknown = positions.firstIndex(of: nil), let row = codes.firstIndex(of: Int32(unknown)) {
      let fault = ColumnFault.unknownLevel(text: found[unknown], column: name, levels: levels)
      throw .column(fault, at: table.place(row: row, column: name))
    }
    return codes.map { $0 < 0 ? nil : positions[Int($0)] }
  }
}
