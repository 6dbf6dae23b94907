internal import Foundation

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
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
      throw .file(.missing, path: path)
    }
    if isDirectory.boolValue { throw .file(.directory, path: path) }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    if let size = attributes?[.size] as? Int, size > limit {
      throw .file(.tooLarge(bytes: size, limit: limit), path: path)
    }
    do {
      return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw .file(.unreadable(reason: reason(error)), path: path)
    }
  }

  private static func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let underlying, underlying.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(underlying.code)))
  }
}
