internal import Foundation
package import Recurrent
internal import RecurrentInterchange

/// All that a finished run leaves.
package struct RunFiles: Sendable {
  package let configuration: [UInt8]
  package let model: [UInt8]
  package let report: [UInt8]
  package let events: [UInt8]
  package let log: [UInt8]

  package init(configuration: [UInt8], model: [UInt8], report: String, events: [UInt8], log: [UInt8]) {
    (self.configuration, self.model, self.events, self.log) = (configuration, model, events, log)
    self.report = Array(report.utf8)
  }
}

extension RunFolder {
  /// Writes `config.json`: before training, so that an interrupted run says what it was.
  package func writeConfiguration(_ bytes: [UInt8]) throws(FileError) {
    try AtomicFile.write(bytes, to: configurationPath)
  }

  /// Writes all that a finished run leaves, then takes the checkpoint away.
  ///
  /// Everything is on the disk before the first file takes its name, so where there is no room an earlier run stays whole;
  /// a kill between two names leaves a checkpoint that goes on to the rest.
  package func write(_ files: RunFiles) throws(FileError) {
    let report = try Self.staged(files.report, for: reportPath)
    let events = try Self.staged(files.events, for: eventsPath)
    let log = try Self.staged(files.log, for: logPath)
    let configuration = try Self.staged(files.configuration, for: configurationPath)
    let model = try Self.staged(files.model, for: modelPath)
    try report.commit()
    try events.commit()
    try log.commit()
    try configuration.commit()
    try model.commit()
    try? FileManager.default.removeItem(atPath: checkpointPath)
  }

  private static func staged(_ bytes: [UInt8], for path: String) throws(FileError) -> AtomicFile {
    var file = try AtomicFile(path: path)
    try file.append(bytes)
    return file
  }

  /// What `config.json`, the model and the checkpoints of one run share: sixteen digits that follow from what stands in it.
  package static func runName(_ configurationBytes: [UInt8]) -> String {
    hexadecimal(crc64(configurationBytes))
  }

  /// A value as `config.json` has it: keys in order, so equal values give equal bytes.
  package static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("a configuration holds a number that is not finite")
    }
    return Array(data) + [UInt8(ascii: "\n")]
  }

  static let checksumKey = "checksum"
  static let runKey = "run"

  /// The bytes of a model's file.
  ///
  /// - Parameter tensors: parameters, and what else the task keeps; metadata of its own stay.
  func modelBytes(
    _ tensors: SafeTensors, schema: String, run: String
  ) throws(TaskError) -> [UInt8] {
    var tensors = tensors
    tensors.metadata["format"] = schema
    tensors.metadata[Self.runKey] = run
    do throws(SafeTensorsError) {
      tensors.metadata[Self.checksumKey] = hexadecimal(try Self.checksum(tensors))
      return try tensors.serialized()
    } catch {
      throw .tensors(path: modelPath, error)
    }
  }

  /// CRC-64 of the file with sixteen zeros in the checksum's place.
  static func checksum(_ tensors: SafeTensors) throws(SafeTensorsError) -> UInt64 {
    var blank = tensors
    blank.metadata[checksumKey] = hexadecimal(UInt64(0))
    return crc64(try blank.serialized())
  }
}
