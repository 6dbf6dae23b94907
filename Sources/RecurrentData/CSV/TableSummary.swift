/// What a reader found and decided, for people (`describe`) and for programs (`Codable`).
public struct TableSummary: Codable, Equatable, Sendable {
  /// The file's path, or the name given to the text.
  public let source: String
  /// Rows of data, with those that were inserted.
  public let rows: Int
  /// How the text was written.
  public let format: Table.Format
  /// `hourly`, `without times`, …
  public let step: String
  /// Of the first row; nil where there are no times.
  public let firstTime: String?
  /// Of the last row; nil where there are no times, or only one row.
  public let lastTime: String?
  /// The columns that the times were read from.
  public let timeColumns: [String]
  /// What the reader decided about times and missing rows, one sentence each.
  public let remarks: [String]
  /// One for each column, in the order of the file.
  public let columns: [ColumnSummary]

  /// One column: what it holds, how much is missing, and the range of its numbers.
  public struct ColumnSummary: Codable, Equatable, Sendable {
    /// What a column holds.
    public enum Kind: String, Codable, Sendable { case numeric, categorical, time }
    /// As in the table.
    public let name: String
    /// What it holds.
    public let kind: Kind
    /// Its gaps; none for columns of times.
    public let missing: MissingSummary
    /// Of categories, in order of first appearance; nil for all others.
    public let levels: [String]?
    /// Of the numbers that are there; nil for other columns and where every value is missing.
    public let minimum: Double?
    /// As the minimum.
    public let maximum: Double?
    /// As the minimum.
    public let mean: Double?
  }

  /// Reads the table through once.
  public init(_ table: Table) {
    source = table.source
    rows = table.rowCount
    format = table.format
    step = table.time.step.name
    firstTime = table.time.start?.text(withYear: table.time.hasYear)
    lastTime =
      table.time.stamp(at: table.rowCount - 1) == nil ? nil : table.time.label(at: table.rowCount - 1)
    timeColumns = table.time.columns
    remarks = table.time.remarks + (table.inserted.map { [$0.describe()] } ?? [])
    columns = table.columns.map { ColumnSummary($0, rows: table.rowCount) }
  }
}

/// How many values a column lacks, and where.
public struct MissingSummary: Codable, Equatable, Sendable {
  /// Values that are missing.
  public let count: Int
  /// Before the first value.
  public let leading: Int
  /// After the last value.
  public let trailing: Int
  /// The most in a row.
  public let longestRun: Int

  /// - Parameter isMissing: one flag for each row.
  init(_ isMissing: [Bool]) {
    var (total, run, longest) = (0, 0, 0)
    for flag in isMissing {
      run = flag ? run + 1 : 0
      total += flag ? 1 : 0
      longest = max(longest, run)
    }
    count = total
    leading = isMissing.prefix { $0 }.count
    trailing = isMissing.reversed().prefix { $0 }.count
    longestRun = longest
  }

  /// `2,067 missing (24 leading, longest gap 155)`.
  public var text: String {
    guard count > 0 else { return "none missing" }
    var details: [String] = []
    if leading > 0 { details.append("\(grouped(leading)) leading") }
    if trailing > 0 { details.append("\(grouped(trailing)) trailing") }
    if longestRun > 1 { details.append("longest gap \(grouped(longestRun))") }
    return "\(grouped(count)) missing" + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
  }
}

extension TableSummary.ColumnSummary {
  init(_ column: Column, rows: Int) {
    name = column.name
    var isMissing = [Bool](repeating: false, count: rows)
    for row in column.missingRows { isMissing[row] = true }
    missing = MissingSummary(isMissing)
    switch column.values {
    case .numeric(let numbers):
      let present = numbers.filter { !$0.isNaN }
      (kind, levels) = (.numeric, nil)
      (minimum, maximum) = (present.min(), present.max())
      mean = present.isEmpty ? nil : present.reduce(0) { $0 + $1 / Double(present.count) }
    case .categorical(let found, _):
      (kind, levels, minimum, maximum, mean) = (.categorical, found, nil, nil, nil)
    case .time: (kind, levels, minimum, maximum, mean) = (.time, nil, nil, nil, nil)
    }
  }

  /// `pm2.5: numeric, 0 to 994, mean 98.6132; 2,067 missing (24 leading, longest gap 155)`.
  public var text: String {
    switch kind {
    case .time: return "\(name): time"
    case .categorical:
      let all = levels ?? []
      let shown = all.prefix(8).map(oneLine).joined(separator: ", ") + (all.count > 8 ? ", …" : "")
      return "\(name): categorical, \(counted(all.count, "level")): \(shown); \(missing.text)"
    case .numeric:
      guard let minimum, let maximum, let mean else { return "\(name): numeric, no value at all" }
      return "\(name): numeric, \(short(minimum)) to \(short(maximum)), mean \(short(mean)); \(missing.text)"
    }
  }
}

extension TableSummary {
  /// Columns that are described one by one.
  static let shownColumns = 40

  /// The summary in words, a line for the rows, one for the format, one for each remark and each of the first 40 columns.
  public func describe() -> String {
    let withGaps = columns.filter { $0.missing.count > 0 }
    var gaps = withGaps.prefix(Self.shownColumns).map { column in
      let leading = column.missing.leading > 0 ? " (\(grouped(column.missing.leading)) leading)" : ""
      return "\(grouped(column.missing.count)) missing in \(column.name)\(leading)"
    }
    if withGaps.count > gaps.count {
      gaps.append("some in \(counted(withGaps.count - gaps.count, "more column"))")
    }
    // One row has a time and no step.
    let isAlone = firstTime != nil && lastTime == nil
    var first = counted(rows, "row") + (isAlone ? "" : ", \(step)")
    if let firstTime, isAlone {
      first += " at \(firstTime) (times from \(timeColumns.joined(separator: ", ")))"
    }
    if let firstTime, let lastTime {
      first += " from \(firstTime) to \(lastTime) (times from \(timeColumns.joined(separator: ", ")))"
    }
    if !gaps.isEmpty { first += ", " + gaps.joined(separator: ", ") }
    var format = "delimiter \(format.delimiter.name), \(format.hasHeader ? "header" : "no header")"
    if self.format.decimalComma { format += ", decimal comma" }
    if self.format.hasByteOrderMark { format += ", byte order mark" }
    var lines = ["\(source): \(first)", format] + remarks
    lines += columns.prefix(Self.shownColumns).map { "  " + $0.text }
    let others = columns.count - Self.shownColumns
    if others > 0 { lines.append("  and \(counted(others, "more column"))") }
    return lines.joined(separator: "\n")
  }
}

extension Table {
  /// What the reader found and decided.
  public var summary: TableSummary { TableSummary(self) }
}
