import Foundation
import Testing

/// Outputs that would take somebody's file away.
@Suite struct InputSafetyTests {
  @Test func theInputIsNoOutput() throws {
    try CommandFolder.withModel { folder in
      let link = folder("link.csv")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder("series.csv"))
      let before = try folder.contents()
      for output in [folder("series.csv"), link, folder("model/../series.csv")] {
        expectRefusal(
          try RunCommand("forecast", folder("model"), folder("series.csv"), "-o", output, "--overwrite"),
          exitCode: 73, saying: ["is the input", "choose another path with -o"])
      }
      #expect(try folder.contents() == before)
      // Measurements where a run would write its log.
      try FileManager.default.createDirectory(atPath: folder("own"), withIntermediateDirectories: false)
      try folder.write("own/log.jsonl", CommandFolder.series(rows: 300))
      let run = try RunCommand(
        ["train", "forecast", folder("own/log.jsonl"), "-o", folder("own"), "--overwrite"]
          + CommandFolder.tiny)
      expectRefusal(run, exitCode: 73, saying: ["own/log.jsonl: is the input", "another folder"])
      #expect(try folder.text("own/log.jsonl") == CommandFolder.series(rows: 300))
    }
  }

  @Test func aConfigurationThatNoRunWroteStays() throws {
    try CommandFolder.with { folder in
      try FileManager.default.createDirectory(atPath: folder("model"), withIntermediateDirectories: false)
      try folder.write("model/notes.txt", "mine")
      expectRefusal(
        try folder.train(), exitCode: 73,
        saying: ["exists and is not empty", "add --overwrite to write beside what is there"])
      try folder.write("model/config.json", "{\"editor\": 1}")
      expectRefusal(
        try folder.train(["--overwrite"]), exitCode: 73, saying: ["model/config.json: is of no run"])
      try FileManager.default.removeItem(atPath: folder("model/config.json"))
      #expect(try folder.train(["--overwrite"]).exitCode == 0)
      #expect(try folder.text("model/notes.txt") == "mine")
      expectRefusal(try folder.train(), exitCode: 73, saying: ["add --overwrite to replace the run in it"])
      #expect(try folder.train(["--overwrite"]).exitCode == 0)
    }
  }

  /// Folders made for a run that cannot end well go with it; others stay.
  @Test func foldersOfAFailedRunGo() throws {
    try CommandFolder.with { folder in
      let before = try folder.contents()
      let run = try folder.train(["--rate", "1e30"], into: "a/b/model")
      #expect(run.exitCode == 65 && run.log.contains("nothing of this run is kept"), "\(run.log)")
      #expect(try folder.contents() == before && !folder.exists("a"))
      try FileManager.default.createDirectory(atPath: folder("a"), withIntermediateDirectories: false)
      #expect(try folder.train(["--rate", "1e30"], into: "a/b/model").exitCode == 65)
      #expect(folder.exists("a") && !folder.exists("a/b"))
    }
  }

  @Test func whatIsNoModelIsSaid() throws {
    try CommandFolder.withModel { folder in
      try FileManager.default.removeItem(atPath: folder("model/model.safetensors"))
      try folder.write("model/checkpoint.safetensors", "")
      expectRefusal(
        try RunCommand("evaluate", folder("model"), folder("series.csv")), exitCode: 66,
        saying: ["model: a run that is not finished", "--resume"])
      expectRefusal(
        try RunCommand("forecast", folder("series.csv"), folder("model")), exitCode: 66,
        saying: ["series.csv: no model", "the model comes before the file"])
    }
  }

  /// Names as they are typed in a folder, short ones too, with and without a slash behind.
  @Test(arguments: ["m", "n/", "a/b", "a/b//", "./c/d"]) func relativeFolders(_ name: String) throws {
    try CommandFolder.with { folder in
      func run(_ more: [String]) throws -> Int32 {
        let process = RunCommand.process(
          ["train", "forecast", "series.csv", "-o", name, "-q"] + CommandFolder.tiny + more)
        process.currentDirectoryURL = folder.url
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        #expect(RunCommand.wait(for: process))
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
      }
      let before = try folder.contents()
      #expect(try run(["--rate", "1e30"]) == 65)
      #expect(
        try folder.contents() == before
          && FileManager.default.contentsOfDirectory(atPath: folder("")).count == 1)
      #expect(try run([]) == 0)
      #expect(folder.exists("\(name)/model.safetensors"))
    }
  }
}
