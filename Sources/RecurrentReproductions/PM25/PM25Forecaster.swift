internal import Recurrent
internal import RecurrentTasks

/// The task's default forecaster on the PM2.5 data: under the protocol, and without its two leaks.
struct PM25Forecaster {
  let data: PM25Data
  let model: ForecastModel
  let series: ForecastData
  let training: ForecastTraining

  /// Trains with every default of the task, but for what the protocol fixes: its features, window and held-out hours.
  ///
  /// - Parameter horizons: [1] under the protocol; 1 … 8 for forecasts that need no future weather.
  init(_ data: PM25Data, horizons: [Int], seed: UInt64, epochs: Int, threads: Int)
    throws(TaskError)
  {
    var configuration = ForecastConfiguration(target: PM25Data.names[0])
    configuration.calendar = false
    configuration.window = PM25Data.window
    configuration.horizons = horizons
    configuration.testShare = Double(PM25Data.testRows) / Double(data.frame.rowCount)
    configuration.training.seed = seed
    configuration.training.epochs = epochs
    configuration.training.schedule = .cosine(total: epochs)
    let table = try taskErrors(DataError.self) { () throws(DataError) in try data.table() }
    var training = try ForecastTraining(configuration, table: table, threads: threads)
    while try training.next() != nil {}
    self.data = data
    self.training = training
    model = training.model
    series = training.data
  }

  /// Block scores under the protocol, with the true weather of the hours to come.
  func protocolScores() throws(TaskError) -> [BlockScore] {
    try taskErrors(DataError.self) { () throws(DataError) in try blockScores() }
  }

  private func blockScores() throws(DataError) -> [BlockScore] {
    let packed = PackedParameters(model.parameters)
    let preparation = model.preparation
    let columns = PM25Data.names.count
    // The file's pm2.5 runs from 0 to 994: the scale of the published losses.
    let scale = Normaliser(.minMax, fitting: data.frame.column(0))
    let truth = data.test.targets(of: data.target, horizon: 1)
    return try PM25Data.blocks.map { hours throws(DataError) in
      let made = try BlockRecursion.predictions(
        data.frame, data.test, targetColumn: 0, length: hours
      ) { inputs, count in
        var values = [Float](repeating: 0, count: inputs.count)
        for t in 0..<PM25Data.window {
          for window in 0..<count {
            for column in 0..<columns {
              let raw = inputs[(window * PM25Data.window + t) * columns + column]
              values[(t * count + window) * columns + column] = Float(
                preparation.inputs.columns[column].normalised(raw))
            }
          }
        }
        let batch = SequenceBatch(
          steps: PM25Data.window, batchSize: count, features: columns, values: values)
        let outputs = model.network.outputs(
          window: batch, ahead: Matrix(zeros: count, 0), parameters: packed)
        return (0..<count).map { window in
          let last = inputs[((window + 1) * PM25Data.window - 1) * columns]
          return preparation.decoded(Double(outputs[window, 0]), last: last, horizon: 0)
        }
      }
      return PM25Data.score(hours, made.map(scale.normalised), truth)
    }
  }
}
