import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `--resume` with a checkpoint that is damaged, or of another run.
@Suite struct BadCheckpointTests {
  /// A folder whose `model` is an interrupted run, copied from one that is interrupted once for all tests.
  private func withInterrupted(_ body: (CommandFolder) throws -> Void) throws {
    let files = try Self.interrupted.get()
    try CommandFolder.with { folder in
      try FileManager.default.createDirectory(atPath: folder("model"), withIntermediateDirectories: true)
      for (name, data) in files { try data.write(to: URL(fileURLWithPath: folder(name))) }
      try body(folder)
    }
  }

  private static func arguments(_ folder: CommandFolder, _ more: [String] = []) -> [String] {
    ["train", "forecast", folder("series.csv"), "-o", folder("model"), "-q"] + CommandFolder.endless + more
  }

  private static let interrupted = Result {
    let folder = try CommandFolder.make()
    defer { folder.remove() }
    let process = RunCommand.process(arguments(folder))
    try process.run()
    // Three epochs and more: the log is written after each.
    #expect(RunCommand.wait(for: process) { folder.lines("model/log.jsonl") >= 3 })
    kill(process.processIdentifier, SIGINT)
    #expect(RunCommand.wait(for: process) && process.terminationStatus == 130)
    return try folder.contents().filter { $0.key.hasPrefix("model/") }
  }

  private static let checkpoint = "model/checkpoint.safetensors"

  @Test func cutsAndChangesAreRefused() throws {
    try withInterrupted { folder in
      let whole = try folder.bytes(Self.checkpoint)
      var damaged: [Data] = [0, 1, 7, 8, whole.count / 3, whole.count / 2, whole.count - 1].map {
        whole.prefix($0)
      }
      for place in [0, 9, 200, whole.count / 2, whole.count - 1] {
        var changed = whole
        changed[place] ^= 0x10
        damaged.append(changed)
      }
      damaged.append(whole + Data([0]))
      damaged.append(try folder.bytes("series.csv"))
      for data in damaged {
        try data.write(to: URL(fileURLWithPath: folder(Self.checkpoint)))
        let before = try folder.contents()
        let run = try RunCommand(Self.arguments(folder, ["--resume"]))
        expectRefusal(run, exitCode: 65, saying: [folder(Self.checkpoint) + ": ", "; "])
        #expect(try folder.contents() == before)
      }
    }
  }

  @Test func otherSettingsAreRefused() throws {
    try withInterrupted { folder in
      let before = try folder.contents()
      let cases: [([String], [String])] = [
        (["--seed", "2"], ["--seed was 1 and is now 2"]),
        (["--rate", "0.5"], ["--rate was 0.004 and is now 0.5"]),
        (["--no-calendar"], ["--no-calendar was not given and is now given"]),
        (["--cell", "lstm"], ["--cell was gru-reset-after and is now lstm"]),
        (["--gaps", "mean"], ["--gaps was previous and is now mean"]),
        (["--missing", "?"], ["--missing was [", "\"?\""]),
        (["--clip", "2"], ["--clip was 1 and is now 2"]),
        (["--no-linear-path"], ["--no-linear-path was not given and is now given"]),
        (
          ["--stride", "2", "--seed", "3"],
          ["(--stride was 1 and is now 2; --seed was 1 and is now 3)"]
        ),
        (["--exclude", "lead"], ["--features was all that can be and is now none"]),
      ]
      for (more, texts) in cases {
        let run = try RunCommand(Self.arguments(folder, ["--resume"] + more))
        expectRefusal(
          run, exitCode: 64,
          saying: [folder(Self.checkpoint) + ": ", "other settings", "config.json"] + texts)
      }
      #expect(try folder.contents() == before)
    }
  }

  /// The same settings on a file in which one training value is another.
  @Test func otherDataAreRefused() throws {
    try withInterrupted { folder in
      var lines = try folder.text("series.csv").split(separator: "\n").map(String.init)
      lines[20] = lines[20].split(separator: ",")[0] + ",1,2"
      try folder.write("series.csv", lines.joined(separator: "\n") + "\n")
      let before = try folder.contents()
      let run = try RunCommand(Self.arguments(folder, ["--resume"]))
      expectRefusal(run, exitCode: 65, saying: [folder("series.csv") + ": ", "other data", "--overwrite"])
      #expect(try folder.contents() == before)
    }
  }

  @Test func aFinishedRunOfOtherSettingsIsRefused() throws {
    try CommandFolder.withModel { folder in
      let before = try folder.contents()
      expectRefusal(
        try folder.train(["--resume", "--seed", "2"]), exitCode: 64,
        saying: ["config.json: ", "other settings", "--seed was 1 and is now 2"])
      #expect(try folder.train(["--resume"]).exitCode == 0)
      #expect(try folder.contents() == before)
    }
  }
}
