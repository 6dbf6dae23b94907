public import Recurrent
internal import RecurrentCore

/// The rows that a forecaster was trained on, told by their content: a figure on them flatters, in whatever part of
/// whatever file they stand.
///
/// Of each row there are 64 bits, made from its time and its values as they were measured, to the bit. Without times,
/// values may come again and again; then a row is told by as many rows before it too as make the training's rows differ
/// from one another, none where they do by themselves. Another row is taken for one of n with probability n · 2⁻⁶⁴, and
/// without times about as often as two training rows are alike.
///
/// Cost: 8 bytes a training row; one pass over a series.
public struct LearnedRows: Equatable, Sendable {
  /// Ascending, each once.
  let fingerprints: [UInt64]
  /// Rows before a row that its fingerprint covers too.
  let context: Int
  private let known: Set<UInt64>

  init(_ fingerprints: some Sequence<UInt64>, context: Int) {
    known = Set(fingerprints)
    self.fingerprints = known.sorted()
    self.context = context
  }

  init(_ data: ForecastData, rows: Range<Int>) {
    let own = Self.rowFingerprints(of: data)
    let longest = data.axis.start == nil ? data.preparation.plan.length : 0
    var context = 0
    var found = Set(own[rows])
    // So few are alike that among other rows a likeness is chance.
    while found.count < rows.count - rows.count / 1000 && context < longest {
      context = min(max(1, 2 * context), longest)
      found = Set(Self.covering(context, own)[rows])
    }
    self.init(found, context: context)
  }

  /// For each row of a series, whether it is one of them.
  func marks(in data: ForecastData) -> [Bool] {
    Self.covering(context, Self.rowFingerprints(of: data)).map(known.contains)
  }

  private static func rowFingerprints(of data: ForecastData) -> [UInt64] {
    (0..<data.frame.rowCount).map { row in crc64(measured(row, of: data)) }
  }

  /// A polynomial in an odd number over each row and those before it, moved on from row to row.
  private static func covering(_ context: Int, _ rows: [UInt64]) -> [UInt64] {
    if context == 0 { return rows }
    let length = context + 1
    let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
    let leaving = (0..<length).reduce(1 as UInt64) { power, _ in power &* factor }
    var sum: UInt64 = 0
    return rows.indices.map { row in
      sum = sum &* factor &+ rows[row]
      if row >= length { sum = sum &- rows[row - length] &* leaving }
      return sum
    }
  }

  /// Time and values of a row. What was filled depends on other rows, so a missing value counts as missing.
  private static func measured(_ row: Int, of data: ForecastData) -> [UInt8] {
    var bytes: [UInt8] = []
    func append(_ word: UInt64) {
      withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
    if let stamp = data.axis.stamp(at: row) { append(UInt64(bitPattern: stamp.milliseconds)) }
    var column = 0
    for (feature, isMissing) in zip(data.preparation.encoder.features, data.wasMissing) {
      let next = column + feature.columnNames.count
      for column in column..<next {
        append(isMissing[row] ? Double.nan.bitPattern : data.frame[row, column].bitPattern)
      }
      column = next
    }
    return bytes
  }
}

extension ForecastModel {
  /// What of a series the model was trained on: rows before the held-out ones of its training file, whether they trained the
  /// network, chose the epoch or were fitted by the regression.
  ///
  /// - Returns: how many of the windows whose targets were measured ask for such a row, and whether the series has any.
  public func learned(in windows: Windows, of data: ForecastData) -> (examples: Int, hasRows: Bool) {
    let marks = learnedRows.marks(in: data)
    let examples = data.examples(windows).count { window in
      preparation.plan.horizons.contains { marks[windows.targetRow(window, horizon: $0)] }
    }
    return (examples, marks.contains(true))
  }
}
