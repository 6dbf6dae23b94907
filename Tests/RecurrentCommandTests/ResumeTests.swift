import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A run that is stopped or killed, and goes on, leaves the same bytes as one that was left alone.
@Suite struct ResumeTests {
  /// One after another, on the same undisturbed run.
  @Test func theBytesAreTheSame() throws {
    let run = try ResumableRun()
    defer { run.folder.remove() }
    try interruptedAndResumed(run)
    try killedTwentyTimes(run)
    try aFinishedRunStays(run)
  }

  /// SIGINT, then SIGTERM, then to the end.
  private func interruptedAndResumed(_ run: ResumableRun) throws {
    // A signal may come when the run is over; that proves nothing, and is tried again.
    for attempt in 1...20 {
      let name = "stopped\(attempt)"
      guard try isStopped(run, name, by: SIGINT), try isStopped(run, name, by: SIGTERM) else { continue }
      let last = try run.start(into: name, ["--resume"])
      #expect(RunCommand.wait(for: last) && last.terminationStatus == 0)
      return try run.expectSameBytes(name)
    }
    Issue.record("20 runs went on to their end, each after a signal or before one could be sent")
  }

  /// Starts the run, or goes on with it, and sends a signal after some epochs.
  ///
  /// - Returns: whether it stopped for the signal; not where it made its last epoch.
  private func isStopped(_ run: ResumableRun, _ name: String, by signal: Int32) throws -> Bool {
    let before = run.epochs(name)
    let process = try run.start(into: name, run.next(name))
    if RunCommand.wait(for: process, until: { run.epochs(name) >= before + ResumableRun.epochs / 5 }) {
      kill(process.processIdentifier, signal)
    }
    try #require(RunCommand.wait(for: process) && process.terminationReason == .exit)
    if process.terminationStatus == 0 {
      try run.expectSameBytes(name)
      return false
    }
    #expect(process.terminationStatus == 128 + signal)
    #expect(run.hasCheckpoint(name) && !run.folder.exists(name + "/model.safetensors"))
    #expect(run.epochs(name) > before)
    return true
  }

  /// Kills seen so far.
  private struct Tally {
    var draw: UInt64 = 20
    var starts = 0
    var kills = 0
    /// Kills that left a checkpoint.
    var resumable = 0

    var isEnough: Bool { kills >= 20 && resumable >= 5 }
  }

  private func killedTwentyTimes(_ run: ResumableRun) throws {
    var tally = Tally()
    var round = 0
    while !tally.isEnough {
      round += 1
      try killed(run, "killed\(round)", &tally)
      try run.expectSameBytes("killed\(round)")
      try #require(
        tally.starts < 500,
        "\(tally.starts) starts, \(tally.kills) kills (20 wanted), \(tally.resumable) after a checkpoint (5 wanted)"
      )
    }
  }

  /// Kills the run and goes on with it, until it ends by itself.
  private func killed(_ run: ResumableRun, _ name: String, _ tally: inout Tally) throws {
    while true {
      tally.starts += 1
      let process = try run.start(into: name, run.next(name))
      // Once enough are killed, the last is left to finish.
      if !tally.isEnough && tally.starts < 500 {
        KillMoment(drawing: &tally.draw).wait(for: process, of: run, in: name)
        kill(process.processIdentifier, SIGKILL)
      }
      try #require(RunCommand.wait(for: process))
      if process.terminationReason == .exit {
        #expect(process.terminationStatus == 0)
        return
      }
      try #require(process.terminationStatus == SIGKILL)
      tally.kills += 1
      if run.hasCheckpoint(name) { tally.resumable += 1 }
    }
  }

  private func aFinishedRunStays(_ run: ResumableRun) throws {
    let before = try run.folder.contents()
    let again = try run.start(into: "whole", ["--resume"])
    #expect(RunCommand.wait(for: again) && again.terminationStatus == 0)
    #expect(try run.folder.contents() == before)
  }
}
