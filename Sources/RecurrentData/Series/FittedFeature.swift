internal import Foundation

// How one feature is fitted to a table, and how its cells become columns of numbers.
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
