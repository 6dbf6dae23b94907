import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A run that is stopped or killed, and goes on, leaves the same bytes as one that was left alone.
@Suite struct ResumeTests {
  /// Files of a finished run; nothing else may be there.
  static let files = [
    "config.json", "events.out.tfevents.0.recurrent", "log.jsonl", "model.safetensors", "report.html",
  ]

  /// A run of two or three seconds on this machine, and what it leaves when nobody disturbs it.
  struct Work {
    let folder: CommandFolder
    let options: [String]
    let seconds: Double

    init() throws {
      folder = try CommandFolder.make()
      let basic = [
        "--target", "level", "--window", "8", "--horizon", "1,3", "--hidden", "5+3,4", "--cell", "lstm",
        "--batch", "16", "--dropout", "0.1", "--rate", "0.01", "--schedule", "plateau", "--patience", "0",
      ]
      let folder = folder
      let start = ContinuousClock.now
      let trial = try Self.start(folder, basic + ["--epochs", "20"], into: "trial")
      #expect(RunCommand.wait(for: trial, seconds: 120) && trial.terminationStatus == 0)
      let seconds = start.duration(to: .now) / .seconds(1)
      // The start counts as work here, so the run is at most so long.
      let epochs = max(12, min(400, Int(20 * 2.5 / seconds)))
      options = basic + ["--epochs", "\(epochs)"]
      let wholeStart = ContinuousClock.now
      let whole = try Self.start(folder, options, into: "whole")
      #expect(RunCommand.wait(for: whole, seconds: 120) && whole.terminationStatus == 0)
      self.seconds = wholeStart.duration(to: .now) / .seconds(1)
    }

    /// Starts the run; it says nothing.
    static func start(_ folder: CommandFolder, _ options: [String], into name: String, _ more: [String] = [])
      throws -> Process
    {
      let process = RunCommand.process(
        ["train", "forecast", folder("series.csv"), "-o", folder(name), "-q"] + options + more)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      return process
    }

    func start(into name: String, _ more: [String] = []) throws -> Process {
      try Self.start(folder, options, into: name, more)
    }

    /// How a user goes on, whatever the kill has left.
    func next(_ name: String) -> [String] {
      if folder.exists(name + "/checkpoint.safetensors") { return ["--resume"] }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder(name))) ?? []
      return names.isEmpty ? [] : ["--overwrite"]
    }

    func expectSameBytes(_ name: String) throws {
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder(name)).sorted() == ResumeTests.files)
      for file in ResumeTests.files {
        #expect(try folder.bytes("\(name)/\(file)") == folder.bytes("whole/\(file)"), "\(name)/\(file)")
      }
    }
  }

  /// One after another, on the same undisturbed run.
  @Test func theBytesAreTheSame() throws {
    let work = try Work()
    defer { work.folder.remove() }
    try interruptedAndResumed(work)
    try killedTwentyTimes(work)
    try aFinishedRunStays(work)
  }

  private func interruptedAndResumed(_ work: Work) throws {
    let folder = work.folder
    var more: [String] = []
    var stops = 0
    // Together less than half of the whole run, which other tests may have slowed while it was timed.
    for delay in [0.2, 0.25] {
      let process = try work.start(into: "stopped", more)
      while process.isRunning && !folder.exists("stopped/config.json") { usleep(1000) }
      usleep(UInt32(delay * work.seconds * 1e6))
      kill(process.processIdentifier, stops == 0 ? SIGINT : SIGTERM)
      #expect(RunCommand.wait(for: process, seconds: 60) && process.terminationReason == .exit)
      #expect(process.terminationStatus == (stops == 0 ? 130 : 143))
      #expect(folder.exists("stopped/checkpoint.safetensors") && !folder.exists("stopped/model.safetensors"))
      #expect(!(try folder.text("stopped/log.jsonl").isEmpty))
      (more, stops) = (["--resume"], stops + 1)
    }
    let last = try work.start(into: "stopped", more)
    #expect(RunCommand.wait(for: last, seconds: 120) && last.terminationStatus == 0)
    try work.expectSameBytes("stopped")
  }

  private func killedTwentyTimes(_ work: Work) throws {
    var draw: UInt64 = 20
    var (kills, round) = (0, 0)
    var resumed = 0
    while kills < 20 {
      round += 1
      let name = "killed\(round)"
      while true {
        let more = work.next(name)
        if more == ["--resume"] { resumed += 1 }
        let process = try work.start(into: name, more)
        // A linear congruential generator: the delays are the same in every run of the test.
        draw = draw &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let share = Double(draw >> 40) / Double(1 << 24)
        // Once twenty are killed, the last is left to finish.
        if kills < 20 {
          usleep(UInt32(share * work.seconds / 4 * 1e6))
          kill(process.processIdentifier, SIGKILL)
        }
        #expect(RunCommand.wait(for: process, seconds: 120))
        if process.terminationReason == .exit {
          #expect(process.terminationStatus == 0)
          break
        }
        kills += 1
      }
      try work.expectSameBytes(name)
    }
    #expect(resumed >= 5, "\(resumed) of \(kills) kills came after the first checkpoint")
  }

  private func aFinishedRunStays(_ work: Work) throws {
    let before = try work.folder.contents()
    let again = try work.start(into: "whole", ["--resume"])
    #expect(RunCommand.wait(for: again, seconds: 120) && again.terminationStatus == 0)
    #expect(try work.folder.contents() == before)
  }
}
