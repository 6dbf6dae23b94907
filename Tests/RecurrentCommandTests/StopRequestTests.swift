import Foundation
import RecurrentCommand
import Testing

/// Each in a process of its own, since signals go to whole processes.
@Suite struct StopRequestTests {
  /// Until the signal is noticed, or for so long that it never will be.
  private static func wait(for stop: StopRequest) {
    wait { stop.isRequested }
  }

  /// A signal that ends the process may take its time on a busy machine; one that does not come ends the wait.
  private static func wait(until isOver: () -> Bool = { false }) {
    let end = ContinuousClock.now + .seconds(RunCommand.hangs)
    while !isOver() && ContinuousClock.now < end { usleep(1000) }
  }

  @Test func theFirstSignalIsAWish() async {
    await #expect(processExitsWith: .exitCode(130)) {
      let stop = StopRequest(Console())
      precondition(!stop.isRequested && stop.exitCode == nil)
      kill(getpid(), SIGINT)
      Self.wait(for: stop)
      exit(stop.exitCode?.rawValue ?? 0)
    }
    await #expect(processExitsWith: .exitCode(143)) {
      let stop = StopRequest(Console())
      kill(getpid(), SIGTERM)
      Self.wait(for: stop)
      exit(stop.exitCode?.rawValue ?? 0)
    }
  }

  @Test func theSecondSignalLeavesAtOnce() async {
    await #expect(processExitsWith: .exitCode(130)) {
      let stop = StopRequest(Console())
      kill(getpid(), SIGTERM)
      Self.wait(for: stop)
      kill(getpid(), SIGINT)
      Self.wait()
      exit(stop.isRequested ? 1 : 2)
    }
  }

  @Test func afterwardsSignalsHaveTheirDefaultAction() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      do { _ = StopRequest(Console()) }
      kill(getpid(), SIGTERM)
      Self.wait()
    }
  }
}
