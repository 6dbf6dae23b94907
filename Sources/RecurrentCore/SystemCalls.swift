#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Thin wrappers over the C library's file calls: interrupted calls are repeated, errors are numbers.
///
/// Everything that the package asks of the operating system about files and streams goes through here.
package enum SystemCall {
  /// A variable of the process's environment; `nil`: it is not set.
  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Opens a file and returns its descriptor, or the negated error number.
  static func open(_ path: String, _ flags: Int32, mode: UInt32 = 0) -> Int32 {
    repeatingInterrupted {
      #if canImport(Glibc)
        Glibc.open(path, flags | O_CLOEXEC, mode_t(mode))
      #elseif canImport(Musl)
        Musl.open(path, flags | O_CLOEXEC, mode_t(mode))
      #else
        Darwin.open(path, flags | O_CLOEXEC, mode_t(mode))
      #endif
    }
  }

  /// Writes all bytes. Returns 0, or the error number.
  package static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
    var done = 0
    // One call moves at most about 2 GiB on Linux, and fails above that on Darwin.
    let most = 1 << 30
    while done < bytes.count {
      let count = write(descriptor, bytes.baseAddress! + done, min(bytes.count - done, most))
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      if count == 0 { return EIO }
      done += count
    }
    return 0
  }

  /// Reads up to the buffer's size. Returns the count, 0 at the end, or the negated error number.
  package static func readSome(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    while true {
      let count = read(descriptor, base, min(bytes.count, 1 << 30))
      if count >= 0 { return count }
      if errno != EINTR { return -Int(errno) }
    }
  }

  /// Everything up to the end of a stream, with the error number 0; what was read so far and the number otherwise.
  ///
  /// - Parameter limit: of a stream that is longer, a little more than that is read, and the rest is left.
  package static func readAll(_ descriptor: Int32, limit: Int = .max) -> (bytes: [UInt8], code: Int32) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { readSome(descriptor, into: $0) }
      if count < 0 { return (bytes, Int32(-count)) }
      if count == 0 { return (bytes, 0) }
      bytes += buffer[..<count]
      if bytes.count > limit { return (bytes, 0) }
    }
  }

  /// The error number of a write to a pipe that nobody reads.
  package static var brokenPipe: Int32 { EPIPE }

  /// Makes the file's bytes durable. Returns 0, or the error number.
  static func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      // There, fsync stops at the drive's cache.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
    #endif
    return -repeatingInterrupted { fsync(descriptor) }
  }

  /// Makes the names in a directory durable. Returns 0, or the error number.
  static func synchronizeDirectory(_ path: String) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { return -descriptor }
    defer { _ = close(descriptor) }
    let code = synchronize(descriptor)
    // Some file systems have no such call for directories; there the rename alone is all they offer.
    return code == EINVAL || code == ENOTSUP ? 0 : code
  }

  /// What stands at the path, links followed (or not); `nil` with the error number otherwise.
  static func status(_ path: String, followingLinks: Bool = true) -> (status: stat?, code: Int32) {
    var result = stat()
    let code = followingLinks ? stat(path, &result) : lstat(path, &result)
    return code == 0 ? (result, 0) : (nil, errno)
  }

  private static func repeatingInterrupted(_ call: () -> Int32) -> Int32 {
    while true {
      let result = call()
      if result >= 0 { return result }
      if errno != EINTR { return -errno }
    }
  }
}

extension stat {
  var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
  var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }
  var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
}

extension FileError {
  /// An error from the system's number: the reason in plain words and the usual remedy.
  package init(_ operation: Operation, _ path: String, code: Int32, reading: Bool) {
    let (reason, remedy) = Self.explanation(of: code, reading: reading)
    let device: Set<Int32> = [EIO, ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE, ENOMEM]
    let category: Category
    if device.contains(code) || !([.open, .create, .rename].contains(operation)) {
      category = .inputOutput
    } else {
      category = reading ? .noInput : .cannotCreate
    }
    self.init(
      operation: operation, path: path, code: code, category: category, reason: reason, remedy: remedy)
  }

  private static func explanation(of code: Int32, reading: Bool) -> (reason: String, remedy: String) {
    switch code {
    case ENOENT:
      reading
        ? ("no such file", "check the path")
        : ("the directory does not exist", "create it first or choose another path")
    case ENOTDIR: ("a part of the path is not a directory", "check the path")
    case EISDIR: ("it is a directory", "name a file")
    case EACCES, EPERM: ("permission denied", "change its permissions or choose another path")
    case EROFS: ("the file system is read-only", "choose another path")
    case EEXIST: ("it exists", "add --overwrite, or choose another path")
    case ENOSPC: ("no space left on the device", "free some space or choose another device")
    case EDQUOT: ("the disk quota is used up", "free some space or choose another device")
    case EFBIG: ("the file would be larger than the limit of the process or file system", "raise the limit")
    case ENAMETOOLONG: ("the name is too long", "choose a shorter one")
    case ELOOP: ("too many symbolic links", "check the path")
    case EMFILE, ENFILE: ("too many open files", "close some or raise the limit")
    case ENOMEM: ("out of memory", "free some memory")
    case EBADF: ("the stream is closed", "open it or name a file")
    case EIO: ("the device failed", "check the device")
    default: ("system error \(code)", "see errno \(code) in the system's manual")
    }
  }
}
