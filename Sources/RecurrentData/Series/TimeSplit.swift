/// Training, validation and test rows: three runs of rows in order of time, never shuffled, never shared.
///
/// There is no way to draw validation rows from the test part; a range that reaches into it is refused.
public struct TimeSplit: Codable, Equatable, Sendable {
  /// Rows that may be learned from; at least one.
  public let training: Range<Int>
  /// May be empty.
  public let validation: Range<Int>
  /// May be empty.
  public let test: Range<Int>

  /// The parts in order of time.
  public enum Part: String, Codable, CaseIterable, Sendable { case training, validation, test }

  /// The rows of a part.
  public subscript(part: Part) -> Range<Int> {
    switch part {
    case .training: training
    case .validation: validation
    case .test: test
    }
  }

  /// From ranges, which must be in order and must not overlap. Rows may be left out between them.
  public init(training: Range<Int>, validation: Range<Int>, test: Range<Int>) throws(DataError) {
    guard !training.isEmpty else { throw .setup(.emptyTraining(rows: test.upperBound)) }
    let parts = [(Part.training, training), (.validation, validation), (.test, test)].filter { !$0.1.isEmpty }
    for (first, second) in zip(parts, parts.dropFirst()) where second.1.lowerBound < first.1.upperBound {
      throw .setup(.overlappingParts(first: first.0.rawValue, second: second.0.rawValue))
    }
    (self.training, self.validation, self.test) = (training, validation, test)
  }

  /// The first rows for training, the next for validation, the last for test; all rows are used.
  public init(rows: Int, training: Int, validation: Int, test: Int) throws(DataError) {
    let counts = [training, validation, test]
    // Compared one by one: the sum of three numbers from outside could overflow.
    guard counts.allSatisfy({ (0...rows).contains($0) }), training + validation + test == rows else {
      throw .setup(.splitRows(training: training, validation: validation, test: test, rows: rows))
    }
    guard training > 0 else { throw .setup(.emptyTraining(rows: rows)) }
    try self.init(
      training: 0..<training, validation: training..<training + validation, test: training + validation..<rows
    )
  }

  /// By shares of the rows, which must add up to 1 within 1e-9. The bounds are rounded to the nearest row.
  public init(rows: Int, trainingShare: Double, validationShare: Double, testShare: Double) throws(DataError)
  {
    let shares = [trainingShare, validationShare, testShare]
    guard shares.allSatisfy({ (0...1).contains($0) }), abs(shares.reduce(-1, +)) <= 1e-9 else {
      throw .setup(.splitShares(training: trainingShare, validation: validationShare, test: testShare))
    }
    let first = Int((Double(rows) * trainingShare).rounded())
    // From the end, so that no validation share leaves no row between the parts.
    let last = max(first, rows - Int((Double(rows) * testShare).rounded()))
    let bound = validationShare == 0 ? first : last
    try self.init(rows: rows, training: first, validation: bound - first, test: rows - bound)
  }

  /// `7,008 training rows (01-01T01:00 to …), 0 validation rows, 1,752 test rows (…)`.
  public func describe(_ axis: TimeAxis) -> String {
    let parts = Part.allCases.map { part in
      let range = self[part]
      let count = "\(counted(range.count, "\(part.rawValue) row"))"
      guard !range.isEmpty else { return count }
      return "\(count) (\(axis.label(at: range.lowerBound)) to \(axis.label(at: range.upperBound - 1)))"
    }
    return "split by time, not shuffled: " + parts.joined(separator: ", ")
  }
}
