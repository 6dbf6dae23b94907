internal import Foundation
internal import Recurrent

/// The folder of a forecaster: all that a later verb needs.
///
/// | file | |
/// |---|---|
/// | `config.json` | the resolved configuration with every default, the fitted preparation |
/// | `model.safetensors` | parameters by name, and the regression baseline |
/// | `report.html` | figures and curves for people |
/// | `log.jsonl` | one line an epoch, then the final figures |
/// | `events.out.tfevents.0.recurrent` | the same curve for TensorBoard |
/// | `checkpoint.safetensors` | while a run is not finished: what `--resume` goes on from |
public struct ForecastDirectory: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  public var configurationPath: String { path + "/config.json" }
  public var modelPath: String { path + "/model.safetensors" }
  public var reportPath: String { path + "/report.html" }
  public var logPath: String { path + "/log.jsonl" }
  public var eventsPath: String { path + "/events.out.tfevents.0.recurrent" }
  public var checkpointPath: String { path + "/checkpoint.safetensors" }

  static let schema = "recurrent.forecaster/1"
  /// No configuration or model of this task comes near it; a larger file is not one.
  static let configurationLimit = 1 << 26
  static let modelLimit = 1 << 32

  private struct Stored: Codable {
    let schema: String
    let configuration: ForecastConfiguration
    let preparation: ForecastPreparation
  }

  private struct SchemaOnly: Codable { let schema: String }

  public var exists: Bool { FileManager.default.fileExists(atPath: path) }
  public var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: checkpointPath) }
  public var isFinished: Bool { FileManager.default.fileExists(atPath: modelPath) }

  /// Makes the folder, and its parents.
  public func create() throws(ForecastError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .file(
        FileError(
          operation: .create, path: path, code: 0, category: .cannotCreate,
          reason: "the folder cannot be made",
          remedy: "choose another place with -o"))
    }
  }

  /// Takes away what an earlier run left, and nothing else.
  public func removeEarlierRun() throws(ForecastError) {
    for file in [modelPath, checkpointPath, reportPath, logPath, eventsPath, configurationPath]
    where FileManager.default.fileExists(atPath: file) {
      do {
        try FileManager.default.removeItem(atPath: file)
      } catch {
        throw .file(
          FileError(
            operation: .write, path: file, code: 0, category: .cannotCreate,
            reason: "the file of an earlier run cannot be removed", remedy: "remove it, or choose another -o")
        )
      }
    }
  }

  /// Writes `config.json`: before training, so that an interrupted run says what it was.
  public func writeConfiguration(
    _ configuration: ForecastConfiguration, _ preparation: ForecastPreparation
  ) throws(ForecastError) {
    let stored = Stored(schema: Self.schema, configuration: configuration, preparation: preparation)
    try forecastErrors { try AtomicFile.write(Self.encode(stored), to: configurationPath) }
  }

  /// The text that a checkpoint carries and a resumed run must match.
  public static func fingerprint(_ configuration: ForecastConfiguration) -> String {
    String(decoding: encode(configuration), as: UTF8.self)
  }

  static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("a configuration holds a number that is not finite")
    }
    return Array(data) + [UInt8(ascii: "\n")]
  }

  /// Writes `model.safetensors`, then takes the checkpoint away: the run is finished.
  public func write(_ model: ForecastModel) throws(ForecastError) {
    var tensors = SafeTensors(metadata: ["format": Self.schema])
    for slot in model.parameters.layout.slots {
      tensors.add(
        slot.name, shape: [slot.rows, slot.columns], Array(model.parameters.values[slot.range]))
    }
    let regression = model.regression
    tensors.add(
      "baseline.weights", shape: [regression.weights.count, regression.weightCount - 1],
      regression.weights.flatMap { $0 })
    tensors.add("baseline.intercepts", shape: [regression.intercepts.count], regression.intercepts)
    do {
      try AtomicFile.write(try tensors.serialized(), to: modelPath)
    } catch let error as FileError {
      throw .file(error)
    } catch let error as SafeTensorsError {
      throw .tensors(path: modelPath, error)
    } catch {
      preconditionFailure("writing a model: an error of another kind: \(error)")
    }
    try? FileManager.default.removeItem(atPath: checkpointPath)
  }

  /// Reads a finished forecaster.
  public func read() throws(ForecastError) -> ForecastModel {
    let stored = try readConfiguration()
    let bytes = try forecastErrors { try readFile(modelPath, limit: Self.modelLimit) }
    do {
      return try Self.model(stored, SafeTensors(bytes: bytes), path: modelPath)
    } catch let error as SafeTensorsError {
      throw .tensors(path: modelPath, error)
    } catch let error as ForecastError {
      throw error
    } catch let error as ModelConfigurationError {
      throw .configuration(error)
    } catch {
      preconditionFailure("reading a model: an error of another kind: \(error)")
    }
  }

  private func readConfiguration() throws(ForecastError) -> Stored {
    let bytes = try forecastErrors { try readFile(configurationPath, limit: Self.configurationLimit) }
    let data = Data(bytes)
    let remedy = "name the folder that 'recurrent train forecast -o' made"
    guard let schema = (try? JSONDecoder().decode(SchemaOnly.self, from: data))?.schema else {
      throw .model(
        path: configurationPath, found: "no JSON object with a schema", expected: "schema \(Self.schema)",
        remedy: remedy)
    }
    guard schema == Self.schema else {
      throw .model(
        path: configurationPath, found: "schema \(schema)", expected: "schema \(Self.schema)", remedy: remedy)
    }
    do {
      return try JSONDecoder().decode(Stored.self, from: data)
    } catch {
      throw .model(
        path: configurationPath, found: "a configuration that cannot be read (\(Self.place(of: error)))",
        expected: "the file as it was written", remedy: "train again, or restore the file")
    }
  }

  private static func place(of error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      let keys = context.codingPath.map(\.stringValue).joined(separator: ".")
      return keys.isEmpty ? "at the top" : "at \(keys)"
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context): return "\(key.stringValue) is missing \(path(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      return path(context)
    default: return "at the top"
    }
  }

  private static func model(_ stored: Stored, _ tensors: SafeTensors, path: String) throws -> ForecastModel {
    let preparation = stored.preparation
    let network = try ForecastNetwork<Float>(
      layers: stored.configuration.layers, windowLength: preparation.plan.length,
      features: preparation.encoder.columnNames.count, aheadSize: preparation.aheadSize,
      horizons: preparation.plan.horizons.count, linearPath: stored.configuration.ridge != nil)
    var parameters = ParameterStore<Float>(zeros: network.layout)
    for slot in network.layout.slots {
      let values = try tensors.floats(named: slot.name)
      try require(tensors, slot.name, shape: [slot.rows, slot.columns], path)
      if let bad = values.first(where: { !$0.isFinite }) {
        throw ForecastError.model(
          path: path, found: "\(bad) in '\(slot.name)'", expected: "finite parameters",
          remedy: "restore the file, or train again")
      }
      parameters[slot] = Matrix(rows: slot.rows, columns: slot.columns, elements: values)
    }
    let horizons = preparation.plan.horizons.count
    let inputs = preparation.plan.length * preparation.encoder.columnNames.count
    let weights = try tensors.doubles(named: "baseline.weights")
    let intercepts = try tensors.doubles(named: "baseline.intercepts")
    try require(tensors, "baseline.weights", shape: [horizons, inputs], path)
    try require(tensors, "baseline.intercepts", shape: [horizons], path)
    let regression = LinearLeastSquares(
      featureNames: preparation.encoder.columnNames, plan: preparation.plan, ridge: 0,
      weights: (0..<horizons).map { Array(weights[$0 * inputs..<($0 + 1) * inputs]) },
      intercepts: intercepts)
    return ForecastModel(
      configuration: stored.configuration, preparation: preparation, network: network,
      parameters: parameters, regression: regression)
  }

  private static func require(
    _ tensors: SafeTensors, _ name: String, shape: [Int], _ path: String
  ) throws(ForecastError) {
    guard let found = tensors[name]?.shape, found != shape else { return }
    throw .model(
      path: path, found: "'\(name)' of shape \(found)", expected: "shape \(shape)",
      remedy: "keep config.json and model.safetensors of one run together")
  }
}
