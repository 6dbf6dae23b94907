internal import RecurrentCore

/// Reading a whole file, unpacked if it is compressed.
public enum DataFile {
  /// The largest file, and the largest contents of a compressed one, that is read: 1 GiB.
  public static let defaultLimit = 1 << 30

  /// The bytes of a file; a gzip file is recognised by its first two bytes, whatever its name, and unpacked.
  public static func read(_ path: String, limit: Int = defaultLimit) throws(DataError) -> [UInt8] {
    try unpacked(try readRaw(path, limit: limit), source: path, limit: limit)
  }

  /// The same for bytes that are already in memory, such as those of a pipe.
  public static func unpacked(
    _ bytes: [UInt8], source: String, limit: Int = defaultLimit
  ) throws(DataError) -> [UInt8] {
    guard bytes.count <= limit else { throw .file(.tooLarge(limit: limit), path: source) }
    return Gzip.isGzip(bytes) ? try Gzip.unpack(bytes, source: source, limit: limit) : bytes
  }

  static func readRaw(_ path: String, limit: Int) throws(DataError) -> [UInt8] {
    do throws(FileError) {
      return try readFile(path, limit: limit)
    } catch {
      throw dataError(error, path: path, limit: limit)
    }
  }

  /// What the system says about a file that is read, as an error about data.
  static func dataError(_ error: FileError, path: String, limit: Int) -> DataError {
    // ENOENT and EISDIR have the same numbers on every system this runs on.
    switch (error.category, error.code) {
    case (.noInput, 2): .file(.missing, path: path)
    case (.noInput, 21): .file(.directory, path: path)
    case (.tooLarge, _): .file(.tooLarge(limit: limit), path: path)
    default: .file(.unreadable(reason: error.reason), path: path)
    }
  }
}
