public import Recurrent

/// A forecaster being trained: the data prepared, the network built, the trainer ready.
///
///     var run = try ForecastTraining(configuration, table: Table(contentsOf: "weather.csv"), threads: 2)
///     while let event = try run.next() { … }
///     let model = run.model
public struct ForecastTraining: Sendable {
  /// The settings, as given.
  public let configuration: ForecastConfiguration
  /// The whole series, held-out rows among it.
  public let data: ForecastData
  /// Which windows train, choose the epoch, and are held out.
  public let split: ForecastSplit
  /// Columns that could be inputs and are not, each with the reason.
  public let leftOut: [String]
  /// What is trained.
  public let network: ForecastNetwork<Float>
  /// Linear least squares, fitted on all rows before the held-out ones.
  public let regression: LinearLeastSquares
  /// Where the run is.
  public private(set) var trainer: Trainer<ForecastNetwork<Float>>

  /// Prepares everything; nothing is trained yet.
  ///
  /// - Parameter threads: how many may compute; they cannot change a result.
  public init(
    _ configuration: ForecastConfiguration, table: Table, threads: Int = 1
  ) throws(TaskError) {
    let prepared = try taskErrors(DataError.self) { () throws(DataError) in
      try DataError.about(target: configuration.target) { () throws(DataError) in
        try Prepared(configuration, table)
      }
    }
    let data = prepared.data
    let preparation = data.preparation
    let network = try taskErrors(ModelConfigurationError.self) { () throws(ModelConfigurationError) in
      try ForecastNetwork<Float>(
        layers: configuration.layers, windowLength: preparation.plan.length,
        features: data.frame.columnCount, aheadSize: preparation.aheadSize,
        horizons: preparation.plan.horizons.count, linearPath: configuration.ridge != nil)
    }
    let split = prepared.split
    // Values that were not measured are neither learned from nor asked for, by the network and the regressions alike.
    let measured = data.examples(split.windows)
    guard !measured.isEmpty, !data.examples(split.test).isEmpty else {
      throw .data(
        .column(.targetWithoutValues(column: configuration.target), at: DataError.Place(table.source)))
    }
    self.configuration = configuration
    self.data = data
    self.split = split
    self.network = network
    leftOut = prepared.leftOut
    regression = LinearLeastSquares(
      fitting: data.frame, target: data.target, split.runs(of: measured))
    var first = ParameterStore<Float>(initializing: network.layout, seed: configuration.training.seed)
    if let linear = network.linear, let ridge = configuration.ridge {
      LinearPath.initialise(
        linear, in: &first, data: data, runs: split.runs(of: split.training.filter(Set(measured).contains)),
        ridge: ridge)
    }
    let examples = ForecastExamples(data, split.windows, chosen: split.training)
    let checks = ForecastExamples(data, split.windows, chosen: split.validation)
    do {
      trainer = try Trainer(
        model: network, source: examples, validation: checks, options: configuration.training,
        parameters: first, threads: threads)
    } catch {
      throw .training(error)
    }
  }

  /// What is made of the table before there is a network.
  private struct Prepared {
    let data: ForecastData
    let split: ForecastSplit
    let leftOut: [String]

    init(_ configuration: ForecastConfiguration, _ table: Table) throws(DataError) {
      for policy in [configuration.gaps, configuration.table.fillRows] where policy.looksAhead {
        throw .setup(.gapsLookAhead(policy))
      }
      let plan = try configuration.plan()
      split = try ForecastSplit(rows: table.rowCount, plan: plan, configuration: configuration)
      let chosen = try configuration.inputFeatures(of: table, trainingRows: split.before)
      leftOut = chosen.leftOut
      let encoder = try FrameEncoder(
        fitting: chosen.features,
        calendar: configuration.calendar
          ? CalendarFeature.available(for: table.time, learning: split.before) : [], to: table,
        trainingRows: split.before)
      let columns = encoder.columnNames.count
      guard plan.length * columns <= LinearLeastSquares.mostInputs else {
        throw .setup(
          .tooManyInputs(window: plan.length, columns: columns, limit: LinearLeastSquares.mostInputs))
      }
      let encoded = try encoder.encode(table)
      let preparation = try ForecastPreparation(
        encoder: encoder, encoded: encoded, plan: plan, targetColumn: 0, trainingRows: split.before,
        configuration: configuration, table: table)
      data = try ForecastData(table, encoded, preparation)
    }
  }

  /// What a run with these settings fits to a table before it trains.
  ///
  /// - Throws: ``TaskError/data(_:)`` as the initialiser.
  package static func preparation(
    _ configuration: ForecastConfiguration, of table: Table
  ) throws(TaskError) -> ForecastPreparation {
    try taskErrors(DataError.self) { () throws(DataError) in
      try Prepared(configuration, table).data.preparation
    }
  }

  /// Goes on with a saved run in place of the one that `init` began.
  ///
  /// - Throws: ``TaskError/training(_:)`` where the state is of another network or other data.
  public mutating func resume(_ state: TrainingState<Float>) throws(TaskError) {
    do {
      trainer = try Trainer(
        model: network, source: trainer.source, validation: trainer.validation, resuming: state,
        threads: trainer.threads)
    } catch {
      throw .training(error)
    }
  }

  /// The trainer's next event; `nil` once the run is over.
  public mutating func next() throws(TaskError) -> TrainingEvent? {
    do {
      return try trainer.next()
    } catch {
      throw .training(error)
    }
  }

  /// The forecaster with the parameters of the best epoch so far.
  public var model: ForecastModel {
    ForecastModel(
      configuration: configuration, preparation: data.preparation, network: network,
      parameters: trainer.state.selectedParameters, regression: regression,
      learnedRows: LearnedRows(data, rows: split.before))
  }
}
