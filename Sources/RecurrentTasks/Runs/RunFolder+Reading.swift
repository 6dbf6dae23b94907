internal import Foundation
package import Recurrent

/// What a task keeps in `config.json`.
package protocol StoredConfiguration: Codable {
  /// What the task's files are called.
  static var schema: String { get }
  /// The verb that makes such a folder: "train forecast".
  static var verb: String { get }
  /// The first place that no training could have written; `nil`: there is none. Decoded types alone do not make a
  /// configuration, and what comes later relies on it.
  var inconsistency: String? { get }
}

// Reading what training left: whatever stands in the files, the outcome is a value or an error.
extension RunFolder {
  /// No configuration or model comes near it; a larger file is not one.
  private static let configurationLimit = 1 << 28
  private static let modelLimit = 1 << 32

  private struct SchemaOnly: Codable { let schema: String }

  /// What `config.json` says it is; `nil` where it is of no run, in whatever state.
  public var schema: String? {
    guard let bytes = try? readFile(configurationPath, limit: Self.configurationLimit) else { return nil }
    return Self.schema(bytes).flatMap { $0.hasPrefix("recurrent.") ? $0 : nil }
  }

  private static func schema(_ bytes: [UInt8]) -> String? {
    (try? JSONDecoder().decode(SchemaOnly.self, from: Data(bytes)))?.schema
  }

  /// The configuration of a finished run, and the run's name.
  ///
  /// - Throws: ``TaskError/noModel(path:isInterrupted:verb:)`` where there is none, and other cases where the file is not as it
  ///   was written.
  func readConfiguration<Stored: StoredConfiguration>(
    _ type: Stored.Type
  ) throws(TaskError) -> (stored: Stored, run: String) {
    if !isFinished { throw .noModel(path: path, isInterrupted: hasCheckpoint, verb: Stored.verb) }
    let bytes = try read(configurationPath, limit: Self.configurationLimit)
    let found = Self.schema(bytes)
    guard found == Stored.schema else {
      if let other = RunKind(schema: found), let own = RunKind(schema: Stored.schema) {
        throw .otherModel(path: path, found: other, expected: own)
      }
      throw .model(
        path: configurationPath,
        found: found.map { "schema '\(shownInMessage($0))'" } ?? "no JSON object with a schema",
        expected: "schema \(Stored.schema)", remedy: "name the folder that 'recurrent \(Stored.verb) -o' made"
      )
    }
    let stored: Stored
    do {
      stored = try JSONDecoder().decode(Stored.self, from: Data(bytes))
    } catch {
      throw unusableConfiguration(Self.place(of: error))
    }
    if let place = stored.inconsistency { throw unusableConfiguration("at \(place)") }
    return (stored, Self.runName(bytes))
  }

  /// - Parameter place: "at configuration.layers".
  func unusableConfiguration(_ place: String) -> TaskError {
    .model(
      path: configurationPath, found: "a configuration that cannot be used (\(place))",
      expected: "the file as it was written", remedy: "train again, or restore the file")
  }

  /// The model's file of a run, proved to be what was written.
  func readModel(run: String) throws(TaskError) -> ModelTensors {
    let bytes = try read(modelPath, limit: Self.modelLimit)
    let tensors: SafeTensors
    let checksum: UInt64
    do throws(SafeTensorsError) {
      tensors = try SafeTensors(bytes: bytes)
      checksum = try Self.checksum(tensors)
    } catch {
      throw .tensors(path: modelPath, error)
    }
    guard tensors.metadata[Self.checksumKey] == hexadecimal(checksum) else {
      throw .model(
        path: modelPath, found: "content that does not agree with its checksum",
        expected: "the file as training wrote it", remedy: "restore the file, or train again")
    }
    let found = tensors.metadata[Self.runKey]
    guard found == run else {
      throw .model(
        path: modelPath, found: found.map { "a model of the run \(shownInMessage($0))" } ?? "no run's name",
        expected: "the run \(run), as \(configurationPath) is of",
        remedy: "keep both files of one run together, as they were written")
    }
    return ModelTensors(path: modelPath, tensors: tensors)
  }

  /// The parameters of a finished run whose model has nothing else.
  ///
  /// - Parameter layout: of its network.
  package func parameters(_ layout: ParameterLayout) throws(TaskError) -> ParameterStore<Float> {
    let run = Self.runName(try read(configurationPath, limit: Self.configurationLimit))
    return try readModel(run: run).parameters(layout)
  }

  private func read(_ path: String, limit: Int) throws(TaskError) -> [UInt8] {
    try taskErrors(FileError.self) { () throws(FileError) in try readFile(path, limit: limit) }
  }

  private static func place(of error: any Error) -> String {
    func path(_ context: DecodingError.Context) -> String {
      let keys = context.codingPath.map(\.stringValue).joined(separator: ".")
      return keys.isEmpty ? "at the top" : "at \(shownInMessage(keys))"
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context): return "\(key.stringValue) is missing \(path(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      return path(context)
    default: return "at the top"
    }
  }
}

/// Text from a file as a one-line message may show it.
func shownInMessage(_ text: String) -> String {
  String(text.prefix(80).map { $0.isNewline || $0 == "\0" || $0 == "\u{1B}" ? "?" : $0 })
}
