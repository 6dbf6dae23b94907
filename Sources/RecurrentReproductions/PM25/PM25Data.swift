package import Recurrent
internal import RecurrentTasks

/// The Beijing PM2.5 measurements, prepared as the published experiment prepares them.
///
/// Six features: pm2.5, dew point, temperature, pressure, a code of the wind's direction, hourly wind speed. Missing
/// pm2.5 lies on a straight line between its neighbours, at the start from 0. The file's wind speed adds up while the
/// direction stays the same; the hourly speed is its increase. The last 8,760 hours are the test.
///
/// Data: Liang et al., Assessing Beijing's PM2.5 pollution (2015), doi:10.1098/rspa.2015.0257. Preparation: ai-edu,
/// chapter 19.3.
package struct PM25Data: Sendable {
  static let names = ["pm2.5", "DEWP", "TEMP", "PRES", "wind direction", "wind speed"]
  /// The direction codes of the published preparation; SW does not occur in the file.
  static let directionCodes = ["cv": 0.0, "NE": 3, "SE": 6, "NW": 9, "SW": 12]
  static let testRows = 8760
  /// Hours in a window.
  static let window = 24

  /// As measured, gaps filled.
  package let frame: Frame
  /// Each column scaled to 0 … 1 over all rows, the test's among them: one of the protocol's two leaks.
  package let normalised: Frame
  /// pm2.5, scaled alike: also the unit of the published losses.
  package let target: [Double]
  /// Rows whose pm2.5 the file does not have.
  package let missing: Int
  /// Whether a row's pm2.5 was measured: the others lie between what stands before and behind them.
  let isMeasured: [Bool]
  package let training: Windows
  package let test: Windows

  package init(path: String) throws(DataError) {
    let table = try Table(contentsOf: path)
    let measured = try table.numbers(in: "pm2.5")
    missing = measured.count { $0.isNaN }
    isMeasured = measured.map { !$0.isNaN }
    guard let filled = GapFilling.fill(measured, policy: .linearFromZero) else {
      throw .column(.allMissing(column: "pm2.5"), at: DataError.Place(path))
    }
    let features = [
      Feature("cbwd", encoding: .codes(Self.directionCodes)), Feature("Iws"), Feature("DEWP"),
      Feature("TEMP"),
      Feature("PRES"),
    ]
    let encoded = try FrameEncoder(fitting: features, to: table, trainingRows: 0..<table.rowCount)
      .encode(table).frame
    let direction = encoded.column(0)
    let speed = Self.hourly(encoded.column(1), direction)
    let columns = [filled, encoded.column(2), encoded.column(3), encoded.column(4), direction, speed]
    frame = Frame(columns: zip(Self.names, columns).map { ($0, $1) })
    normalised = FrameNormaliser(.minMax, fitting: frame, rows: 0..<frame.rowCount).normalised(frame)
    target = normalised.column(0)
    let split = try TimeSplit(
      rows: frame.rowCount, training: frame.rowCount - Self.testRows, validation: 0, test: Self.testRows)
    let plan = try WindowPlan(length: Self.window, horizons: [1])
    training = try plan.windows(in: split, .training)
    test = try plan.windows(in: split, .test)
  }

  /// Increases of the summed wind speed while the direction stays. The first row is compared with code 0.
  private static func hourly(_ summed: [Double], _ direction: [Double]) -> [Double] {
    summed.indices.map { row in
      let before = row == 0 ? 0 : direction[row - 1]
      return row > 0 && direction[row] == before ? summed[row] - summed[row - 1] : summed[row]
    }
  }

  /// The file as a table of the six prepared columns, for a forecaster.
  func table() throws(DataError) -> Table {
    var text = CSVWriter.row(Self.names)
    for row in 0..<frame.rowCount { text += CSVWriter.row(frame.row(row).map { "\($0)" }) }
    return try Table(
      bytes: Array(text.utf8), source: "PM2.5, prepared", options: TableOptions(time: .none))
  }
}

/// R² and ½·MSE of block forecasts, as the published tables count them.
package struct BlockScore: Codable, Equatable, Sendable {
  /// Hours in a block: the figure is a mean over lead times 1 … hours.
  package let hours: Int
  /// Half the mean squared error on values scaled to 0 … 1.
  package let loss: Double
  package let rSquared: Double
}

extension PM25Data {
  /// The published block lengths, in the order of its tables.
  package static let blocks = [8, 4, 2, 1]

  /// Scores a model of one step by block recursion, with the true weather of the hours to come: the protocol's other
  /// leak.
  ///
  /// - Parameter predict: scaled pm2.5 for windows `[count, 24, 6]` of scaled features.
  package func scores(_ predict: ([Double], Int) -> [Double]) throws(DataError) -> [BlockScore] {
    let truth = test.targets(of: target, horizon: 1)
    var scores: [BlockScore] = []
    for hours in Self.blocks {
      let made = try BlockRecursion.predictions(
        normalised, test, targetColumn: 0, length: hours, predict: predict)
      scores.append(Self.score(hours, made, truth))
    }
    return scores
  }

  static func score(_ hours: Int, _ predictions: [Double], _ truth: [Double]) -> BlockScore {
    let metrics = RegressionMetrics(predictions: predictions, targets: truth)
    return BlockScore(
      hours: hours, loss: metrics.meanSquaredError / 2, rSquared: metrics.rSquared ?? .nan)
  }

  /// Repeat the last value; linear least squares with 24 · 6 + 1 weights.
  package func baselines() throws(DataError) -> [(name: String, scores: [BlockScore])] {
    let size = Self.window * Self.names.count
    let last = try scores { inputs, count in (0..<count).map { inputs[$0 * size + size - Self.names.count] } }
    let regression = LinearLeastSquares(fitting: normalised, target: target, training)
    let linear = try scores { inputs, count in
      (0..<count).map { regression.predict(inputs[$0 * size..<($0 + 1) * size], horizonIndex: 0) }
    }
    return [(NaiveForecast.repeatLast.name, last), (LinearLeastSquares.name, linear)]
  }
}
