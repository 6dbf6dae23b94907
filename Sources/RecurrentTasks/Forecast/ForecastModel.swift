public import Recurrent
internal import RecurrentCore

/// A trained forecaster: what it is, how data reach it, its parameters, and the regression it is held against.
public struct ForecastModel: Sendable {
  /// The settings that it was trained with.
  public let configuration: ForecastConfiguration
  /// How a table becomes what the network sees.
  public let preparation: ForecastPreparation
  /// What is computed from it.
  public let network: ForecastNetwork<Float>
  /// Of the network, by slot.
  public let parameters: ParameterStore<Float>
  /// Linear least squares on the same windows, fitted on all rows before the held-out ones, on values as they are.
  public let regression: LinearLeastSquares
  /// The rows before the held-out ones.
  public let learnedRows: LearnedRows

  package init(
    configuration: ForecastConfiguration, preparation: ForecastPreparation, network: ForecastNetwork<Float>,
    parameters: ParameterStore<Float>, regression: LinearLeastSquares, learnedRows: LearnedRows
  ) {
    self.configuration = configuration
    self.preparation = preparation
    self.network = network
    self.parameters = parameters
    self.regression = regression
    self.learnedRows = learnedRows
  }

  /// Forecasts from the windows that end at `lastRows`: `[horizon][window]`, in the target's unit.
  ///
  /// Windows are taken in groups, which threads share; neither can change a forecast.
  public func predictions(_ data: ForecastData, endingAt lastRows: [Int], threads: Int = 1) -> [[Double]] {
    let packed = PackedParameters(parameters)
    let execution = network.summaryExecution(on: WorkerPool(threads: threads))
    let size = 64 * max(threads, 1)
    let groups = stride(from: 0, to: lastRows.count, by: size).map {
      Array(lastRows[$0..<min($0 + size, lastRows.count)])
    }
    let outputs = groups.map { group in
      let inputs = data.inputs(endingAt: group, as: Float.self)
      return execution.outputs(of: inputs.window, beside: inputs.ahead, parameters: packed)
    }
    return preparation.plan.horizons.indices.map { horizon in
      zip(groups, outputs).flatMap { rows, output in
        rows.enumerated().map { index, last in
          preparation.decoded(
            Double(output[index, horizon]), last: data.target[last], horizon: horizon)
        }
      }
    }
  }
}

extension ForecastModel {
  /// The windows of a series' last rows that training would hold out.
  public func heldOutWindows(of data: ForecastData) throws(DataError) -> Windows {
    let plan = preparation.plan
    guard data.frame.rowCount >= plan.length + plan.longestHorizon else {
      throw .setup(
        .seriesTooShort(
          part: nil, rows: data.frame.rowCount, window: plan.length, horizon: plan.longestHorizon))
    }
    let split = try TimeSplit(
      rows: data.frame.rowCount, trainingShare: 1 - configuration.testShare, validationShare: 0,
      testShare: configuration.testShare)
    guard split.test.count >= plan.targetSpan else {
      throw .setup(.heldOutTooShort(rows: split.test.count, expected: plan.targetSpan))
    }
    return try plan.windows(in: split.test, named: "held-out", inputRows: .beforePart)
  }
}
