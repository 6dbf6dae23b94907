internal import Foundation
public import Recurrent

/// The folder of a run: all that a later verb needs.
///
/// | file | |
/// |---|---|
/// | `config.json` | the resolved configuration with every default, and what was fitted to the training data |
/// | `model.safetensors` | parameters by name, a checksum of all, and the run's name |
/// | `report.html` | figures and curves for people |
/// | `log.jsonl` | one line an epoch, then the final figures; where an earlier run is whole, first written at the end |
/// | `events.out.tfevents.0.recurrent` | the same curve for TensorBoard |
/// | `checkpoint.safetensors` | while a run is not finished: what `--resume` goes on from |
///
/// A run's name is the CRC-64 of its `config.json`, so it follows from settings, seed and training data. Model and checkpoint carry
/// it, and no model is read beside another run's configuration.
public struct RunFolder: Sendable {
  /// The folder, as the caller wrote it.
  public let path: String

  /// Names a folder, which need not exist.
  public init(_ path: String) { self.path = path }

  /// The resolved configuration, JSON.
  public var configurationPath: String { path + "/config.json" }
  /// Parameters, safetensors.
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
  public func create() throws(FileError) -> [String] {
    var made: [String] = []
    var folder = path
    while !folder.isEmpty, folder != "/", !FileManager.default.fileExists(atPath: folder) {
      made.insert(folder, at: 0)
      folder = Self.parent(of: folder)
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw FileError(
        operation: .create, path: path, code: 0, category: .cannotCreate,
        reason: "the folder cannot be made", remedy: "choose another place with -o")
    }
    return made
  }

  /// Takes the right to write in the folder, for as long as the value lives: two runs in one folder would each replace what
  /// the other has written. Readers need none.
  ///
  /// - Throws: `FileError` where another run has it.
  public func lock() throws(FileError) -> DirectoryLock {
    try DirectoryLock(path)
  }

  /// Whether a file of this name is a temporary one that a killed run left: of no worth to anybody.
  public static func isLeftover(_ name: String) -> Bool {
    name.hasPrefix(".recurrent-") && name.hasSuffix(".tmp")
  }

  /// Takes away temporary files that a killed run left. What cannot be removed stays: it does no harm.
  ///
  /// - Parameter folders: made for the run, the outermost first; those in which nothing else is go too.
  public func removeLeftovers(folders: [String] = []) {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: path)) ?? []
    where Self.isLeftover(name) {
      try? files.removeItem(atPath: path + "/" + name)
    }
    for folder in folders.reversed() {
      guard let left = try? files.contentsOfDirectory(atPath: folder), left.isEmpty else { return }
      try? files.removeItem(atPath: folder)
    }
  }
}
