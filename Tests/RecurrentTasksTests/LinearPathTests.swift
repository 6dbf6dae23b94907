import Foundation
import Recurrent
import RecurrentCore
import RecurrentTasks
import RecurrentTestSupport
import Testing

/// Before any training, the network is the ridge regression of its windows.
@Suite struct LinearPathTests {
  @Test(arguments: [true, false], [Normalisation.standard, .minMax, .none])
  func anUntrainedNetworkIsTheRegression(predictsChange: Bool, normalisation: Normalisation) throws {
    var configuration = ForecastConfiguration.small(window: 3, horizons: [1, 2])
    configuration.ridge = 0.05
    configuration.predictsChange = predictsChange
    configuration.normalisation = normalisation
    let table = try Series.noisy(rows: 300).table()
    let run = try ForecastTraining(configuration, table: table)
    let rows = Array(2..<290)
    let found = run.model.predictions(run.data, endingAt: rows)
    let expected = ridgeForecasts(run, ridge: 0.05, endingAt: rows)
    // Products and sums in Float: 8 terms of size about 10 at 6e-8 each, in a series between 0 and 20.
    for horizon in found.indices { #expect(scaledError(found[horizon], expected[horizon]) <= 2e-6) }
  }

  @Test func withoutALinearPathThereIsNone() throws {
    var configuration = ForecastConfiguration.small()
    configuration.ridge = nil
    let run = try ForecastTraining(configuration, table: Series.noisy(rows: 300).table())
    #expect(run.network.linear == nil)
  }

  /// Ridge regression with columns brought to mean 0 and deviation 1, by Gaussian elimination of the normal equations
  /// of the windows written out one by one.
  private func ridgeForecasts(_ run: ForecastTraining, ridge: Double, endingAt rows: [Int]) -> [[Double]] {
    let (frame, plan) = (run.data.frame, run.data.preparation.plan)
    let windows = run.split.training.map { run.split.windows.rows($0) }
    let used = windows[0].lowerBound..<windows[windows.count - 1].upperBound
    let scales = frame.names.indices.map { column -> (mean: Double, deviation: Double) in
      let values = used.map { frame[$0, column] }
      let mean = values.reduce(0, +) / Double(values.count)
      let deviations = values.map { $0 - mean }
      return (mean, (dot(deviations, deviations) / Double(values.count)).squareRoot())
    }
    func input(_ rows: Range<Int>) -> [Double] {
      rows.flatMap { row in
        frame.names.indices.map { (frame[row, $0] - scales[$0].mean) / scales[$0].deviation }
      } + [1]
    }
    let inputs = windows.map(input)
    let size = inputs[0].count
    return plan.horizons.map { horizon in
      let targets = windows.map { run.data.target[$0.upperBound - 1 + horizon] }
      var system = (0..<size).map { i -> [Double] in
        let column = inputs.map { $0[i] }
        var row = (0..<size).map { j in dot(column, inputs.map { $0[j] }) }
        if i < size - 1 { row[i] += ridge * Double(inputs.count) }
        return row + [dot(column, targets)]
      }
      let weights = solve(&system)
      return rows.map { last in
        dot(weights, input(last - plan.length + 1..<last + 1))
      }
    }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  /// Gauss–Jordan elimination with row exchange; the right side is the last column.
  private func solve(_ system: inout [[Double]]) -> [Double] {
    for column in system.indices {
      let pivot =
        system.indices[column...].max { abs(system[$0][column]) < abs(system[$1][column]) } ?? column
      system.swapAt(column, pivot)
      let row = system[column].map { $0 / system[column][column] }
      system[column] = row
      for other in system.indices where other != column {
        let factor = system[other][column]
        system[other] = zip(system[other], row).map { $0 - factor * $1 }
      }
    }
    return system.map { $0[system.count] }
  }
}
