internal import RecurrentCore

/// Reading a whole file, unpacked if it is compressed.
public enum DataFile {
  /// The largest file, and the largest contents of a compressed one, that is read: 1 GiB.
  public static let defaultLimit = 1 << 30

  /// The bytes of a file; a gzip file is recognised by its first two bytes, whatever its name, and unpacked.
  public static func read(_ path: String, limit: Int = defaultLimit) throws(DataError) -> [UInt8] {
    let bytes = try readRaw(path, limit: limit)
    return Gzip.isGzip(bytes) ? try Gzip.unpack(bytes, source: path, limit: limit) : bytes
  }

  static func readRaw(_ path: String, limit: Int) throws(DataError) -> [UInt8] {
    do throws(FileError) {
      return try readFile(path, limit: limit)
    } catch {
      // ENOENT and EISDIR have the same numbers on every system this runs on.
      switch (error.category, error.code) {
      case (.noInput, 2): throw .file(.missing, path: path)
      case (.noInput, 21): throw .file(.directory, path: path)
      case (.tooLarge, _): throw .file(.tooLarge(limit: limit), path: path)
      default: throw .file(.unreadable(reason: error.reason), path: path)
      }
    }
  }
}
