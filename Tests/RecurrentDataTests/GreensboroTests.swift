import RecurrentData
import Testing

/// The bundled series, with the published baseline of linear least squares on a window of 24 hours.
@Suite struct GreensboroTests {
  @Test func leastSquaresReachesThePublishedFigures() throws {
    let table = try Table(contentsOf: TestFiles.greensboro)
    let split = try TimeSplit(rows: table.rowCount, trainingShare: 0.8, validationShare: 0, testShare: 0.2)
    let features =
      ["temperature", "dew_point", "pressure", "cloud_cover", "solar_irradiance"].map { Feature($0) }
      + [Feature("wind_speed", encoding: .polar(directionColumn: "wind_direction", period: 360))]
    let encoder = try FrameEncoder(
      fitting: features, calendar: [.hourOfDay, .dayOfYear], to: table, trainingRows: split.training)
    let frame = try encoder.encode(table).frame
    let target = try table.numbers(in: "temperature")
    let plan = try WindowPlan(length: 24, horizons: [1, 2, 4, 8])
    let model = LinearLeastSquares(fitting: frame, target: target, try plan.windows(in: split, .training))
    // R² by NumPy's lstsq (singular values) on the same examples; then the figures as they are quoted, whose examples at
    // the edge of the split are not known, so that the last digit may differ by one.
    let within = [0.9770729456682591, 0.944723490265183, 0.8739736071984174, 0.7724541151855105]
    let lookingBack = [0.9770527056238575, 0.9447509713040467, 0.8743573510543887, 0.7736036842045255]
    for (inputRows, expected) in [(WindowPlan.InputRows.samePart, within), (.beforePart, lookingBack)] {
      let test = try plan.windows(in: split, .test, inputRows: inputRows)
      let predictions = model.predictions(frame, test)
      for (index, quoted) in [0.977, 0.945, 0.874, 0.773].enumerated() {
        let targets = test.targets(of: target, horizon: plan.horizons[index])
        let found = try #require(
          RegressionMetrics(predictions: predictions[index], targets: targets).rSquared)
        // Two solvers of a problem with condition number about 1e3 agree to some 1e-13.
        #expect(abs(found - expected[index]) < 1e-11, "horizon \(plan.horizons[index])")
        #expect(abs(found - quoted) <= 0.001)
      }
    }
  }

  @Test func naiveForecastsAreWorse() throws {
    let table = try Table(contentsOf: TestFiles.greensboro)
    let split = try TimeSplit(rows: table.rowCount, trainingShare: 0.8, validationShare: 0, testShare: 0.2)
    let target = try table.numbers(in: "temperature")
    let plan = try WindowPlan(length: 24, horizons: [1, 2, 4, 8])
    let test = try plan.windows(in: split, .test)
    let season = try #require(Season.usual(for: table.time.step))
    #expect(season.name == "same hour yesterday")
    for (index, bar) in [0.977, 0.945, 0.874, 0.773].enumerated() {
      let targets = test.targets(of: target, horizon: plan.horizons[index])
      for forecast in [NaiveForecast.repeatLast, .seasonal(season)] {
        let metrics = RegressionMetrics(
          predictions: forecast.predictions(of: target, test)[index], targets: targets)
        #expect(try #require(metrics.rSquared) < bar)
      }
    }
  }
}
