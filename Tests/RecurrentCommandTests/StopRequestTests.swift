import Foundation
import RecurrentCommand
import Testing

/// Each in a process of its own, since signals go to whole processes.
@Suite struct StopRequestTests {
  private static func wait(for stop: StopRequest) {
    for _ in 0..<5000 where !stop.isRequested { usleep(1000) }
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
      sleep(10)
      exit(stop.isRequested ? 1 : 2)
    }
  }

  @Test func afterwardsSignalsHaveTheirDefaultAction() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      do { _ = StopRequest(Console()) }
      kill(getpid(), SIGTERM)
      sleep(10)
    }
  }
}
