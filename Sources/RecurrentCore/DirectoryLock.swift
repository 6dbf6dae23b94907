#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The right to write in a directory, which one process at a time can hold among all that ask for it.
///
/// The system keeps it with the open directory itself: there is no file to see, nothing that is read or written is held
/// up, and a process that ends in any way, killed ones too, leaves nothing behind. Advisory: who does not ask is not
/// hindered. Held until the value goes; `withExtendedLifetime` says how long that shall be.
public final class DirectoryLock: Sendable {
  /// The directory, as the caller wrote it.
  public let path: String
  private let descriptor: Int32
  /// Whether the file system has such locks. Some network file systems have none for directories; there nobody holds
  /// anything, and it is for the caller to say so.
  public let isHeld: Bool

  /// Takes the right, without waiting for it.
  ///
  /// - Parameter path: a directory that exists.
  /// - Throws: `FileError` of category `.cannotCreate` where another holder has it, or the directory cannot be opened.
  public init(_ path: String) throws(FileError) {
    self.path = path
    var attempts = 0
    while true {
      let descriptor = SystemCall.open(path, O_RDONLY | O_DIRECTORY)
      guard descriptor >= 0 else { throw FileError(.open, path, code: -descriptor, reading: false) }
      let code = SystemCall.lock(descriptor)
      attempts += 1
      if code == 0 && !SystemCall.isSame(descriptor, path) && attempts < 100 {
        // It was removed between the two calls, and perhaps made anew: a lock on what has no name keeps nobody out.
        _ = close(descriptor)
        continue
      }
      if code == 0 || SystemCall.lacksLocks(code) {
        self.descriptor = descriptor
        isHeld = code == 0
        return
      }
      _ = close(descriptor)
      guard code == EWOULDBLOCK else { throw FileError(.open, path, code: code, reading: false) }
      throw FileError(
        operation: .write, path: path, code: code, category: .cannotCreate,
        reason: "another run is writing here", remedy: "wait until it ends, or choose another place")
    }
  }

  deinit {
    // Closing gives the right back.
    _ = close(descriptor)
  }
}

extension SystemCall {
  /// Takes the exclusive lock of an open file without waiting. Returns 0, or the error number.
  fileprivate static func lock(_ descriptor: Int32) -> Int32 {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno != EINTR { return errno }
    }
    return 0
  }

  /// Whether the number means that the file system has no such locks, and not that someone holds one.
  fileprivate static func lacksLocks(_ code: Int32) -> Bool {
    // EBADF: network file systems that make it a lock on bytes, for which a directory cannot be opened.
    [ENOTSUP, EOPNOTSUPP, EINVAL, ENOLCK, ENOSYS, EBADF].contains(code)
  }

  /// Whether the open file is the one at the path.
  fileprivate static func isSame(_ descriptor: Int32, _ path: String) -> Bool {
    var own = stat()
    guard fstat(descriptor, &own) == 0, let there = status(path).status else { return false }
    return own.st_dev == there.st_dev && own.st_ino == there.st_ino
  }
}
