import Recurrent
import RecurrentCore
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// Rows without a measured target.
@Suite struct MissingTargetTests {
  private func holed() -> (Series, [Int]) {
    var series = Series.noisy(rows: 400)
    let missing = [3, 40, 41, 42, 150, 325, 326, 340, 371, 398, 399]
    for row in missing { series.columns[0][row] = nil }
    return (series, missing)
  }

  @Test func theyAreNotScored() throws {
    let (series, missing) = holed()
    let run = try trained(.small(), series.table())
    let (evaluation, lastRows, _) = try run.model.evaluate(run.data, run.split.test)
    // Held out are rows 320 to 399; horizons 1 and 3 of each window must both be measured.
    let expected = (319...396).filter { !missing.contains($0 + 1) && !missing.contains($0 + 3) }
    #expect(lastRows == expected && evaluation.examples == expected.count)
    // The last value's error by hand, the last value itself filled with the one before where it is missing.
    let values = series.columns[0]
    let errors = expected.map { last -> Double in
      let known = (0...last).last { values[$0] != nil } ?? 0
      return abs((values[last + 3] ?? .nan) - (values[known] ?? .nan))
    }
    let mean = errors.reduce(0, +) / Double(errors.count)
    // A sum of 60 numbers in another order.
    #expect(abs(evaluation.baselines[0].metrics[1].meanAbsoluteError - mean) <= 1e-12 * mean)
    #expect(evaluation.model.metrics.allSatisfy { $0.count == expected.count })
  }

  @Test func theyAreNotLearnedFrom() throws {
    let (series, missing) = holed()
    let run = try ForecastTraining(.small(), table: series.table())
    let examples = ForecastExamples(run.data, run.split.windows, chosen: run.split.training)
    let asked = examples.chosen.flatMap { window in
      [1, 3].map { run.split.windows.targetRow(window, horizon: $0) }
    }
    #expect(Set(asked).isDisjoint(with: missing))
    let left = run.split.training.filter { window in
      [1, 3].allSatisfy { !missing.contains(run.split.windows.targetRow(window, horizon: $0)) }
    }
    #expect(examples.chosen == left && left.count < run.split.training.count)
    #expect(run.trainer.state.progress.exampleCount == left.count)
  }

  @Test func aForecastStartsAtTheLastKnownTarget() throws {
    let (series, _) = holed()
    let run = try ForecastTraining(.small(), table: series.table())
    let forecast = try run.model.forecastFuture(run.data)
    #expect(forecast.origin == run.data.axis.label(at: 397))
    #expect(forecast.steps.map(\.time) == [398, 400].map { run.data.axis.label(at: $0) })
    // To the digits of single precision, which is what the network computes in.
    let predictions = run.model.predictions(run.data, endingAt: [397]).map { Float($0[0]) }
    #expect(forecast.steps.map { Float($0.value) } == predictions)
    // The rows after it may be left out: the forecast is the same.
    var cut = series
    for column in cut.columns.indices { cut.columns[column].removeLast(2) }
    let data = try ForecastData(cut.table(), preparation: run.data.preparation)
    let again = try run.model.forecastFuture(data)
    #expect(again.steps == forecast.steps && again.origin == forecast.origin)
    #expect(forecast.rowsAfter == 2 && again.rowsAfter == 0)
  }

  @Test func aSeriesShorterThanAWindowIsRefused() throws {
    let run = try ForecastTraining(.small(), table: Series.noisy(rows: 300).table())
    for rows in 1...5 {
      let data = try ForecastData(Series.noisy(rows: rows + 2).table(), preparation: run.data.preparation)
      var short = Series.noisy(rows: rows + 2)
      for row in rows..<rows + 2 { short.columns[0][row] = nil }
      let cut = try ForecastData(short.table(), preparation: run.data.preparation)
      let error = dataError { _ = try run.model.forecastFuture(cut) }
      if rows < 4 {
        guard case .setup(.seriesTooShort(_, rows, 4, _)) = error else {
          Issue.record("\(rows) rows: \(String(describing: error))")
          continue
        }
      } else {
        #expect(error == nil)
      }
      #expect(data.frame.rowCount == rows + 2)
    }
  }

  @Test func noTargetAtAllIsADataError() throws {
    let run = try ForecastTraining(.small(), table: Series.noisy(rows: 300).table())
    var series = Series.noisy(rows: 300)
    for row in 240..<300 { series.columns[0][row] = nil }
    let data = try ForecastData(series.table(), preparation: run.data.preparation)
    let error = dataError { _ = try run.model.evaluate(data, run.split.test) }
    #expect(error == .column(.targetWithoutValues(column: "y"), at: DataError.Place("series.csv")))
  }
}
