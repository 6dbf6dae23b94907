internal import Recurrent
internal import RecurrentInterchange
internal import RecurrentTraining

/// The folder of a forecaster, a ``RunFolder``. Its model holds besides the parameters the regression baseline and
/// fingerprints of the rows learned from; its configuration, the fitted preparation and a checksum of the training data.
public struct ForecastDirectory: Sendable {
  /// Where the files are.
  public let folder: RunFolder

  /// Names a folder, which need not exist.
  public init(_ path: String) { folder = RunFolder(path) }

  /// What `config.json` of such a folder says it is.
  public static let schema = Stored.schema

  static let baseline = (weights: "baseline.weights", intercepts: "baseline.intercepts")
  static let learnedRows = "learned.rows"
  static let learnedContext = "learned.context"

  package struct Stored: StoredConfiguration {
    package static let schema = "recurrent.forecaster/1"
    package static let verb = "train forecast"
    let schema: String
    let configuration: ForecastConfiguration
    let preparation: ForecastPreparation
  }

  /// The bytes of `config.json`.
  ///
  /// - Throws: ``TaskError/model(path:found:expected:remedy:)`` where ``read()`` would refuse them.
  package func configurationBytes(
    _ configuration: ForecastConfiguration, _ preparation: ForecastPreparation
  ) throws(TaskError) -> [UInt8] {
    let stored = Stored(
      schema: Stored.schema, configuration: configuration, preparation: preparation)
    if let place = stored.inconsistency {
      throw .model(
        path: folder.configurationPath, found: "a value at \(place) that cannot be used",
        expected: "sizes of 1 to \(WindowPlan.sizes.upperBound), shares between 0 and 1",
        remedy: "change the setting; nothing was written")
    }
    return RunFolder.encode(stored)
  }

  /// Sixteen digits that follow from the settings, the seed and the training data.
  public static func runName(
    _ configuration: ForecastConfiguration, _ preparation: ForecastPreparation
  ) -> String {
    RunFolder.runName(
      RunFolder.encode(
        Stored(schema: Stored.schema, configuration: configuration, preparation: preparation)))
  }

  /// The text that a checkpoint carries and a resumed run must match: the settings, then what was fitted to the data, then
  /// the run's name.
  public static func fingerprint(
    _ configuration: ForecastConfiguration, _ preparation: ForecastPreparation
  ) -> String {
    String(decoding: RunFolder.encode(configuration) + RunFolder.encode(preparation), as: UTF8.self)
      + "run \(runName(configuration, preparation))\n"
  }

  /// Whether such a text is of these settings, whatever the data.
  public static func isFingerprint(_ text: String, of configuration: ForecastConfiguration) -> Bool {
    text.utf8.starts(with: RunFolder.encode(configuration))
  }

  /// The bytes of the model's file.
  package func modelBytes(_ model: ForecastModel) throws(TaskError) -> [UInt8] {
    var tensors = SafeTensors(metadata: [Self.learnedContext: "\(model.learnedRows.context)"])
    tensors.add(model.parameters)
    let regression = model.regression
    tensors.add(
      Self.baseline.weights, shape: [regression.weights.count, regression.weightCount - 1],
      regression.weights.flatMap { $0 })
    tensors.add(Self.baseline.intercepts, shape: [regression.intercepts.count], regression.intercepts)
    let fingerprints = model.learnedRows.fingerprints.map(Int64.init(bitPattern:))
    tensors.add(Self.learnedRows, shape: [fingerprints.count], fingerprints)
    return try folder.modelBytes(
      tensors, schema: Stored.schema, run: Self.runName(model.configuration, model.preparation))
  }
}

extension ForecastDirectory {
  /// Reads a finished forecaster.
  ///
  /// - Throws: ``TaskError/noModel(path:isInterrupted:verb:)`` where there is none, and other cases where the files are not
  ///   as they were written.
  public func read() throws(TaskError) -> ForecastModel {
    let (stored, run) = try folder.readConfiguration(Stored.self)
    let tensors = try folder.readModel(run: run)
    let network = try network(stored)
    let parameters = try tensors.parameters(
      network.layout, besides: [Self.baseline.weights, Self.baseline.intercepts, Self.learnedRows])
    return ForecastModel(
      configuration: stored.configuration, preparation: stored.preparation, network: network,
      parameters: parameters, regression: try regression(stored.preparation, tensors),
      learnedRows: try learnedRows(tensors))
  }

  private func learnedRows(_ tensors: ModelTensors) throws(TaskError) -> LearnedRows {
    let values = try tensors.int64s(Self.learnedRows)
    let context = tensors.metadata[Self.learnedContext]
    guard let rows = context.flatMap({ Int($0) }), (0...1 << 20).contains(rows) else {
      throw .model(
        path: folder.modelPath, found: "\(Self.learnedContext) \(shownInMessage(context ?? "missing"))",
        expected: "a number of rows", remedy: "restore the file, or train again")
    }
    return LearnedRows(values.map(UInt64.init(bitPattern:)), context: rows)
  }

  private func network(_ stored: Stored) throws(TaskError) -> ForecastNetwork<Float> {
    let preparation = stored.preparation
    do {
      return try ForecastNetwork(
        layers: stored.configuration.layers, windowLength: preparation.plan.length,
        features: preparation.encoder.columnNames.count, aheadSize: preparation.aheadSize,
        horizons: preparation.plan.horizons.count, linearPath: stored.configuration.ridge != nil)
    } catch {
      throw folder.unusableConfiguration("at configuration.layers: \(error)")
    }
  }

  private func regression(
    _ preparation: ForecastPreparation, _ tensors: ModelTensors
  ) throws(TaskError) -> LinearLeastSquares {
    let horizons = preparation.plan.horizons.count
    let inputs = preparation.plan.length * preparation.encoder.columnNames.count
    let weights = try tensors.doubles(Self.baseline.weights, shape: [horizons, inputs])
    let intercepts = try tensors.doubles(Self.baseline.intercepts, shape: [horizons])
    return LinearLeastSquares(
      featureNames: preparation.encoder.columnNames, plan: preparation.plan, ridge: 0,
      weights: (0..<horizons).map { Array(weights[$0 * inputs..<($0 + 1) * inputs]) },
      intercepts: intercepts)
  }
}
