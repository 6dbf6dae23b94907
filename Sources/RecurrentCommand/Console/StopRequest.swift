internal import Synchronization

/// A wish to stop, from SIGINT (Ctrl-C) or SIGTERM: long work asks ``isRequested`` after each step, saves, and leaves
/// with ``exitCode``.
///
/// While it lives the two signals no longer end the process; a second one does so at once, with 130 or 143 and nothing
/// saved. When it goes, the signals have the action that they had before. One at a time in a process.
public final class StopRequest: Sendable {
  private let console: Console
  private let saves: Bool
  private let isTold = Atomic(false)

  /// Has either signal end the process at once wherever nobody listens, with a line and 130 or 143 in place of the system's
  /// own end: the command does it first of all, since there is nothing to save before work begins.
  public static func endProcessByDefault() {
    endsProcess.store(true, ordering: .relaxed)
    for number in signals { SystemLibrary.handleUnlessIgnored(number, with: endBySignal) }
  }

  /// Starts to listen.
  ///
  /// - Parameters:
  ///   - console: told when the first signal is noticed, so that a user knows that it was heard.
  ///   - saves: whether there is something to save; default true.
  public init(_ console: Console, saves: Bool = true) {
    self.console = console
    self.saves = saves
    receivedSignal.store(0, ordering: .relaxed)
    for number in Self.signals { SystemLibrary.handle(number, with: noteSignal) }
  }

  deinit {
    for number in Self.signals {
      if endsProcess.load(ordering: .relaxed) {
        SystemLibrary.handle(number, with: endBySignal)
      } else {
        SystemLibrary.restore(number)
      }
    }
  }

  /// Whether to stop at the next chance. Cheap enough for every step.
  public var isRequested: Bool {
    guard receivedSignal.load(ordering: .relaxed) != 0 else { return false }
    if !isTold.exchange(true, ordering: .relaxed) {
      console.warn(
        saves
          ? "stopping and saving; interrupt again to leave at once, without saving"
          : "stopping; interrupt again to leave at once")
    }
    return true
  }

  /// How to leave after saving: 130 or 143; `nil` where nobody asked to stop.
  public var exitCode: ExitCode? {
    switch receivedSignal.load(ordering: .relaxed) {
    case 0: nil
    case SystemLibrary.terminate: .terminated
    default: .interrupted
    }
  }

  private static let signals = [SystemLibrary.interrupt, SystemLibrary.terminate]
}

/// The first signal; 0: none yet. Signals are the process's own, and so is this.
private let receivedSignal = Atomic<Int32>(0)

/// Runs inside the signal, where little is allowed: one atomic exchange, or the end.
private let noteSignal: @convention(c) (Int32) -> Void = { number in
  let isFirst = receivedSignal.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
  if !isFirst { SystemLibrary.leave(128 + number) }
}

/// Whether a signal that nobody listens to ends the process by a line and an exit code.
private let endsProcess = Atomic(false)

/// Runs inside the signal.
private let endBySignal: @convention(c) (Int32) -> Void = { number in
  SystemLibrary.leave(128 + number, saying: "recurrent: stopped by a signal\n")
}
