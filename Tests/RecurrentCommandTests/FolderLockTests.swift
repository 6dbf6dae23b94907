import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Two runs and one folder.
@Suite struct FolderLockTests {
  /// A run that nothing but a signal ends.
  private func start(_ folder: CommandFolder, _ more: [String] = []) throws -> Process {
    let process = RunCommand.process(arguments(folder, more))
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func arguments(_ folder: CommandFolder, _ more: [String]) -> [String] {
    ["train", "forecast", folder("series.csv"), "-o", folder("model"), "-q"] + CommandFolder.endless + more
  }

  /// Waits until the run has made three epochs more than `before`.
  private func waitForEpochs(_ process: Process, _ folder: CommandFolder, after before: Int = 0) {
    #expect(RunCommand.wait(for: process) { folder.lines("model/log.jsonl") >= before + 3 })
  }

  @Test func theSecondIsRefused() throws {
    try CommandFolder.with { folder in
      let first = try start(folder)
      defer { kill(first.processIdentifier, SIGKILL) }
      waitForEpochs(first, folder)
      for more in [[], ["--resume"], ["--overwrite"], ["--overwrite", "--seed", "2"]] {
        let second = try RunCommand(arguments(folder, more))
        expectRefusal(second, exitCode: 73, saying: [folder("model") + ": ", "another run is writing here"])
      }
      // The first has not noticed.
      waitForEpochs(first, folder, after: folder.lines("model/log.jsonl"))
      kill(first.processIdentifier, SIGINT)
      #expect(RunCommand.wait(for: first) && first.terminationStatus == 130)
      #expect(
        folder.names(in: "model") == ["checkpoint.safetensors", "config.json", "log.jsonl"])
    }
  }

  @Test func aKilledRunHoldsNothing() throws {
    try CommandFolder.with { folder in
      for more in [[], ["--resume"], ["--resume"]] {
        let before = folder.lines("model/log.jsonl")
        let process = try start(folder, more)
        waitForEpochs(process, folder, after: before)
        kill(process.processIdentifier, SIGKILL)
        #expect(RunCommand.wait(for: process) && process.terminationReason == .uncaughtSignal)
      }
    }
  }

  /// Of several that begin at once, one makes the run and the others are refused, before it or after.
  @Test func oneOfManyWins() throws {
    try CommandFolder.with { folder in
      #expect(try folder.train(into: "alone").exitCode == 0)
      for round in 1...4 {
        let name = "together\(round)"
        let runs = try (0..<4).map { _ in
          let process = RunCommand.process(
            ["train", "forecast", folder("series.csv"), "-o", folder(name), "-q"] + CommandFolder.tiny)
          process.standardOutput = FileHandle.nullDevice
          process.standardError = FileHandle.nullDevice
          try process.run()
          return process
        }
        for run in runs { #expect(RunCommand.wait(for: run) && run.terminationReason == .exit) }
        #expect(runs.map(\.terminationStatus).sorted() == [0, 73, 73, 73])
        #expect(folder.names(in: name) == ResumableRun.files)
        for file in ResumableRun.files {
          #expect(try folder.bytes("\(name)/\(file)") == folder.bytes("alone/\(file)"), "\(name)/\(file)")
        }
      }
    }
  }
}
