import Foundation
import Testing

/// `--resume` where the run is over.
@Suite struct FinishedRunTests {
  @Test func itsTableIsPrintedForItsOwnDataOnly() throws {
    try CommandFolder.with { folder in
      let run = try folder.train()
      #expect(run.exitCode == 0)
      let files = try folder.contents().filter { $0.key.hasPrefix("model/") }
      #expect(try folder.train(["--resume"]).output == run.output)

      var lines = CommandFolder.series(rows: 300).split(separator: "\n").map(String.init)
      func change(_ row: Int) throws {
        lines[row + 1] = lines[row + 1].split(separator: ",")[0] + ",1.5,2"
        try folder.write("series.csv", lines.joined(separator: "\n") + "\n")
      }
      // A held-out row: the model is the same, the figures would not be the run's.
      try change(270)
      expectRefusal(
        try folder.train(["--resume"]), exitCode: 65,
        saying: ["series.csv: other held-out rows", "expected the same file", "recurrent evaluate"])
      try change(30)
      expectRefusal(
        try folder.train(["--resume"]), exitCode: 65,
        saying: ["series.csv: other data than the run", "expected the same file", "--overwrite"])
      #expect(try folder.contents().filter { $0.key.hasPrefix("model/") } == files)
    }
  }

  @Test func withoutItsLogThereIsNothingToCompareWith() throws {
    try CommandFolder.withModel { folder in
      try folder.write("model/log.jsonl", "{}\n")
      expectRefusal(
        try folder.train(["--resume"]), exitCode: 65, saying: ["log.jsonl: no figures", "restore the file"])
      try FileManager.default.removeItem(atPath: folder("model/log.jsonl"))
      expectRefusal(try folder.train(["--resume"]), exitCode: 66, saying: ["log.jsonl"])
    }
  }
}
