import RecurrentData
import Testing

@Suite struct MetricsTests {
  @Test func byHand() {
    let metrics = RegressionMetrics(predictions: [1, 2, 3, 8], targets: [1, 4, 3, 4])
    // Errors 0, -2, 0, 4; the targets' mean is 3 and their variance (4 + 1 + 0 + 1) / 4.
    #expect(metrics.count == 4 && metrics.meanSquaredError == 5 && metrics.meanAbsoluteError == 1.5)
    #expect(metrics.rootMeanSquaredError == 5.0.squareRoot())
    #expect(metrics.rSquared == 1 - 5 / 1.5)
  }

  @Test func perfectMeanAndConstant() {
    #expect(RegressionMetrics(predictions: [1, 2], targets: [1, 2]).rSquared == 1)
    #expect(RegressionMetrics(predictions: [1.5, 1.5], targets: [1, 2]).rSquared == 0)
    #expect(RegressionMetrics(predictions: [1, 1], targets: [0.1, 0.1]).rSquared == nil)
  }
}

@Suite struct NaiveForecastTests {
  private let series = (0..<100).map(Double.init)

  @Test func repeatLast() throws {
    let windows = try WindowPlan(length: 5, horizons: [1, 3]).windows(in: 10..<20, named: "test")
    #expect(NaiveForecast.repeatLast.predictions(of: series, windows) == [[14, 15, 16], [14, 15, 16]])
  }

  @Test func seasonalLooksOneSeasonBeforeTheTarget() throws {
    let seasonal = NaiveForecast.seasonal(Season(rows: 4, name: "four rows before"))
    let windows = try WindowPlan(length: 2, horizons: [1, 4, 5]).windows(in: 10..<17, named: "test")
    // Last row 11: targets 12, 15, 16; four rows before are 8 and 11, and for 16 row 12 would not be known yet.
    #expect(seasonal.predictions(of: series, windows) == [[8], [11], [8]])
    #expect(seasonal.name == "four rows before")
  }

  @Test func neverLooksAhead() {
    for rows in 1...5 {
      for horizon in 1...12 {
        let source = NaiveForecast.seasonal(Season(rows: rows, name: "")).sourceRow(
          lastRow: 50, horizon: horizon)
        #expect(source <= 50 && source > 50 - rows && (50 + horizon - source) % rows == 0)
      }
    }
  }

  @Test func impossibleBeforeOneSeason() throws {
    let plan = try WindowPlan(length: 2, horizons: [1])
    let seasonal = NaiveForecast.seasonal(Season(rows: 4, name: ""))
    #expect(!seasonal.isPossible(try plan.windows(in: 0..<10, named: "training")))
    #expect(seasonal.isPossible(try plan.windows(in: 2..<10, named: "training")))
  }

  @Test func exactOnAPeriodicSeries() throws {
    let periodic = (0..<100).map { Double($0 % 7) }
    let windows = try WindowPlan(length: 7, horizons: [1, 5, 9]).windows(in: 0..<100, named: "all")
    let predictions = NaiveForecast.seasonal(Season(rows: 7, name: "")).predictions(of: periodic, windows)
    for (index, horizon) in [1, 5, 9].enumerated() {
      #expect(predictions[index] == windows.targets(of: periodic, horizon: horizon))
    }
  }
}
