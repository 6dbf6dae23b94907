internal import RecurrentCore

/// How missing values are replaced. Each fill is reported; nothing is filled without a policy.
///
/// The linear policies use the value *after* a gap, which a forecaster standing in the gap could not know: on the last row of
/// a window they hand it part of the value that it is asked for. Forecasters refuse them (``looksAhead``); `previous` and
/// `mean` use only what is known before, or in the training rows.
public enum GapPolicy: String, Codable, CaseIterable, Sendable {
  /// A straight line from the last value before a gap to the first after it; at the ends the nearest value.
  case linear
  /// The same, but a leading gap starts from a value of 0 one row before the first, as in ai-edu chapter 19.
  case linearFromZero = "linear-from-zero"
  /// The last value before the gap; a leading gap takes the mean of the training rows, or without one the first value
  /// after it.
  case previous
  /// The mean of the training rows.
  case mean
  /// Gaps are an error.
  case refuse

  /// Whether it fills a gap from what comes after it.
  public var looksAhead: Bool { self == .linear || self == .linearFromZero }

  /// From its name, as on the command line.
  public init(parsing text: String) throws(DataError) {
    let names = Self.allCases.map(\.rawValue)
    guard let policy = Self(rawValue: text) else {
      throw .setup(
        .unknownName(
          kind: "gap policy", name: text, nearest: nearestName(to: text, among: names), available: names))
    }
    self = policy
  }

  /// What the policy does, for reports.
  var words: String {
    switch self {
    case .linear: "on a straight line between the neighbouring values"
    case .linearFromZero: "on a straight line between the neighbouring values, leading ones from 0"
    case .previous: "with the value before"
    case .mean: "with the mean of the training rows"
    case .refuse: "not at all"
    }
  }
}

/// What was filled in one column.
public struct FillReport: Codable, Equatable, Sendable {
  /// The column that has gaps.
  public let column: String
  /// What filled them.
  public let policy: GapPolicy
  /// How many there were, and where.
  public let missing: MissingSummary
  /// False for a column of categories that got no level instead of a value.
  public let hasValues: Bool

  /// `pm2.5: 2,067 missing (24 leading, longest gap 155) filled on a straight line between the neighbouring values`.
  public func describe() -> String {
    let leading = policy == .previous && missing.leading > 0
    let how = leading ? policy.words + ", leading ones with the mean of the training rows" : policy.words
    return "\(column): \(missing.text) filled \(hasValues ? how : "with no level")"
  }
}

/// Fills the gaps, marked by NaN, of one series.
public enum GapFilling {
  /// - Parameter trainingMean: needed by `.mean`, and used by `.previous` for a leading gap.
  /// - Returns: the filled values, or nil where no value is there to fill from, or the policy is to refuse.
  public static func fill(_ values: [Double], policy: GapPolicy, trainingMean: Double? = nil) -> [Double]? {
    guard values.contains(where: \.isNaN) else { return values }
    switch policy {
    case .refuse: return nil
    case .mean: return trainingMean.map { mean in values.map { $0.isNaN ? mean : $0 } }
    case .previous:
      return fillEachGap(values) { before, after, _ in before?.value ?? trainingMean ?? after?.value }
    case .linear: return fillEachGap(values, line)
    case .linearFromZero:
      return fillEachGap(values) { before, after, row in line(before ?? (-1, 0), after, row) }
    }
  }

  private typealias Known = (row: Int, value: Double)

  private static func line(_ before: Known?, _ after: Known?, _ row: Int) -> Double? {
    guard let before, let after else { return before?.value ?? after?.value }
    let slope = (after.value - before.value) / Double(after.row - before.row)
    return before.value + slope * Double(row - before.row)
  }

  private static func fillEachGap(
    _ values: [Double], _ fill: (_ before: Known?, _ after: Known?, _ row: Int) -> Double?
  ) -> [Double]? {
    var filled = values
    var before: Known?
    var row = 0
    while row < values.count {
      guard values[row].isNaN else {
        before = (row, values[row])
        row += 1
        continue
      }
      let end = values[row...].firstIndex { !$0.isNaN } ?? values.count
      let after: Known? = end < values.count ? (end, values[end]) : nil
      for gap in row..<end {
        guard let value = fill(before, after, gap) else { return nil }
        filled[gap] = value
      }
      row = end
    }
    return filled
  }
}
