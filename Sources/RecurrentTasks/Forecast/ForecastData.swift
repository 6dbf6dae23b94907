public import Recurrent

/// A series ready for a forecaster: its numbers, and the examples in them.
public struct ForecastData: Sendable {
  /// The table's name, for messages.
  public let source: String
  /// The times of the rows.
  public let axis: TimeAxis
  /// The inputs as they are, gaps filled.
  public let frame: Frame
  /// The inputs as the network sees them.
  public let normalised: Frame
  /// The target, gaps filled.
  public let target: [Double]
  /// Rows whose target was missing in the file.
  public var isTargetMissing: [Bool] { wasMissing[0] }
  /// For each feature, the target first, the rows where the file does not have it.
  let wasMissing: [[Bool]]
  /// Rows that the file does not have. Their target counts as missing.
  public let inserted: InsertedRows?
  /// What was filled in the inputs.
  public let fills: [FillReport]
  /// Levels of columns of categories that training did not see.
  public let unknownLevels: [UnknownLevels]
  /// How it was encoded and normalised.
  public let preparation: ForecastPreparation

  /// Encodes a table, which should have been read as `preparation.reading` says.
  ///
  /// - Throws: `DataError` as the encoder does, where the rows lie at another distance in time than in training, and where
  ///   a value is too far from those of the training rows for single precision.
  public init(_ table: Table, preparation: ForecastPreparation) throws(DataError) {
    guard table.time.step == preparation.step else {
      throw .setup(
        .otherStep(found: table.time.step.name, expected: preparation.step.name, source: table.source))
    }
    let target = preparation.encoder.features[0].feature.column
    let encoded = try DataError.about(target: target) { () throws(DataError) in
      try preparation.encoder.encode(table)
    }
    try self.init(table, encoded, preparation)
  }

  init(
    _ table: Table, _ encoded: FrameEncoder.Encoded, _ preparation: ForecastPreparation
  ) throws(DataError) {
    let normalised = preparation.inputs.normalised(encoded.frame)
    try Self.requireRange(normalised, table, encoded, preparation)
    source = table.source
    axis = table.time
    frame = encoded.frame
    self.normalised = normalised
    target = encoded.frame.column(preparation.targetColumn)
    wasMissing = encoded.wasMissing
    inserted = table.inserted
    fills = encoded.fills
    unknownLevels = encoded.unknownLevels
    self.preparation = preparation
  }

  /// What a user of the figures should know about the rows, a line each.
  public var notices: [String] {
    (inserted.map { [$0.describe()] } ?? []) + unknownLevels.map { $0.describe() }
  }

  /// For each column that is known ahead, the rows where the file does not have it.
  var isKnownAheadMissing: [(column: String, isMissing: [Bool])] {
    zip(preparation.encoder.features, wasMissing).compactMap { fitted, isMissing in
      fitted.feature.isKnownAhead ? (fitted.feature.column, isMissing) : nil
    }
  }

  /// The windows whose targets were really measured.
  public func examples(_ windows: Windows) -> [Int] {
    windows.indices.filter { window in
      windows.plan.horizons.allSatisfy { !isTargetMissing[windows.targetRow(window, horizon: $0)] }
    }
  }

  /// The network's inputs for the windows that end at `lastRows`.
  public func inputs<Scalar: TensorScalar>(
    endingAt lastRows: [Int], identifiers: [UInt64]? = nil, as scalar: Scalar.Type = Scalar.self
  ) -> (window: SequenceBatch<Scalar>, ahead: Matrix<Scalar>) {
    let length = preparation.plan.length
    let features = normalised.columnCount
    var values = [Scalar]()
    values.reserveCapacity(length * lastRows.count * features)
    for t in 0..<length {
      for last in lastRows {
        let first = (last - length + 1 + t) * features
        for index in first..<first + features { values.append(Scalar(normalised.values[index])) }
      }
    }
    var ahead = [Scalar]()
    ahead.reserveCapacity(lastRows.count * preparation.aheadSize)
    for last in lastRows where preparation.aheadSize > 0 {
      for row in last + 1...last + preparation.plan.longestHorizon {
        for column in preparation.aheadColumns { ahead.append(Scalar(normalised[row, column])) }
      }
    }
    return (
      SequenceBatch(
        steps: length, batchSize: lastRows.count, features: features, values: values,
        identifiers: identifiers),
      Matrix(rows: lastRows.count, columns: preparation.aheadSize, elements: ahead)
    )
  }

  /// What the network should say for those windows, `[B, horizons]`.
  func targets<Scalar: TensorScalar>(endingAt lastRows: [Int], as scalar: Scalar.Type = Scalar.self)
    -> Matrix<Scalar>
  {
    let horizons = preparation.plan.horizons
    var values = [Scalar]()
    values.reserveCapacity(lastRows.count * horizons.count)
    for last in lastRows {
      for (index, horizon) in horizons.enumerated() {
        values.append(
          Scalar(preparation.encoded(target[last + horizon], last: target[last], horizon: index)))
      }
    }
    return Matrix(rows: lastRows.count, columns: horizons.count, elements: values)
  }
}

/// Windows of a series as numbered examples for a trainer.
public struct ForecastExamples: BatchSource {
  /// The series that they are cut from.
  public let data: ForecastData
  /// All windows, of which some are examples.
  public let windows: Windows
  /// The windows that are examples.
  public let chosen: [Int]

  /// - Parameter chosen: which of the windows; `nil`: all. Those whose targets were not measured are left out.
  public init(_ data: ForecastData, _ windows: Windows, chosen: [Int]? = nil) {
    self.data = data
    self.windows = windows
    let measured = data.examples(windows)
    self.chosen = chosen.map { chosen in chosen.filter(Set(measured).contains) } ?? measured
  }

  /// Examples.
  public var count: Int { chosen.count }

  /// The inputs of those examples and what the network should say, normalised; their numbers are their identifiers.
  public func batch(_ indices: [Int]) -> ForecastNetwork<Float>.Batch {
    let lastRows = indices.map { windows.lastRow(chosen[$0]) }
    let inputs = data.inputs(endingAt: lastRows, identifiers: indices.map(UInt64.init), as: Float.self)
    return ForecastNetwork<Float>.Batch(
      window: inputs.window, ahead: inputs.ahead, targets: data.targets(endingAt: lastRows))
  }
}
