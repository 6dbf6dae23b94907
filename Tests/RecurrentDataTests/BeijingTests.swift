import Foundation
import RecurrentData
import RecurrentTestSupport
import Testing

/// The published PM2.5 protocol (ai-edu, chapter 19), built from the general pieces of this module, against values that
/// another implementation (NumPy) computed from the same file.
@Suite(.enabled(if: SharedData.has("pm25-beijing/checks.json"), "needs pm25-beijing in RECURRENT_DATA"))
struct BeijingTests {
  private struct Checks: Decodable {
    let rows: Int, trainWindows: Int, testWindows: Int, naFilled: Int
    let featureMin: [Double], featureMax: [Double], firstFilled: [Double]
    let testLabelVarianceNormalised: Double, trainLabelVarianceNormalised: Double
    let firstTrainWindowFirstRow: [Double], firstTrainWindowLastRow: [Double]
    let firstTestWindowLastRow: [Double]
    let firstTrainLabel: Double, firstTestLabel: Double
    let persistenceLossR2: [String: [Double]]
    let linearLeastSquares145WeightsLossR2: [String: [Double]]
  }

  /// The protocol's steps 1 to 9.
  private struct Prepared {
    let table: Table
    let encoded: FrameEncoder.Encoded
    /// Six features, not normalised.
    let raw: Frame
    let frame: Frame
    let split: TimeSplit
    let plan: WindowPlan

    init() throws {
      table = try Table(contentsOf: SharedData.path("pm25-beijing/PRSA_data_2010.1.1-2014.12.31.csv.gz"))
      let codes = ["cv": 0.0, "NE": 3, "SE": 6, "NW": 9]
      let features = [
        Feature("pm2.5", gaps: .linearFromZero), Feature("DEWP"), Feature("TEMP"), Feature("PRES"),
        Feature("cbwd", encoding: .codes(codes)), Feature("Iws"),
      ]
      split = try TimeSplit(rows: table.rowCount, training: table.rowCount - 8760, validation: 0, test: 8760)
      encoded = try FrameEncoder(fitting: features, to: table, trainingRows: split.training).encode(table)
      var raw = encoded.frame
      for row in 1..<raw.rowCount where encoded.frame[row, 4] == encoded.frame[row - 1, 4] {
        raw[row, 5] = encoded.frame[row, 5] - encoded.frame[row - 1, 5]
      }
      self.raw = raw
      frame = FrameNormaliser(.minMax, fitting: raw, rows: 0..<raw.rowCount).normalised(raw)
      plan = try WindowPlan(length: 24, horizons: [1])
    }
  }

  private func checks() throws -> Checks {
    let data = try Data(contentsOf: URL(fileURLWithPath: SharedData.path("pm25-beijing/checks.json")))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Checks.self, from: data)
  }

  @Test func theTableIsWhatTheNoteSays() throws {
    let prepared = try Prepared()
    let summary = prepared.table.summary
    #expect(
      summary.describe().components(separatedBy: "\n")[0].hasSuffix(
        "43,824 rows, hourly from 2010-01-01T00:00 to 2014-12-31T23:00 (times from year, month, day, hour), "
          + "2,067 missing in pm2.5 (24 leading)"))
    #expect(
      prepared.table.columns.first { $0.name == "pm2.5" }!.missingRows.count { $0 >= 43_824 - 8760 } == 99)
    #expect(prepared.encoded.fills.map(\.missing.count) == [2067])
  }

  @Test func preparationIsExact() throws {
    let (prepared, checks) = (try Prepared(), try checks())
    #expect(prepared.raw.rowCount == checks.rows)
    #expect((0..<6).map { prepared.raw.column($0).min()! } == checks.featureMin)
    #expect((0..<6).map { prepared.raw.column($0).max()! } == checks.featureMax)
    #expect(Array(prepared.raw.column(0).prefix(3)).map { ($0 * 100).rounded() / 100 } == checks.firstFilled)
    let training = try prepared.plan.windows(in: prepared.split, .training)
    let test = try prepared.plan.windows(in: prepared.split, .test)
    #expect(training.count == checks.trainWindows && test.count == checks.testWindows)
    #expect(Array(prepared.frame.row(0)) == checks.firstTrainWindowFirstRow)
    #expect(Array(prepared.frame.row(training.lastRow(0))) == checks.firstTrainWindowLastRow)
    #expect(Array(prepared.frame.row(test.lastRow(0))) == checks.firstTestWindowLastRow)
    let target = prepared.frame.column(0)
    #expect(training.targets(of: target, horizon: 1)[0] == checks.firstTrainLabel)
    #expect(test.targets(of: target, horizon: 1)[0] == checks.firstTestLabel)
    // Variances are sums of thousands of terms; NumPy adds them pairwise.
    #expect(
      relativeError(
        variance(training.targets(of: target, horizon: 1)), checks.trainLabelVarianceNormalised) < 1e-13)
    #expect(
      relativeError(variance(test.targets(of: target, horizon: 1)), checks.testLabelVarianceNormalised)
        < 1e-13)
  }

  @Test func everyRowEqualsTheDerivedFile() throws {
    let prepared = try Prepared()
    let derived = try Table(contentsOf: SharedData.path("pm25-beijing/ch19_features.csv.gz"))
    for (column, name) in ["pm25", "dewp", "temp", "pres", "wind_dir", "wind_speed"].enumerated() {
      let expected = try derived.numbers(in: name)
      // The file is rounded to at most six decimals.
      #expect(zip(prepared.raw.column(column), expected).allSatisfy { abs($0 - $1) <= 1e-6 }, "\(name)")
    }
  }

  @Test func naiveBaseline() throws {
    let (prepared, checks) = (try Prepared(), try checks())
    let windows = try prepared.plan.windows(in: prepared.split, .test)
    for (length, expected) in checks.persistenceLossR2 {
      let last = windows.plan.length - 1
      let figures = try score(prepared, windows, Int(length)!) { inputs, count in
        (0..<count).map { inputs[($0 * 24 + last) * 6] }
      }
      // Both are plain sums of 8,736 exact terms: only the order of additions differs.
      #expect(
        relativeError(figures.loss, expected[0]) < 1e-12
          && relativeError(figures.rSquared, expected[1]) < 1e-12)
    }
  }

  @Test func leastSquaresBaseline() throws {
    let (prepared, checks) = (try Prepared(), try checks())
    let training = try prepared.plan.windows(in: prepared.split, .training)
    let test = try prepared.plan.windows(in: prepared.split, .test)
    let model = LinearLeastSquares(fitting: prepared.frame, target: prepared.frame.column(0), training)
    #expect(model.weightCount == 145 && model.droppedColumns == 0)
    for (length, expected) in checks.linearLeastSquares145WeightsLossR2 {
      let figures = try score(prepared, test, Int(length)!) { inputs, count in
        (0..<count).map { model.predict(inputs[$0 * 144..<($0 + 1) * 144], horizonIndex: 0) }
      }
      // NumPy solved by singular values; its weights carry about cond · 1e-16, and so do its figures.
      #expect(
        relativeError(figures.loss, expected[0]) < 1e-9 && relativeError(figures.rSquared, expected[1]) < 1e-9
      )
    }
  }

  private func score(
    _ prepared: Prepared, _ windows: Windows, _ length: Int, _ predict: ([Double], Int) -> [Double]
  ) throws -> (loss: Double, rSquared: Double) {
    let predictions = try BlockRecursion.predictions(
      prepared.frame, windows, targetColumn: 0, length: length, predict: predict)
    let metrics = RegressionMetrics(
      predictions: predictions, targets: windows.targets(of: prepared.frame.column(0), horizon: 1))
    return (metrics.meanSquaredError / 2, try #require(metrics.rSquared))
  }

  private func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
  }

  private func relativeError(_ found: Double, _ expected: Double) -> Double {
    abs(found - expected) / abs(expected)
  }
}
