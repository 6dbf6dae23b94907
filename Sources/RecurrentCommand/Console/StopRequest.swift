internal import Dispatch
internal import Synchronization

/// A wish to stop, from SIGINT (Ctrl-C) or SIGTERM: long work asks ``isRequested`` after each step, saves, and leaves
/// with ``exitCode``.
///
/// While it lives the two signals no longer end the process; a second one does so at once, with 130 or 143 and nothing
/// saved. When it goes, the signals have their default action again. One at a time.
public final class StopRequest: Sendable {
  private let signal: Signals
  // Dispatch sources may be used from any thread; on Linux their type does not say so.
  nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

  /// Starts to listen.
  ///
  /// - Parameter console: told of the first signal, so that a user knows that it was heard.
  public init(_ console: Console) {
    let received = Signals()
    signal = received
    // A queue of its own, so that workers that fill the shared ones cannot delay a signal.
    let queue = DispatchQueue(label: "recurrent.signals")
    sources = [SystemLibrary.interrupt, SystemLibrary.terminate].map { number in
      SystemLibrary.ignore(number)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        // Two signals that arrive at once are one event.
        if source.data > 1 || !received.note(number) { SystemLibrary.leave(128 + number) }
        console.warn("stopping after this step; once more to leave at once, without saving")
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    SystemLibrary.restore(SystemLibrary.interrupt)
    SystemLibrary.restore(SystemLibrary.terminate)
  }

  /// Whether to stop at the next chance.
  public var isRequested: Bool { signal.number.load(ordering: .relaxed) != 0 }

  /// How to leave after saving: 130 or 143; `nil` where nobody asked to stop.
  public var exitCode: ExitCode? { ExitCode(signal: signal.number.load(ordering: .relaxed)) }

  private final class Signals: Sendable {
    let number = Atomic<Int32>(0)

    /// Remembers the first signal; false where there was one before.
    func note(_ signal: Int32) -> Bool {
      number.compareExchange(expected: 0, desired: signal, ordering: .relaxed).exchanged
    }
  }
}

extension ExitCode {
  fileprivate init?(signal: Int32) {
    switch signal {
    case SystemLibrary.interrupt: self = .interrupted
    case SystemLibrary.terminate: self = .terminated
    default: return nil
    }
  }
}
