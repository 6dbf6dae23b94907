internal import Foundation
internal import Recurrent
internal import RecurrentCore
internal import RecurrentTasks

/// What a run writes while it is not finished, as it was before the run: put back where the run cannot end well, so that
/// nobody is left with a folder in the way and no model in it.
///
/// All else in the folder is first written when a run is finished.
struct FolderBefore {
  private let directory: RunFolder
  private let made: [String]
  /// Contents by path, `nil` for a file that was not there. A file that cannot be read is not here: no run wrote it.
  private let files: [(path: String, bytes: [UInt8]?)]

  /// - Parameter made: folders that were made for the run, the outermost first.
  init(_ directory: RunFolder, made: [String]) {
    self.directory = directory
    self.made = made
    files = [directory.checkpointPath, directory.configurationPath, directory.logPath].compactMap { path in
      guard FileManager.default.fileExists(atPath: path) else { return (path, nil) }
      return (try? readFile(path, limit: .max)).map { (path, $0) }
    }
  }

  /// - Returns: whether everything is as it was.
  func restore() -> Bool {
    var isRestored = true
    for (path, bytes) in files {
      do {
        if let bytes {
          if try readFile(path, limit: .max) != bytes { try AtomicFile.write(bytes, to: path) }
        } else if FileManager.default.fileExists(atPath: path) {
          try FileManager.default.removeItem(atPath: path)
        }
      } catch {
        isRestored = false
      }
    }
    directory.removeLeftovers(folders: made)
    return isRestored
  }
}
