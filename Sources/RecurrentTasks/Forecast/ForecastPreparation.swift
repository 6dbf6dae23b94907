public import Recurrent
internal import RecurrentCore

/// How a table becomes what the network sees, and its outputs become values again. Fitted once, on the rows before the
/// held-out ones, and stored in the model.
public struct ForecastPreparation: Codable, Equatable, Sendable {
  /// Times and kinds of columns as training found them: what every later file is read as.
  public let reading: TableReading
  /// Levels and means of the columns, as fitted.
  public let encoder: FrameEncoder
  /// Of the frame's columns.
  public let inputs: FrameNormaliser
  /// Of the outputs, one for each horizon: of changes, or of values.
  public let outputs: [Normaliser]
  /// Windows and horizons.
  public let plan: WindowPlan
  /// From one row to the next: a horizon means the same time in every file.
  public let step: TimeStep
  /// The target's column in the frame.
  public let targetColumn: Int
  /// Whether outputs are changes from the window's last value.
  public let predictsChange: Bool
  /// Columns of the frame that the network also sees for the rows to come.
  public let aheadColumns: [Int]
  /// CRC-64 of every value that may be learned from, so that a run tells its data from others with the same columns and
  /// scales. Held-out rows have no part in it, nor in anything else of a model.
  public let dataChecksum: String

  /// A, values known ahead of each window: those columns at every row up to the longest horizon.
  public var aheadSize: Int { aheadColumns.count * plan.longestHorizon }

  /// - Parameters:
  ///   - trainingRows: all that anything may be learned from.
  init(
    encoder: FrameEncoder, encoded: FrameEncoder.Encoded, plan: WindowPlan, targetColumn: Int,
    trainingRows: Range<Int>, configuration: ForecastConfiguration, table: Table
  ) throws(DataError) {
    let frame = encoded.frame
    reading = table.reading.keeping(encoder.features.map(\.feature.column))
    self.encoder = encoder
    dataChecksum = Self.checksum(encoded, trainingRows)
    self.plan = plan
    step = table.time.step
    self.targetColumn = targetColumn
    predictsChange = configuration.predictsChange
    let method = configuration.normalisation
    inputs = FrameNormaliser(method, fitting: frame, rows: trainingRows)
    let target = frame.column(targetColumn)
    // A constant target is refused here, before any division by its spread.
    _ = try Normaliser(
      method, fittingTarget: target[trainingRows], named: configuration.target, source: table.source)
    var outputs: [Normaliser] = []
    for horizon in plan.horizons {
      let rows = trainingRows.dropLast(horizon)
      let values = rows.map { row in
        configuration.predictsChange ? target[row + horizon] - target[row] : target[row + horizon]
      }
      outputs.append(values.isEmpty ? Normaliser(.none, fitting: [0]) : Normaliser(method, fitting: values))
    }
    self.outputs = outputs
    aheadColumns = encoder.aheadColumns
  }

  /// Of the values in `rows`, row by row, and of which of them were missing.
  private static func checksum(_ encoded: FrameEncoder.Encoded, _ rows: Range<Int>) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.count * encoded.frame.columnCount * 8)
    for row in rows {
      for value in encoded.frame.row(row) {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    for isMissing in encoded.wasMissing { bytes += isMissing[rows].map { $0 ? 1 : 0 } }
    return hexadecimal(crc64(bytes))
  }

  /// What the network should say for a value at a horizon, given the window's last value.
  func encoded(_ value: Double, last: Double, horizon: Int) -> Double {
    outputs[horizon].normalised(predictsChange ? value - last : value)
  }

  /// The value that an output of the network stands for.
  package func decoded(_ output: Double, last: Double, horizon: Int) -> Double {
    outputs[horizon].restored(output) + (predictsChange ? last : 0)
  }
}

extension FrameEncoder {
  /// The frame's columns of features whose values are known for rows to come. The calendar's future is a fixed rotation
  /// of its present, so it would add nothing to what the window says.
  var aheadColumns: [Int] {
    let isAhead = features.flatMap { fitted in fitted.columnNames.map { _ in fitted.feature.isKnownAhead } }
    return isAhead.indices.filter { isAhead[$0] }
  }
}
