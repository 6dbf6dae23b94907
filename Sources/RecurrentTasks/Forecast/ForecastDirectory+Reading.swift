internal import Foundation
internal import Recurrent
internal import RecurrentTraining

// Reading what training left: whatever stands in the files, the outcome is a forecaster or an error.
extension ForecastDirectory {
  private struct SchemaOnly: Codable { let schema: String }

  /// Whether `config.json` is one that a run wrote, in whatever state.
  public var isOfRun: Bool {
    guard let bytes = try? readFile(configurationPath, limit: Self.configurationLimit) else { return false }
    return (try? JSONDecoder().decode(SchemaOnly.self, from: Data(bytes)))?.schema.hasPrefix("recurrent.")
      ?? false
  }

  /// Reads a finished forecaster.
  ///
  /// - Throws: ``ForecastError/noModel(path:isInterrupted:)`` where there is none, and other cases where the files are not
  ///   as they were written.
  public func read() throws(ForecastError) -> ForecastModel {
    if !isFinished { throw .noModel(path: path, isInterrupted: hasCheckpoint) }
    let (stored, run) = try readConfiguration()
    let bytes = try read(modelPath, limit: Self.modelLimit)
    return try model(stored, run, tensors { () throws(SafeTensorsError) in try SafeTensors(bytes: bytes) })
  }

  private func read(_ path: String, limit: Int) throws(ForecastError) -> [UInt8] {
    try forecastErrors(FileError.self) { () throws(FileError) in try readFile(path, limit: limit) }
  }

  /// Runs `body`, whose errors are about the model's file.
  private func tensors<Result>(
    _ body: () throws(SafeTensorsError) -> Result
  ) throws(ForecastError) -> Result {
    do {
      return try body()
    } catch {
      throw .tensors(path: modelPath, error)
    }
  }

  /// The configuration, and the name of the run that it is of.
  private func readConfiguration() throws(ForecastError) -> (stored: Stored, run: String) {
    let bytes = try read(configurationPath, limit: Self.configurationLimit)
    let data = Data(bytes)
    let remedy = "name the folder that 'recurrent train forecast -o' made"
    guard let schema = (try? JSONDecoder().decode(SchemaOnly.self, from: data))?.schema else {
      throw .model(
        path: configurationPath, found: "no JSON object with a schema", expected: "schema \(Self.schema)",
        remedy: remedy)
    }
    guard schema == Self.schema else {
      throw .model(
        path: configurationPath, found: "schema '\(Self.shown(schema))'", expected: "schema \(Self.schema)",
        remedy: remedy)
    }
    let stored: Stored
    do {
      stored = try JSONDecoder().decode(Stored.self, from: data)
    } catch {
      throw unreadable(Self.place(of: error))
    }
    if let place = stored.inconsistency { throw unreadable("at \(place)") }
    return (stored, Self.runName(bytes))
  }

  private func unreadable(_ place: String) -> ForecastError {
    .model(
      path: configurationPath, found: "a configuration that cannot be used (\(place))",
      expected: "the file as it was written", remedy: "train again, or restore the file")
  }

  private static func place(of error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      let keys = context.codingPath.map(\.stringValue).joined(separator: ".")
      return keys.isEmpty ? "at the top" : "at \(shown(keys))"
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context): return "\(key.stringValue) is missing \(path(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      return path(context)
    default: return "at the top"
    }
  }

  /// Text from a file as a one-line message may show it.
  private static func shown(_ text: String) -> String {
    String(text.prefix(80).map { $0.isNewline || $0 == "\0" || $0 == "\u{1B}" ? "?" : $0 })
  }

  /// CRC-64 of the file with sixteen zeros in the checksum's place.
  static func checksum(_ tensors: SafeTensors) throws(SafeTensorsError) -> UInt64 {
    var blank = tensors
    blank.metadata[checksumKey] = hexadecimal(UInt64(0))
    return crc64(try blank.serialized())
  }

  private func model(
    _ stored: Stored, _ run: String, _ tensors: SafeTensors
  ) throws(ForecastError) -> ForecastModel {
    let checksum = try self.tensors { () throws(SafeTensorsError) in try Self.checksum(tensors) }
    guard tensors.metadata[Self.checksumKey] == hexadecimal(checksum) else {
      throw .model(
        path: modelPath, found: "content that does not agree with its checksum",
        expected: "the file as training wrote it", remedy: "restore the file, or train again")
    }
    try requireRun(run, tensors)
    let network = try network(stored)
    try requireNoOthers(tensors, network.layout)
    // Before anything is allocated for parameters: every one is in the file.
    for slot in network.layout.slots { try require(tensors, slot.name, shape: slot.shape) }
    var parameters = ParameterStore<Float>(zeros: network.layout)
    for slot in network.layout.slots {
      let values = try self.tensors { () throws(SafeTensorsError) in try tensors.floats(named: slot.name) }
      try requireFinite(values, slot.name)
      parameters[slot] = Matrix(rows: slot.rows, columns: slot.columns, elements: values)
    }
    return ForecastModel(
      configuration: stored.configuration, preparation: stored.preparation, network: network,
      parameters: parameters, regression: try regression(stored.preparation, tensors),
      learnedRows: try learnedRows(tensors))
  }

  private func learnedRows(_ tensors: SafeTensors) throws(ForecastError) -> LearnedRows {
    let values = try self.tensors { () throws(SafeTensorsError) in
      try tensors.int64s(named: Self.learnedRows)
    }
    let context = tensors.metadata[Self.learnedContext]
    guard let rows = context.flatMap({ Int($0) }), (0...1 << 20).contains(rows) else {
      throw .model(
        path: modelPath, found: "\(Self.learnedContext) \(Self.shown(context ?? "missing"))",
        expected: "a number of rows", remedy: "restore the file, or train again")
    }
    return LearnedRows(values.map(UInt64.init(bitPattern:)), context: rows)
  }

  private func network(_ stored: Stored) throws(ForecastError) -> ForecastNetwork<Float> {
    let preparation = stored.preparation
    do {
      return try ForecastNetwork(
        layers: stored.configuration.layers, windowLength: preparation.plan.length,
        features: preparation.encoder.columnNames.count, aheadSize: preparation.aheadSize,
        horizons: preparation.plan.horizons.count, linearPath: stored.configuration.ridge != nil)
    } catch {
      throw unreadable("at configuration.layers: \(error)")
    }
  }

  private func regression(
    _ preparation: ForecastPreparation, _ tensors: SafeTensors
  ) throws(ForecastError) -> LinearLeastSquares {
    let horizons = preparation.plan.horizons.count
    let inputs = preparation.plan.length * preparation.encoder.columnNames.count
    let weights = try doubles(tensors, Self.baseline.weights, shape: [horizons, inputs])
    let intercepts = try doubles(tensors, Self.baseline.intercepts, shape: [horizons])
    return LinearLeastSquares(
      featureNames: preparation.encoder.columnNames, plan: preparation.plan, ridge: 0,
      weights: (0..<horizons).map { Array(weights[$0 * inputs..<($0 + 1) * inputs]) },
      intercepts: intercepts)
  }

  private func doubles(
    _ tensors: SafeTensors, _ name: String, shape: [Int]
  ) throws(ForecastError) -> [Double] {
    try require(tensors, name, shape: shape)
    let values = try self.tensors { () throws(SafeTensorsError) in try tensors.doubles(named: name) }
    try requireFinite(values, name)
    return values
  }

  private func require(
    _ tensors: SafeTensors, _ name: String, shape: [Int]
  ) throws(ForecastError) {
    let found = try self.tensors { () throws(SafeTensorsError) in try tensors.entry(named: name).shape }
    guard found != shape else { return }
    throw .model(
      path: modelPath, found: "'\(name)' of shape \(found)", expected: "shape \(shape)",
      remedy: "keep config.json and model.safetensors of one run together")
  }

  private func requireRun(_ run: String, _ tensors: SafeTensors) throws(ForecastError) {
    let found = tensors.metadata[Self.runKey]
    guard found != run else { return }
    throw .model(
      path: modelPath, found: found.map { "a model of the run \(Self.shown($0))" } ?? "no run's name",
      expected: "the run \(run), as \(configurationPath) is of",
      remedy: "keep both files of one run together, as they were written")
  }

  private func requireNoOthers(_ tensors: SafeTensors, _ layout: ParameterLayout) throws(ForecastError) {
    let known = Set(
      layout.slots.map(\.name) + [Self.baseline.weights, Self.baseline.intercepts, Self.learnedRows])
    guard let other = tensors.names.first(where: { !known.contains($0) }) else { return }
    throw .model(
      path: modelPath, found: "'\(Self.shown(other))', for which the configuration has no place",
      expected: "the parameters of its network",
      remedy: "keep config.json and model.safetensors of one run together")
  }

  private func requireFinite(
    _ values: [some BinaryFloatingPoint & CustomStringConvertible], _ name: String
  ) throws(ForecastError) {
    guard let bad = values.first(where: { !$0.isFinite }) else { return }
    throw .model(
      path: modelPath, found: "\(plainNumber(bad)) in '\(name)'", expected: "finite numbers",
      remedy: "restore the file, or train again")
  }
}
