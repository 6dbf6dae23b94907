import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A run that ends in NaN or infinity, or is stopped, leaves a folder as it was, or one that can be used.
@Suite struct NotFiniteRunTests {
  /// Ends at the second update.
  private static let hopeless = ["--rate", "1e30"]

  private func expectHopeless(_ run: RunCommand, saying text: String) {
    expectRefusal(
      run, exitCode: 65,
      saying: ["epoch 1, batch ", "expected a finite number", "lower the learning rate", text])
    #expect(!run.log.contains("nothing was saved") && !run.log.contains("-nan"), "\(run.log)")
  }

  private func expectEvaluates(_ folder: CommandFolder) throws {
    let run = try RunCommand("evaluate", folder("model"), folder("series.csv"), "-q")
    #expect(run.exitCode == 0, "\(run.log)")
  }

  @Test(arguments: [hopeless, ["--optimizer", "sgd", "--rate", "1e6", "--clip", "0"]])
  func aNewRunLeavesNothing(_ options: [String]) throws {
    try CommandFolder.with { folder in
      let before = try folder.contents()
      expectHopeless(try folder.train(options), saying: "nothing of this run is kept in \(folder("model"))")
      #expect(try folder.contents() == before)
      #expect(try folder.train().exitCode == 0)
    }
  }

  @Test func anEmptyFolderStaysEmpty() throws {
    try CommandFolder.with { folder in
      try FileManager.default.createDirectory(atPath: folder("model"), withIntermediateDirectories: true)
      let before = try folder.contents()
      expectHopeless(try folder.train(Self.hopeless), saying: "nothing of this run is kept")
      #expect(try folder.contents() == before)
    }
  }

  @Test func anEarlierRunStays() throws {
    try CommandFolder.withModel { folder in
      let before = try folder.contents()
      expectHopeless(
        try folder.train(Self.hopeless + ["--overwrite"]),
        saying: "\(folder("model")) is as it was before this run")
      #expect(try folder.contents() == before)
      try expectEvaluates(folder)
    }
  }

  @Test func anUnfinishedRunStays() throws {
    try CommandFolder.with { folder in
      try stop(folder, into: "model", by: SIGTERM)
      let before = try folder.contents()
      expectHopeless(
        try folder.train(Self.hopeless + ["--overwrite"]), saying: "is as it was before this run")
      #expect(try folder.contents() == before)
    }
  }

  /// A run that goes well for a while: an SGD whose parameters grow with each update.
  @Test func aResumedRunStays() throws {
    try CommandFolder.with { folder in
      let options =
        CommandFolder.tiny.dropLast(4) + [
          "--batch", "300", "--epochs", "100000", "--optimizer", "sgd", "--rate", "1.5", "--clip", "0",
          "--schedule", "constant", "--averaging", "0",
        ]
      let train = ["train", "forecast", folder("series.csv"), "-o", folder("model"), "-q"] + options
      // The kill may come when the run has ended; that proves nothing, and is tried again.
      var attempts = 0
      while !folder.exists("model/checkpoint.safetensors") {
        attempts += 1
        try #require(attempts <= 20, "20 runs ended before they could be killed")
        let process = RunCommand.process(train)
        process.standardError = FileHandle.nullDevice
        try process.run()
        if RunCommand.wait(for: process, until: { folder.lines("model/log.jsonl") >= 1 }) {
          kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
      }
      // What a kill in the middle of a write leaves is taken away by any later run.
      func whole() throws -> [String: Data] { try folder.contents().filter { !$0.key.hasSuffix(".tmp") } }
      let before = try whole()
      let run = try RunCommand(train + ["--resume"])
      expectRefusal(
        run, exitCode: 65, saying: ["expected a finite number", "is as it was before", "--overwrite"])
      #expect(try whole() == before)
    }
  }

  /// Until the new run is finished, the earlier one is whole; the new one goes on to what it would have been.
  @Test(arguments: [SIGINT, SIGKILL]) func aStoppedRunOverAnEarlierOne(_ signal: Int32) throws {
    try CommandFolder.withModel { folder in
      let before = try folder.contents()
      let options = ["--overwrite", "--seed", "7", "--epochs", "400"]
      try stop(folder, into: "model", options, by: signal)
      var after = try folder.contents()
      #expect(after.removeValue(forKey: "model/checkpoint.safetensors") != nil)
      for name in after.keys where name.hasSuffix(".tmp") { after[name] = nil }
      #expect(after == before)
      try expectEvaluates(folder)

      let rest = Array(CommandFolder.tiny.prefix { $0 != "--epochs" }) + ["--batch", "32"]
      func train(_ more: [String], into name: String) throws {
        let run = try RunCommand(
          ["train", "forecast", folder("series.csv"), "-o", folder(name), "-q"] + rest + more)
        #expect(run.exitCode == 0, "\(run.log)")
      }
      try train(["--resume"] + options.dropFirst(), into: "model")
      try train(Array(options.dropFirst()), into: "whole")
      #expect(folder.names(in: "model") == ResumableRun.files)
      for file in ResumableRun.files {
        #expect(try folder.bytes("model/\(file)") == folder.bytes("whole/\(file)"), "\(file)")
      }
    }
  }

  /// Starts a run and stops it once its checkpoint has changed twice.
  private func stop(
    _ folder: CommandFolder, into name: String, _ more: [String] = ["--epochs", "100000"], by signal: Int32
  ) throws {
    let options = CommandFolder.tiny.prefix { $0 != "--epochs" } + ["--batch", "32"] + more
    let process = RunCommand.process(
      ["train", "forecast", folder("series.csv"), "-o", folder(name), "-q"] + options)
    process.standardError = FileHandle.nullDevice
    try process.run()
    var (seen, changes) = (Data(), 0)
    let hasCome = RunCommand.wait(for: process) {
      let now = (try? folder.bytes(name + "/checkpoint.safetensors")) ?? Data()
      if now != seen { (seen, changes) = (now, changes + 1) }
      return changes >= 3
    }
    try #require(hasCome)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
  }
}
