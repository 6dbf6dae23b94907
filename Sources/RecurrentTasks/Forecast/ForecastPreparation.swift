public import Recurrent

/// How a table becomes what the network sees, and its outputs become values again. Fitted once, on the rows before the
/// held-out ones, and stored in the model.
public struct ForecastPreparation: Codable, Equatable, Sendable {
  /// Times and kinds of columns as training found them: what every later file is read as.
  public let reading: TableReading
  public let encoder: FrameEncoder
  /// Of the frame's columns.
  public let inputs: FrameNormaliser
  /// Of the outputs, one for each horizon: of changes, or of values.
  public let outputs: [Normaliser]
  public let plan: WindowPlan
  /// From one row to the next: a horizon means the same time in every file.
  public let step: TimeStep
  /// The target's column in the frame.
  public let targetColumn: Int
  public let predictsChange: Bool
  /// Columns of the frame that the network also sees for the rows to come.
  public let aheadColumns: [Int]

  /// A, values known ahead of each window: those columns at every row up to the longest horizon.
  public var aheadSize: Int { aheadColumns.count * plan.longestHorizon }

  /// - Parameters:
  ///   - trainingRows: all that anything may be learned from.
  init(
    encoder: FrameEncoder, frame: Frame, plan: WindowPlan, targetColumn: Int, trainingRows: Range<Int>,
    configuration: ForecastConfiguration, table: Table
  ) throws(DataError) {
    reading = table.reading.keeping(encoder.features.map(\.feature.column))
    self.encoder = encoder
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
    // The calendar's future is a fixed rotation of its present, so it adds nothing to what the window says.
    let calendarNames = Set(encoder.calendar.flatMap(\.columnNames))
    aheadColumns = frame.names.indices.filter {
      frame.isKnownAhead[$0] && !calendarNames.contains(frame.names[$0])
    }
  }

  /// What the network should say for a value at a horizon, given the window's last value.
  func encoded(_ value: Double, last: Double, horizon: Int) -> Double {
    outputs[horizon].normalised(predictsChange ? value - last : value)
  }

  /// The value that an output of the network stands for.
  func decoded(_ output: Double, last: Double, horizon: Int) -> Double {
    outputs[horizon].restored(output) + (predictsChange ? last : 0)
  }
}
