internal import Foundation
internal import RecurrentCore
internal import RecurrentTasks

/// The folder that a run is to write in: taken for it alone, and refused where it holds another.
enum OutputFolder {
  /// Looks at the folder before anything else is read or written.
  ///
  /// - Returns: the right to write in it; `nil` where it does not exist yet.
  static func take(
    _ directory: RunFolder, resuming: Bool, overwriting: Bool, _ console: Console
  ) throws(CommandError) -> DirectoryLock? {
    if resuming && overwriting {
      throw .usage("--resume keeps what is in the folder and --overwrite removes it; give one of them")
    }
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: directory.path, isDirectory: &isFolder)
    if exists && !isFolder.boolValue {
      throw CommandError(
        "\(directory.path): is a file, expected a folder or nothing; choose another place with -o",
        exitCode: .cannotCreate)
    }
    let lock = exists ? try Self.lock(directory, console) : nil
    if resuming {
      guard directory.hasCheckpoint || directory.isFinished else {
        throw CommandError(
          "\(directory.path): no interrupted run to resume, expected checkpoint.safetensors in it; leave out --resume to begin",
          exitCode: .noInput)
      }
    } else if overwriting {
      try requireOwn(directory)
    } else {
      try requireEmpty(directory)
    }
    return lock
  }

  static func lock(
    _ directory: RunFolder, _ console: Console
  ) throws(CommandError) -> DirectoryLock {
    let lock = try commandErrors { try directory.lock() }
    if !lock.isHeld {
      console.warn("\(directory.path): its file system has no locks; start no other run in this folder")
    }
    return lock
  }

  static func requireEmpty(_ directory: RunFolder) throws(CommandError) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    // A run that was killed before its first checkpoint leaves nothing to go on with.
    guard names.contains(where: { !RunFolder.isLeftover($0) }) else { return }
    let remedy =
      directory.files.contains(where: FileManager.default.fileExists)
      ? "add --overwrite to replace the run in it, or --resume to go on with it"
      : "choose another with -o, or add --overwrite to write beside what is there"
    throw CommandError(
      "\(directory.path): exists and is not empty, expected a new folder; \(remedy)",
      exitCode: .cannotCreate)
  }

  /// A file called `config.json` that no run wrote is somebody's own.
  private static func requireOwn(_ directory: RunFolder) throws(CommandError) {
    guard FileManager.default.fileExists(atPath: directory.configurationPath), directory.schema == nil else {
      return
    }
    throw CommandError(
      "\(directory.configurationPath): is of no run, expected one that --overwrite may replace; choose another folder with -o, or move the file",
      exitCode: .cannotCreate)
  }
}
