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

  /// The command listens from its first moment, so every signal ends it by a line and an exit code.
  @Test func aSignalBeforeTheWorkEndsTheProcess() async {
    let interrupted = await #expect(
      processExitsWith: .exitCode(130), observing: [\.standardErrorContent]
    ) {
      // Whoever runs the tests in the background may have it ignored.
      signal(SIGINT, SIG_DFL)
      StopRequest.endProcessByDefault()
      kill(getpid(), SIGINT)
      Self.wait()
    }
    let terminated = await #expect(
      processExitsWith: .exitCode(143), observing: [\.standardErrorContent]
    ) {
      StopRequest.endProcessByDefault()
      // Also once a listener has gone.
      do { _ = StopRequest(Console()) }
      kill(getpid(), SIGTERM)
      Self.wait()
    }
    for result in [interrupted, terminated] {
      let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(said.contains("recurrent: stopped by a signal\n"))
    }
  }

  /// What whoever started the process wants ignored stays ignored.
  @Test func anIgnoredSignalStaysIgnored() async {
    await #expect(processExitsWith: .exitCode(7)) {
      signal(SIGINT, SIG_IGN)
      StopRequest.endProcessByDefault()
      kill(getpid(), SIGINT)
      usleep(20_000)
      exit(7)
    }
  }

  /// The built command, which reads a pipe that nothing comes through.
  @Test func theCommandIsStoppedWhileItReads() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    let process = RunCommand.process(["train", "lm", "-", "-o", folder])
    let (input, log) = (Pipe(), Pipe())
    (process.standardInput, process.standardError) = (input, log)
    try process.run()
    // A signal before the system has loaded the program ends it by itself.
    sleep(3)
    kill(process.processIdentifier, SIGTERM)
    #expect(RunCommand.wait(for: process) && process.terminationReason == .exit)
    #expect(process.terminationStatus == 143)
    let said = String(decoding: log.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(said == "recurrent: stopped by a signal\n")
  }
}
