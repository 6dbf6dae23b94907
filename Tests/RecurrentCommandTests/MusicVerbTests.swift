import Foundation
import Testing

/// `train music`, `evaluate` and `generate` of a model of music, from outside.
@Suite struct MusicVerbTests {
  static let pieces =
    #"{"train": [[[60, 64], [62], [60, 64], []], [[62], [60, 64], [62]]], "valid": [[[60, 64], [62], [60]]], "test": [[[60], [62, 65], [60]], [[62], [60]]]}"#

  private static let tiny = ["--hidden", "3", "--epochs", "2", "--batch", "2", "-q"]

  private static func with(_ body: (CommandFolder) throws -> Void) throws {
    try CommandFolder.with { folder in
      try folder.write("pieces.json", pieces)
      let run = try RunCommand(
        ["train", "music", folder("pieces.json"), "-o", folder("model")] + tiny)
      #expect(run.exitCode == 0 && run.output.contains("each note's share of frames"), "\(run.log)")
      try body(folder)
    }
  }

  private static func generate(_ folder: CommandFolder, _ arguments: String...) throws -> RunCommand {
    try RunCommand(["generate", folder("model"), "-q"] + arguments)
  }

  @Test func trainEvaluateGenerate() throws {
    try Self.with { folder in
      let trained = try RunCommand(
        ["train", "music", "-", "-o", folder("again"), "--json"] + Self.tiny, input: Self.pieces)
      #expect(try folder.tensors("again") == folder.tensors("model"))
      let scored = try RunCommand("evaluate", folder("model"), folder("pieces.json"), "--json")
      let evaluation = try #require(try scored.json["evaluation"] as? [String: Any])
      #expect(evaluation["frames"] as? Int == 5 && evaluation["pieces"] as? Int == 2)
      let first = try #require(try trained.json["evaluation"] as? [String: Any])
      #expect(first as NSDictionary == evaluation as NSDictionary)
      let valid = try RunCommand("evaluate", folder("model"), folder("pieces.json"), "--part", "valid")
      #expect(valid.exitCode == 0 && valid.output.contains("3 frames of 1 piece that the model has seen"))

      let notes = try Self.generate(folder, "--prompt", "60,64 - 62", "--count", "4", "--seed", "7")
      let frames = try #require(try JSONSerialization.jsonObject(with: Data(notes.output.utf8)) as? [[Int]])
      #expect(frames.count == 7 && Array(frames.prefix(3)) == [[60, 64], [], [62]])
      #expect(
        try Self.generate(folder, "--prompt", "60,64 - 62", "--count", "4", "--seed", "7").output
          == notes.output)
      let document = try Self.generate(
        folder, "--prompt", "2", "--pieces", folder("pieces.json"), "--prompt-frames", "1", "--count", "2",
        "--json")
      let made = try #require(try document.json["frames"] as? [[Int]])
      #expect(made.count == 3 && made[0] == [62])
      #expect(try document.json["prompt_frames"] as? Int == 1)
    }
  }

  @Test func whatIsWrongIsSaid() throws {
    try Self.with { folder in
      expectRefusal(
        try RunCommand("train", "music", folder("none.json"), "-o", folder("x"), "-q"), exitCode: 66,
        saying: ["none.json"])
      expectRefusal(
        try RunCommand(["train", "music", "-", "-o", folder("x")] + Self.tiny, input: ""), exitCode: 65,
        saying: ["expected"])
      expectRefusal(
        try RunCommand(
          ["train", "music", "-", "-o", folder("x")] + Self.tiny,
          input: #"{"train": [[[60, 200]]], "valid": [[[60]]], "test": [[[60]]]}"#), exitCode: 65,
        saying: ["200", "a MIDI note of 21 to 108"])
      expectRefusal(
        try RunCommand(
          ["train", "music", "-", "-o", folder("x")] + Self.tiny,
          input: #"{"train": [[[60]]], "valid": [[]], "test": [[[60]]]}"#), exitCode: 65,
        saying: ["part 'valid' has no piece with a frame"])
      expectRefusal(
        try RunCommand(
          "train", "music", folder("pieces.json"), "-o", folder("x"), "-q", "--hidden", "3+2"), exitCode: 64,
        saying: ["reads from the end", "--hidden 200"])
      #expect(!folder.exists("x"))
      expectRefusal(
        try Self.generate(folder, "--prompt", "60,12"), exitCode: 64, saying: ["'60,12'", "21 to 108"])
      expectRefusal(
        try Self.generate(folder, "--prompt", "3", "--pieces", folder("pieces.json")), exitCode: 64,
        saying: ["found '3'", "from 1 to 2"])
      expectRefusal(
        try Self.generate(folder, "--prompt", "60", "--prompt-frames", "3"), exitCode: 64,
        saying: ["without --pieces"])
      expectRefusal(
        try Self.generate(folder, "--prompt", "60", "--top-k", "3"), exitCode: 64,
        saying: ["'--top-k' has no meaning for a model of music"])
      expectRefusal(
        try RunCommand("evaluate", folder("model"), folder("pieces.json"), "--rows", "all", "-q"),
        exitCode: 64, saying: ["'--rows' has no meaning for a model of music"])
      expectRefusal(
        try RunCommand("evaluate", folder("model"), folder("series.csv"), "-q"), exitCode: 65,
        saying: ["series.csv"])
    }
  }
}
