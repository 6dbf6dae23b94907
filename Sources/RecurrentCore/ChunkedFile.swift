#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A regular file that is read from its first byte to its last in pieces, so that its size is no matter.
package struct ChunkedFile: ~Copyable {
  private let path: String
  private let descriptor: Int32
  private var buffer: [UInt8]

  /// - Parameter chunk: bytes a piece, default 1 MiB.
  /// - Throws: ``FileError`` of category `.noInput` (missing, a directory, not readable) or `.inputOutput`.
  package init(_ path: String, chunk: Int = 1 << 20) throws(FileError) {
    let descriptor = SystemCall.open(path, O_RDONLY)
    guard descriptor >= 0 else { throw FileError(.open, path, code: -descriptor, reading: true) }
    var status = stat()
    let code = fstat(descriptor, &status) == 0 ? (status.isDirectory ? EISDIR : 0) : errno
    if code != 0 {
      _ = close(descriptor)
      throw FileError(.open, path, code: code, reading: true)
    }
    self.path = path
    self.descriptor = descriptor
    buffer = [UInt8](repeating: 0, count: chunk)
  }

  deinit { _ = close(descriptor) }

  /// Whether there is a file that can be read again by opening it again: pipes and devices cannot. To be asked before it is
  /// opened: whoever writes to a pipe is stopped when its reader closes it.
  package static func isRegular(_ path: String) -> Bool {
    SystemCall.status(path).status?.isRegularFile ?? false
  }

  /// The next bytes; none at the end of the file. They are valid inside `body` alone.
  package mutating func next<Failure>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Void
  ) throws(FileError) -> Result<Bool, Failure> {
    let count = buffer.withUnsafeMutableBytes { SystemCall.readSome(descriptor, into: $0) }
    if count < 0 { throw FileError(.read, path, code: Int32(-count), reading: true) }
    if count == 0 { return .success(false) }
    return buffer.withUnsafeBufferPointer { all in
      do throws(Failure) {
        try body(UnsafeBufferPointer(rebasing: all[..<count]))
        return .success(true)
      } catch {
        return .failure(error)
      }
    }
  }
}
