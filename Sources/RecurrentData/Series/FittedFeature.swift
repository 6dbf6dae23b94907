internal import Foundation

// How one feature is fitted to a table, and how its cells become columns of numbers.
extension FrameEncoder.FittedFeature {
  init(_ feature: Feature, table: Table, trainingRows: Range<Int>) throws(DataError) {
    self.feature = feature
    let column = try table.column(named: feature.column)
    levels = Self.levels(column, rows: trainingRows)
    if let levels, levels.isEmpty {
      throw .column(.allMissing(column: feature.column), at: DataError.Place(table.source))
    }
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
    let isIndicator = feature.encoding == .automatic && levels != nil
    if isIndicator {
      means = nil
      return
    }
    let present = try Self.rawColumns(feature, levels: levels, table: table).map { values in
      values[trainingRows].filter { !$0.isNaN }
    }
    if present.allSatisfy({ !$0.isEmpty }) {
      means = present.map { $0.reduce(0, +) / Double($0.count) }
    } else {
      means = nil
      let needsMeans = feature.gaps == .mean || table.inserted?.policy == .mean
      if needsMeans { throw .column(.allMissing(column: feature.column), at: DataError.Place(table.source)) }
    }
  }

  /// The levels in some of the rows, in order of first appearance; nil for a column of numbers.
  private static func levels(_ column: Column, rows: Range<Int>) -> [String]? {
    guard case .categorical(let found, let codes) = column.values else { return nil }
    let present = Set(codes[rows])
    return found.indices.filter { present.contains(Int32($0)) }.map { found[$0] }
  }

  /// What a table has that fitting did not see. Codes must know each level: a number cannot be made up.
  func unknownLevels(_ table: Table) throws(DataError) -> UnknownLevels? {
    guard feature.encoding == .automatic, let levels,
      case .categorical(let found, let codes) = try table.column(named: feature.column).values
    else { return nil }
    var (counts, first) = (
      [Int](repeating: 0, count: found.count), [Int?](repeating: nil, count: found.count)
    )
    for (row, code) in codes.enumerated() where code >= 0 {
      counts[Int(code)] += 1
      if first[Int(code)] == nil { first[Int(code)] = row }
    }
    let known = Set(levels)
    let unknown = found.indices.filter { first[$0] != nil && !known.contains(found[$0]) }
    guard !unknown.isEmpty else { return nil }
    let shown = unknown.prefix(UnknownLevels.shownLevels).map { level in
      UnknownLevels.Level(
        text: found[level], place: table.place(row: first[level] ?? 0, column: feature.column),
        rows: counts[level])
    }
    return UnknownLevels(column: feature.column, count: unknown.count, levels: shown)
  }

  struct EncodedColumns {
    let columns: [[Double]]
    let isMissing: [Bool]
    let fill: FillReport?
  }

  func encode(_ table: Table) throws(DataError) -> EncodedColumns {
    let raw = try Self.rawColumns(feature, levels: levels, table: table)
    let isMissing = raw[0].map(\.isNaN)
    guard isMissing.contains(true) else {
      return EncodedColumns(columns: raw, isMissing: isMissing, fill: nil)
    }
    let isInserted = table.inserted?.isInserted
    let isGap = isMissing.indices.map { isMissing[$0] && !(isInserted?[$0] ?? false) }
    var fill: FillReport?
    if let firstGap = isGap.firstIndex(of: true) {
      let summary = MissingSummary(isGap)
      if feature.gaps == .refuse {
        let name = try columnWithGap(at: firstGap, in: table)
        let fault = ColumnFault.missing(column: name, count: summary.count)
        throw .column(fault, at: table.place(row: firstGap, column: name))
      }
      fill = FillReport(
        column: feature.column, policy: feature.gaps, missing: summary,
        hasValues: !isIndicator || feature.gaps == .previous)
    }
    var columns = fill == nil ? raw : try filled(raw, feature.gaps, table)
    if let inserted = table.inserted {
      let rows = try filled(raw, inserted.policy, table)
      for column in columns.indices {
        for row in columns[column].indices where inserted.isInserted[row] {
          columns[column][row] = rows[column][row]
        }
      }
    }
    return EncodedColumns(columns: columns, isMissing: isMissing, fill: fill)
  }

  private var isIndicator: Bool { feature.encoding == .automatic && levels != nil }

  private func filled(
    _ raw: [[Double]], _ policy: GapPolicy, _ table: Table
  ) throws(DataError) -> [[Double]] {
    // A straight line or a mean between levels means nothing; such a row belongs to no level.
    if isIndicator, policy != .previous { return raw.map { $0.map { $0.isNaN ? 0 : $0 } } }
    var filled: [[Double]] = []
    for (index, values) in raw.enumerated() {
      guard let column = GapFilling.fill(values, policy: policy, trainingMean: means?[index]) else {
        throw .column(.allMissing(column: feature.column), at: DataError.Place(table.source))
      }
      filled.append(column)
    }
    return filled
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
      // An unknown level's position is none of the levels', so each of its columns is 0.
      let codes = try codes(feature.column, levels: levels, table: table, unknown: levels.count)
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
  ///
  /// - Parameter unknown: the position of all other levels; nil: they are errors.
  private static func codes(
    _ name: String, levels: [String], table: Table, unknown other: Int? = nil
  ) throws(DataError) -> [Int?] {
    guard case .categorical(let found, let codes) = try table.column(named: name).values else {
      throw .column(.notCategorical(column: name), at: DataError.Place(table.source))
    }
    let positions = found.map { levels.firstIndex(of: $0) ?? other }
    if let unknown = positions.firstIndex(of: nil), let row = codes.firstIndex(of: Int32(unknown)) {
      let fault = ColumnFault.unknownLevel(text: found[unknown], column: name, levels: levels)
      throw .column(fault, at: table.place(row: row, column: name))
    }
    return codes.map { $0 < 0 ? nil : positions[Int($0)] }
  }
}
