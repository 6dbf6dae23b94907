#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that grows by whole records: a log.
///
/// Each `append` either adds all of its bytes or, after a failure such as a full disk, none: what was written of them
/// is cut off again.
public struct AppendFile: ~Copyable, Sendable {
  /// The file, as the caller wrote it.
  public let path: String
  /// The file's length in bytes.
  public private(set) var count: Int
  private let descriptor: Int32

  /// Opens the file for appending and creates it where it is missing (unless bytes of it are to be kept).
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - keeping: How many of its first bytes stay; the rest is cut off. `nil` keeps all.
  /// - Throws: `FileError`; also where the file has fewer than `keeping` bytes.
  public init(path: String, keeping: Int? = nil) throws(FileError) {
    precondition((keeping ?? 0) >= 0, "AppendFile: keeping \(keeping ?? 0) bytes")
    // A file of which something is to be kept must be there: creating it would hide that it is gone.
    let mustExist = (keeping ?? 0) > 0
    let creation = mustExist ? 0 : O_CREAT
    let descriptor = SystemCall.open(path, O_WRONLY | O_APPEND | creation, mode: 0o666)
    guard descriptor >= 0 else {
      throw FileError(mustExist ? .open : .create, path, code: -descriptor, reading: mustExist)
    }
    let count: Int
    do {
      count = try Self.prepare(descriptor, path: path, keeping: keeping)
    } catch {
      _ = close(descriptor)
      throw error
    }
    self.path = path
    self.descriptor = descriptor
    self.count = count
  }

  /// Adds all of the bytes or none.
  public mutating func append(_ bytes: [UInt8]) throws(FileError) {
    let code = bytes.withUnsafeBytes { SystemCall.writeAll(descriptor, $0) }
    if code != 0 {
      _ = SystemCall.truncate(descriptor, to: count)
      throw FileError(.write, path, code: code, reading: false)
    }
    count += bytes.count
  }

  /// Makes everything appended so far durable. Costs a wait for the device: once an epoch, not once a step.
  public func synchronize() throws(FileError) {
    let code = SystemCall.synchronize(descriptor)
    if code != 0 { throw FileError(.synchronize, path, code: code, reading: false) }
  }

  deinit {
    _ = close(descriptor)
  }

  /// Cuts the open file and returns its length.
  private static func prepare(
    _ descriptor: Int32, path: String, keeping: Int?
  ) throws(FileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(.open, path, code: errno, reading: false) }
    let count = status.isRegularFile ? Int(status.st_size) : 0
    guard let keeping, keeping != count else { return count }
    guard keeping < count else {
      throw FileError(
        operation: .truncate, path: path, code: 0, category: .inputOutput,
        reason: "it has \(count) bytes, \(keeping) were to be kept",
        remedy: "the file was cut or replaced since; restore it or start a new one")
    }
    let code = SystemCall.truncate(descriptor, to: keeping)
    if code != 0 { throw FileError(.truncate, path, code: code, reading: false) }
    return keeping
  }
}
