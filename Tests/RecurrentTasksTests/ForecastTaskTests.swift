import Recurrent
import RecurrentCore
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// Series whose right forecast is known.
@Suite struct ForecastTaskTests {
  // MARK: Known ahead

  private func determined() throws -> (Series, ForecastConfiguration) {
    var draws = Draws(seed: 5)
    let k: [Double] = draws.uniform(900)
    var configuration = ForecastConfiguration.small(horizons: [1, 3], epochs: 12)
    configuration.features = ["k"]
    configuration.training.learningRate = 0.02
    configuration.training.schedule = .cosine(total: 12)
    return (Series(["y": k.map { 5 + 2 * $0 }, "k": k.map { $0 }]), configuration)
  }

  /// y = 5 + 2k, k drawn anew each hour: with k of the hours to come the forecast is exact, without it is a guess.
  @Test func aColumnKnownAheadIsUsed() throws {
    var (series, configuration) = try determined()
    configuration.knownAhead = ["k"]
    let run = try trained(configuration, series.table())
    let evaluation = try run.model.evaluate(run.data, run.split.test).evaluation
    for metrics in evaluation.model.metrics { #expect((metrics.rSquared ?? 0) > 0.999) }
    // Least squares sees the window only, and so do the others.
    for line in evaluation.baselines {
      for metrics in line.metrics { #expect((metrics.rSquared ?? 1) < 0.1, "\(line.name)") }
    }
  }

  @Test func withoutTheDeclarationItIsNotUsed() throws {
    let (series, configuration) = try determined()
    let run = try trained(configuration, series.table())
    #expect(run.data.preparation.aheadSize == 0)
    for metrics in try run.model.evaluate(run.data, run.split.test).evaluation.model.metrics {
      #expect((metrics.rSquared ?? 1) < 0.1)
    }
  }

  /// The values to come are read from the rows to come: 5 + 2k of rows whose y is empty.
  @Test func rowsAfterTheLastTargetGiveWhatIsKnownAhead() throws {
    var (series, configuration) = try determined()
    configuration.knownAhead = ["k"]
    let model = try trained(configuration, series.table()).model
    let future = [0.9, -0.7, 0.4]
    for k in future {
      series.columns[0].append(nil)
      series.columns[1].append(k)
    }
    let data = try ForecastData(series.table(), preparation: model.preparation)
    let forecast = try model.forecastFuture(data)
    #expect(forecast.steps.map(\.horizon) == [1, 3])
    // R² above 0.999 leaves errors of about a thirtieth of the spread, 2/√3.
    #expect(abs(forecast.steps[0].value - 6.8) < 0.2 && abs(forecast.steps[1].value - 5.8) < 0.2)
    #expect(forecast.origin == data.axis.label(at: 899))
    // One row less, and the third hour's k is not there.
    for column in series.columns.indices { series.columns[column].removeLast() }
    let short = try ForecastData(series.table(), preparation: model.preparation)
    let error = dataError { _ = try model.forecastFuture(short) }
    #expect(error == .setup(.futureTooShort(rows: 2, horizon: 3)) && error?.category == .badData)
  }

  // MARK: Off by one

  /// y = 1000 + t, whose forecast h rows ahead is one more than h − 1 rows ahead: any slip of a row shows.
  private func counting(_ horizons: [Int]) throws -> ForecastTraining {
    var configuration = ForecastConfiguration.small(window: 6, horizons: horizons)
    configuration.training.optimizer = .sgd()
    configuration.training.learningRate = 1e-3
    return try trained(configuration, Series(["y": (0..<400).map { 1000 + Double($0) }]).table())
  }

  @Test func aCountIsContinued() throws {
    let run = try counting([1, 2, 4, 8])
    let forecast = try run.model.forecastFuture(run.data)
    #expect(forecast.target == "y" && forecast.origin == "2021-03-17T15:00")
    #expect(forecast.steps.map(\.horizon) == [1, 2, 4, 8])
    #expect(
      forecast.steps.map(\.time)
        == ["2021-03-17T16:00", "2021-03-17T17:00", "2021-03-17T19:00", "2021-03-17T23:00"])
    // A thousandth of the values' range, 0.4: less than half a row.
    for step in forecast.steps { #expect(abs(step.value - Double(1399 + step.horizon)) < 0.4, "\(step)") }
  }

  @Test func everyHeldOutRowIsForecastAtItsOwnPlace() throws {
    let run = try counting([1, 2, 4, 8])
    let (evaluation, lastRows, predictions) = try run.model.evaluate(run.data, run.split.test)
    #expect(lastRows == Array(319..<392) && evaluation.examples == 73)
    #expect(evaluation.leads == ["1 h", "2 h", "4 h", "8 h"])
    #expect(evaluation.firstTarget == "2021-03-14T08:00" && evaluation.lastTarget == "2021-03-17T15:00")
    for (index, horizon) in evaluation.horizons.enumerated() {
      for (last, value) in zip(lastRows, predictions[index]) {
        #expect(abs(value - Double(1000 + last + horizon)) < 0.4)
      }
      // What repeats a value is late by exactly the horizon, or by one whole day.
      let errors = evaluation.baselines.map { $0.metrics[index].meanAbsoluteError }
      #expect(errors[0] == Double(horizon) && errors[1] == 24)
      #expect(evaluation.model.metrics[index].meanAbsoluteError < 0.4)
    }
  }

  @Test func theCSVHasARowForEachHorizon() throws {
    let run = try counting([1, 3])
    let forecast = try run.model.forecastFuture(run.data)
    let lines = forecast.csv.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.count == 4 && lines[0] == "horizon,time,y" && lines[3] == "")
    for (line, step) in zip(lines.dropFirst(), forecast.steps) {
      #expect(line == "\(step.horizon),\(step.time),\(step.value)")
    }
    // The reader of this package reads it back.
    let table = try Table(bytes: Array(forecast.csv.utf8), options: TableOptions(time: .none))
    #expect(try table.numbers(in: "y") == forecast.steps.map(\.value))
  }

  /// As few digits as single precision needs; more where a series lies so far from zero that its changes would drown.
  @Test func forecastsHaveNoDigitsThatSayNothing() {
    for value in [12.3456789012345, -0.000123456789, 9876.54321, 3.0, 0] {
      let written = withoutNoise(value, scale: 10)
      #expect(written == Double("\(Float(value))"), "\(value)")
      #expect(Float(written) == Float(value), "\(value)")
    }
    // A step of single precision here is 128; changes are about 1.
    #expect(withoutNoise(1_700_000_001.23456789, scale: 1) == 1_700_000_001.2346)
    #expect(withoutNoise(1_700_000_001.23456789, scale: 5000) == 1_700_000_001.2)
    // Beyond single precision, as many digits as within it.
    #expect(withoutNoise(1.178588088170455e39, scale: 1e38) == 1.1785881e39)
    #expect(withoutNoise(1.178588088170455e39, scale: 1e60) == 1.1785881e39)
    #expect(withoutNoise(-1.178588088170455e39, scale: 1e32) == -1.17858808817e39)
    // Nothing is lost where no number of single precision is near.
    #expect(withoutNoise(1.25e139, scale: 1e138) == 1.25e139 && withoutNoise(-1e-60, scale: 1e-60) != 0)
  }

  /// Finite parameters whose products are not.
  @Test func aForecastThatIsNoNumberIsAnError() throws {
    let run = try counting([1, 3])
    var parameters = run.model.parameters
    for slot in parameters.layout.slots {
      let elements = [Float](repeating: 3e38, count: slot.rows * slot.columns)
      parameters[slot] = Matrix(rows: slot.rows, columns: slot.columns, elements: elements)
    }
    let model = ForecastModel(
      configuration: run.configuration, preparation: run.data.preparation, network: run.network,
      parameters: parameters, regression: run.regression, learnedRows: run.model.learnedRows)
    func expectError(_ body: () throws -> Void) {
      let error = #expect(throws: DataError.self, performing: body)
      guard case .column(.forecastNotFinite("y", _), let place) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(place.source.hasPrefix("series.csv, 2021-03-1"), "\(place)")
    }
    expectError { _ = try model.evaluate(run.data, run.split.test) }
    expectError { _ = try model.forecastFuture(run.data) }
  }

  @Test func withoutTimesRowsAreCounted() throws {
    var text = "y\n"
    for row in 0..<200 { text += "\(row % 7)\n" }
    let run = try ForecastTraining(.small(), table: Table(bytes: Array(text.utf8)))
    let forecast = try run.model.forecastFuture(run.data)
    #expect(forecast.origin == "199" && forecast.steps.map(\.time) == ["200", "202"])
  }
}
