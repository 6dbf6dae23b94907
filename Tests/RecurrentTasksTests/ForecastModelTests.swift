import Recurrent
import RecurrentCore
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// What may not change a forecast.
@Suite struct ForecastModelTests {
  private func model(_ layers: [LayerConfiguration]) throws -> (ForecastModel, ForecastData) {
    var configuration = ForecastConfiguration.small()
    configuration.layers = layers
    configuration.knownAhead = ["x"]
    let run = try ForecastTraining(configuration, table: Series.noisy(rows: 400).table())
    var draws = Draws(seed: 3)
    var parameters = ParameterStore<Float>(zeros: run.network.layout)
    parameters.values = draws.uniform(run.network.layout.count)
    let model = ForecastModel(
      configuration: configuration, preparation: run.data.preparation, network: run.network,
      parameters: parameters, regression: run.regression, learnedRows: run.model.learnedRows)
    return (model, run.data)
  }

  /// 16 and 64 are sizes at which windows are taken together somewhere.
  @Test(arguments: [ForecastNetworkTests.gru, ForecastNetworkTests.bidirectional, ForecastNetworkTests.mixed])
  func groupingAndThreadsDoNotChangeABit(_ layers: [LayerConfiguration]) throws {
    let (model, data) = try model(layers)
    let rows = Array(3..<203)
    let all = model.predictions(data, endingAt: rows)
    #expect(all.count == 2 && all.allSatisfy { $0.count == rows.count && $0.allSatisfy(\.isFinite) })
    for threads in [2, 3, 16] { #expect(model.predictions(data, endingAt: rows, threads: threads) == all) }
    for size in [1, 7, 17, 65] {
      var parts: [[Double]] = [[], []]
      for first in stride(from: 0, to: rows.count, by: size) {
        let made = model.predictions(data, endingAt: Array(rows[first..<min(first + size, rows.count)]))
        for horizon in parts.indices { parts[horizon] += made[horizon] }
      }
      #expect(parts == all, "groups of \(size)")
    }
    let backwards = model.predictions(data, endingAt: rows.reversed(), threads: 2)
    #expect(backwards.map { $0.reversed() } == all)
  }

  @Test func threadsDoNotChangeAParameter() throws {
    let table = try Series.noisy(rows: 300).table()
    let one = try trained(.small(), table)
    for threads in [2, 5] {
      let other = try trained(.small(), table, threads: threads)
      #expect(other.model.parameters.values == one.model.parameters.values)
      #expect(other.trainer.state == one.trainer.state)
    }
  }

  /// The windows are laid out by hand here, from the frame as the file has it.
  @Test func inputsAreTheRowsBeforeAndAhead() throws {
    let (model, data) = try model(ForecastNetworkTests.gru)
    let inputs = data.inputs(endingAt: [10, 57], as: Double.self)
    let columns = data.preparation.inputs.columns
    for (b, last) in [10, 57].enumerated() {
      for t in 0..<4 {
        for f in 0..<2 {
          #expect(
            inputs.window[t, b, f] == (data.frame[last - 3 + t, f] - columns[f].shift) / columns[f].scale)
        }
      }
      // Three rows ahead of x, the longest horizon, and nothing of y.
      let ahead = (1...3).map { (data.frame[last + $0, 1] - columns[1].shift) / columns[1].scale }
      #expect(inputs.ahead.row(b) == ahead)
    }
    #expect(model.preparation.aheadSize == 3)
  }
}
