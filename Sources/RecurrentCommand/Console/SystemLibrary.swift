// The C library, under whichever name this platform has it; this file holds every call of it that this module makes
// with streams and signals.
#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

enum SystemLibrary {
  /// Writes all bytes. Returns 0, or the system's error number.
  static func write(_ bytes: some Sequence<UInt8>, to descriptor: Int32) -> Int32 {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { posixWrite(descriptor, $0) }
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      rest = rest.dropFirst(count)
    }
    return 0
  }

  /// Everything up to the end of a stream, or what comes before more than `limit` bytes have been read; or the system's
  /// error number.
  static func readAll(_ descriptor: Int32, limit: Int) -> Result<[UInt8], SystemError> {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 || bytes.count > limit { return .success(bytes) }
      if count > 0 {
        bytes += buffer[..<count]
      } else if errno != EINTR {
        return .failure(SystemError(errno))
      }
    }
  }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns of the terminal; `nil` where it does not say.
  static func terminalWidth(_ descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// A write to a pipe that nobody reads fails instead of killing the process without a word.
  static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

  /// Calls that are interrupted by the signal go on. A process inherits blocked signals from the thread that started
  /// it, and worker threads of some programs block all of them: a blocked signal would never be heard.
  static func handle(_ number: Int32, with handler: @escaping @convention(c) (Int32) -> Void) {
    _ = signal(number, handler)
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
  static func restore(_ number: Int32) { _ = signal(number, SIG_DFL) }

  /// Ends the process at once, running nothing more.
  static func leave(_ code: Int32) -> Never { _exit(code) }

  static let interrupt = SIGINT
  static let terminate = SIGTERM

  private static func posixWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    #if canImport(Darwin)
      Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #elseif canImport(Glibc)
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      Musl.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }
}

/// An error number of the system.
struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  let code: Int32

  init(_ code: Int32) { self.code = code }

  var isBrokenPipe: Bool { code == EPIPE }

  /// Not asked of the C library, whose texts depend on the locale.
  var description: String {
    switch code {
    case ENOSPC: "no space is left on the device"
    case EIO: "the device failed"
    case EBADF: "the stream is closed"
    case EISDIR: "it is a directory"
    case EDQUOT: "the disk quota is used up"
    case EFBIG: "the file would be too large"
    default: "system error \(code)"
    }
  }
}
