internal import Foundation
public import Recurrent
internal import RecurrentTraining

/// The folder of a forecaster: all that a later verb needs.
///
/// | file | |
/// |---|---|
/// | `config.json` | the resolved configuration with every default, the fitted preparation, a checksum of the training data |
/// | `model.safetensors` | parameters by name, the regression baseline, fingerprints of the rows learned from, a checksum of all, and the run's name |
/// | `report.html` | figures and curves for people |
/// | `log.jsonl` | one line an epoch, then the final figures; where an earlier run is whole, first written at the end |
/// | `events.out.tfevents.0.recurrent` | the same curve for TensorBoard |
/// | `checkpoint.safetensors` | while a run is not finished: what `--resume` goes on from |
///
/// A run's name is the CRC-64 of its `config.json`, so it follows from settings, seed and training data. Model and checkpoint carry
/// it, and no model is read beside another run's configuration.
public struct ForecastDirectory: Sendable {
  /// The folder, as the caller wrote it.
  public let path: String

  /// Names a folder, which need not exist.
  public init(_ path: String) { self.path = path }

  /// The resolved configuration and the fitted preparation, JSON.
  public var configurationPath: String { path + "/config.json" }
  /// Parameters, regression baseline and fingerprints of the rows learned from, safetensors.
  public var modelPath: String { path + "/model.safetensors" }
  /// The report for people, HTML.
  public var reportPath: String { path + "/report.html" }
  /// The curve and the figures, JSON Lines.
  public var logPath: String { path + "/log.jsonl" }
  /// The curve for TensorBoard.
  public var eventsPath: String { path + "/events.out.tfevents.0.recurrent" }
  /// Where an unfinished run goes on from, safetensors.
  public var checkpointPath: String { path + "/checkpoint.safetensors" }

  /// All that a run writes.
  public var files: [String] {
    [configurationPath, modelPath, reportPath, logPath, eventsPath, checkpointPath]
  }

  static let schema = "recurrent.forecaster/1"
  static let checksumKey = "checksum"
  static let runKey = "run"
  static let baseline = (weights: "baseline.weights", intercepts: "baseline.intercepts")
  static let learnedRows = "learned.rows"
  static let learnedContext = "learned.context"
  /// No configuration or model of this task comes near it; a larger file is not one.
  static let configurationLimit = 1 << 26
  static let modelLimit = 1 << 32

  struct Stored: Codable {
    let schema: String
    let configuration: ForecastConfiguration
    let preparation: ForecastPreparation
  }

  /// Whether anything has this path.
  public var exists: Bool { FileManager.default.fileExists(atPath: path) }
  /// Whether there is a run to go on with.
  public var hasCheckpoint: Bool { FileManager.default.fileExists(atPath: checkpointPath) }
  /// Whether there is a model.
  public var isFinished: Bool { FileManager.default.fileExists(atPath: modelPath) }

  /// The folder that a path lies in; empty for a name by itself. Foundation's own ends the process on names of one letter.
  private static func parent(of path: String) -> String {
    let name = path.dropLast(path.reversed().prefix { $0 == "/" }.count)
    guard let slash = name.lastIndex(of: "/") else { return "" }
    return slash == name.startIndex ? "/" : String(name[..<slash])
  }

  /// Makes the folder, and its parents.
  ///
  /// - Returns: the folders that were not there, the outermost first.
  @discardableResult
  public func create() throws(ForecastError) -> [String] {
    var made: [String] = []
    var folder = path
    while !folder.isEmpty, folder != "/", !FileManager.default.fileExists(atPath: folder) {
      made.insert(folder, at: 0)
      folder = Self.parent(of: folder)
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .file(
        FileError(
          operation: .create, path: path, code: 0, category: .cannotCreate,
          reason: "the folder cannot be made",
          remedy: "choose another place with -o"))
    }
    return made
  }

  /// Takes the right to write in the folder, for as long as the value lives: two runs in one folder would each replace what
  /// the other has written. Readers need none.
  ///
  /// - Throws: ``ForecastError/file(_:)`` where another run has it.
  public func lock() throws(ForecastError) -> DirectoryLock {
    try forecastErrors(FileError.self) { () throws(FileError) in try DirectoryLock(path) }
  }

  /// Takes away temporary files that a killed run left. What cannot be removed stays: it does no harm.
  ///
  /// - Parameter folders: made for the run, the outermost first; those in which nothing else is go too.
  public func removeLeftovers(folders: [String] = []) {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: path)) ?? []
    where name.hasPrefix(".recurrent-") && name.hasSuffix(".tmp") {
      try? files.removeItem(atPath: path + "/" + name)
    }
    for folder in folders.reversed() {
      guard let left = try? files.contentsOfDirectory(atPath: folder), left.isEmpty else { return }
      try? files.removeItem(atPath: folder)
    }
  }

  /// Writes `config.json`: before training, so that an interrupted run says what it was.
  public func writeConfiguration(
    _ configuration: ForecastConfiguration, _ preparation: ForecastPreparation
  ) throws(ForecastError) {
    try requireConsistency(configuration, preparation)
    let bytes = Self.configurationBytes(configuration, preparation)
    try forecastErrors(FileError.self) { () throws(FileError) in
      try AtomicFile.write(bytes, to: configurationPath)
    }
  }

  /// Refuses to write what ``read()`` would refuse.
  private func requireConsistency(
    _ configuration: ForecastConfiguration, _ preparation: ForecastPreparation
  ) throws(ForecastError) {
    let stored = Stored(schema: Self.schema, configuration: configuration, preparation: preparation)
    guard let place = stored.inconsistency else { return }
    throw .model(
      path: configurationPath, found: "a value at \(place) that cannot be used",
      expected: "sizes of 1 to \(WindowPlan.sizes.upperBound), shares between 0 and 1",
      remedy: "change the setting; nothing was written")
  }

  private static func configurationBytes(
    _ configuration: ForecastConfiguration, _ preparation: ForecastPreparation
  ) -> [UInt8] {
    encode(Stored(schema: schema, configuration: configuration, preparation: preparation))
  }

  /// What `config.json`, the model and the checkpoints of one run share: sixteen digits that follow from the settings, the
  /// seed and the training data.
  public static func runName(
    _ configuration: ForecastConfiguration, _ preparation: ForecastPreparation
  ) -> String {
    runName(configurationBytes(configuration, preparation))
  }

  static func runName(_ configurationBytes: [UInt8]) -> String { hexadecimal(crc64(configurationBytes)) }

  /// The text that a checkpoint carries and a resumed run must match: the settings, then what was fitted to the data, then
  /// the run's name.
  public static func fingerprint(
    _ configuration: ForecastConfiguration, _ preparation: ForecastPreparation
  ) -> String {
    String(decoding: encode(configuration) + encode(preparation), as: UTF8.self)
      + "run \(runName(configuration, preparation))\n"
  }

  /// Whether such a text is of these settings, whatever the data.
  public static func isFingerprint(_ text: String, of configuration: ForecastConfiguration) -> Bool {
    text.utf8.starts(with: encode(configuration))
  }

  static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("a configuration holds a number that is not finite")
    }
    return Array(data) + [UInt8(ascii: "\n")]
  }

  /// Writes all that a finished run leaves, then takes the checkpoint away.
  ///
  /// Everything is on the disk before the first file takes its name, so where there is no room an earlier run stays whole;
  /// a kill between two names leaves a checkpoint that goes on to the rest.
  public func write(
    _ model: ForecastModel, report: String, events: [UInt8], log: [UInt8]
  ) throws(ForecastError) {
    try requireConsistency(model.configuration, model.preparation)
    let bytes = try modelBytes(model)
    try forecastErrors(FileError.self) { () throws(FileError) in
      let report = try Self.staged(Array(report.utf8), for: reportPath)
      let events = try Self.staged(events, for: eventsPath)
      let log = try Self.staged(log, for: logPath)
      let configuration = try Self.staged(
        Self.configurationBytes(model.configuration, model.preparation), for: configurationPath)
      let model = try Self.staged(bytes, for: modelPath)
      try report.commit()
      try events.commit()
      try log.commit()
      try configuration.commit()
      try model.commit()
    }
    try? FileManager.default.removeItem(atPath: checkpointPath)
  }

  private static func staged(_ bytes: [UInt8], for path: String) throws(FileError) -> AtomicFile {
    var file = try AtomicFile(path: path)
    try file.append(bytes)
    return file
  }

  private func modelBytes(_ model: ForecastModel) throws(ForecastError) -> [UInt8] {
    var tensors = SafeTensors(metadata: [
      "format": Self.schema, Self.runKey: Self.runName(model.configuration, model.preparation),
      Self.learnedContext: "\(model.learnedRows.context)",
    ])
    tensors.add(model.parameters)
    let regression = model.regression
    tensors.add(
      Self.baseline.weights, shape: [regression.weights.count, regression.weightCount - 1],
      regression.weights.flatMap { $0 })
    tensors.add(Self.baseline.intercepts, shape: [regression.intercepts.count], regression.intercepts)
    let fingerprints = model.learnedRows.fingerprints.map(Int64.init(bitPattern:))
    tensors.add(Self.learnedRows, shape: [fingerprints.count], fingerprints)
    do throws(SafeTensorsError) {
      tensors.metadata[Self.checksumKey] = hexadecimal(try Self.checksum(tensors))
      return try tensors.serialized()
    } catch {
      throw .tensors(path: modelPath, error)
    }
  }
}
