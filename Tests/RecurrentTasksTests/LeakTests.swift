import Recurrent
import RecurrentCore
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// Held-out rows influence nothing: whatever stands in them, the same forecaster comes out.
@Suite struct LeakTests {
  private func changed(_ series: Series, rows: Range<Int>) -> Series {
    var other = series
    var draws = Draws(seed: 99)
    for column in other.columns.indices {
      let noise: [Double] = draws.uniform(rows.count)
      for (index, row) in rows.enumerated() { other.columns[column][row] = 1e6 * noise[index] }
    }
    return other
  }

  @Test(arguments: Normalisation.allCases, ValidationRows.allCases)
  func wildHeldOutValuesChangeNothing(normalisation: Normalisation, rule: ValidationRows) throws {
    var configuration = ForecastConfiguration.small()
    configuration.normalisation = normalisation
    configuration.validationRows = rule
    configuration.calendar = true
    configuration.gaps = .mean
    configuration.knownAhead = ["x"]
    configuration.testShare = 0.25
    var series = Series.noisy(rows: 400)
    for row in [7, 8, 50, 350] { series.columns[1][row] = nil }
    let one = try trained(configuration, series.table())
    #expect(one.split.heldOut == 300..<400)
    let other = try trained(configuration, changed(series, rows: one.split.heldOut).table())
    #expect(other.data.preparation == one.data.preparation)
    #expect(other.split == one.split)
    #expect(other.regression == one.regression)
    #expect(other.trainer.state == one.trainer.state)
    #expect(other.model.parameters.values == one.model.parameters.values)
    // Forecasts from windows before them are the same too.
    let rows = Array(10..<297)
    #expect(
      other.model.predictions(other.data, endingAt: rows) == one.model.predictions(one.data, endingAt: rows))
    // The change was there to be seen: the figures differ.
    let figures = try [one, other].map { try $0.model.evaluate($0.data, $0.split.test).evaluation }
    #expect(figures[0] != figures[1])
  }

  /// The other way round: the last row that may be learned from does change the forecaster.
  @Test func theLastRowBeforeThemCounts() throws {
    var configuration = ForecastConfiguration.small(epochs: 1)
    configuration.testShare = 0.25
    let series = Series.noisy(rows: 400)
    let one = try trained(configuration, series.table())
    let other = try trained(configuration, changed(series, rows: 299..<300).table())
    #expect(other.data.preparation != one.data.preparation)
    #expect(other.regression != one.regression)
  }

  /// Validation values choose the epoch, and may not move a weight: with one epoch, there is nothing to choose.
  @Test func validationTargetsMoveNoWeight() throws {
    var configuration = ForecastConfiguration.small(epochs: 1)
    configuration.validationRows = .last
    configuration.normalisation = .none
    configuration.horizons = [1]
    let series = Series.noisy(rows: 400)
    let one = try trained(configuration, series.table())
    let block = try #require(one.split.validationBlocks.first)
    let other = try trained(configuration, changed(series, rows: block).table())
    #expect(other.model.parameters.values == one.model.parameters.values)
    #expect(other.trainer.state.progress.curve != one.trainer.state.progress.curve)
  }

  /// A column that is not declared as known ahead is not looked at beyond the window, though the file has it.
  @Test func theFutureOfACovariateIsNotSeen() throws {
    let series = Series.noisy(rows: 400)
    var other = series
    for row in 200..<400 { other.columns[1][row] = -1e6 }
    let run = try ForecastTraining(.small(), table: series.table())
    let data = try ForecastData(other.table(), preparation: run.data.preparation)
    #expect(run.model.predictions(data, endingAt: [199]) == run.model.predictions(run.data, endingAt: [199]))
    #expect(run.model.predictions(data, endingAt: [200]) != run.model.predictions(run.data, endingAt: [200]))
  }
}
