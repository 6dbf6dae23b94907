#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// What the console asks of the C library, under whichever name this platform has it: terminals and signals. Streams are
/// read and written by `SystemCall`, as files are.
enum SystemLibrary {
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

  /// The same handler, but not for a signal that whoever started the process wants ignored.
  static func handleUnlessIgnored(_ number: Int32, with handler: @escaping @convention(c) (Int32) -> Void) {
    let before = signal(number, handler)
    if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
      _ = signal(number, SIG_IGN)
    } else {
      handle(number, with: handler)
    }
  }

  /// Ends the process at once, running nothing more.
  static func leave(_ code: Int32) -> Never { _exit(code) }

  /// The same with a line on standard error. Nothing but what is allowed inside a signal.
  static func leave(_ code: Int32, saying line: StaticString) -> Never {
    _ = write(2, line.utf8Start, line.utf8CodeUnitCount)
    _exit(code)
  }

  static let interrupt = SIGINT
  static let terminate = SIGTERM
}
