#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes set aside on a disk: a file without a name, which the system takes away when the last value that holds it goes,
/// however the process ends.
///
/// It is written from first to last and then read at any place, by any number of threads.
package final class ScratchFile: Sendable {
  private let descriptor: Int32
  /// Where it has its room.
  package let folder: String

  /// - Parameter folder: where there is room; `nil`: `TMPDIR`, or `/tmp`.
  package init(in folder: String? = nil) throws(FileError) {
    let folder = folder ?? SystemCall.environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(folder)/recurrent-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw FileError(.create, folder, code: errno, reading: false) }
    // Between these two calls alone a process that is killed can leave the (empty) file behind.
    _ = unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    (self.descriptor, self.folder) = (descriptor, folder)
  }

  deinit { _ = close(descriptor) }

  /// Writes behind what was written before.
  package func append<Number: BitwiseCopyable>(_ numbers: [Number]) throws(FileError) {
    let code = numbers.withUnsafeBytes { SystemCall.writeAll(descriptor, $0) }
    if code != 0 { throw FileError(.write, folder, code: code, reading: false) }
  }

  /// Fills `bytes` from the byte `offset` on. Returns 0, or the error number; EIO where the file is shorter.
  package func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) -> Int32 {
    var done = 0
    while done < bytes.count {
      let count = pread(
        descriptor, bytes.baseAddress! + done, min(bytes.count - done, 1 << 30), off_t(offset + done))
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      if count == 0 { return EIO }
      done += count
    }
    return 0
  }
}
