import Foundation
import RecurrentInterchange
import Testing

/// `train fill`, `fill`, `embed` and `encode` as users meet them.
@Suite struct FillVerbTests {
  private static let story = String(repeating: "我饿了，我想吃鱼。\n我渴了，我想喝水。\n猫很高兴。\n", count: 8)
  private static let tiny = [
    "--epochs", "2", "--hidden", "6+4", "--embedding", "5", "--batch", "8", "--threads", "1",
  ]

  /// A folder with a text and a model of it.
  private func withModel(_ more: [String] = [], _ body: (CommandFolder) throws -> Void) throws {
    try CommandFolder.with { folder in
      try folder.write("story.txt", Self.story)
      let run = try train(folder, more)
      #expect(run.exitCode == 0, "\(run.log)")
      try body(folder)
    }
  }

  private func train(_ folder: CommandFolder, _ more: [String] = []) throws -> RunCommand {
    try RunCommand(["train", "fill", folder("story.txt"), "-o", folder("model"), "-q"] + Self.tiny + more)
  }

  /// A run that was killed before its first checkpoint is in nobody's way, and an output never takes the place of the model or
  /// of another output.
  @Test func foldersAndOutputsAreSafe() throws {
    try withModel { folder in
      try FileManager.default.createDirectory(atPath: folder("left"), withIntermediateDirectories: true)
      try folder.write("left/.recurrent-12-0.tmp", "half of a file")
      let again = try RunCommand(
        ["train", "fill", folder("story.txt"), "-o", folder("left"), "-q"] + Self.tiny)
      #expect(again.exitCode == 0 && !folder.exists("left/.recurrent-12-0.tmp"), "\(again.log)")
      let model = try folder.bytes("model/model.safetensors")
      let refused: [(arguments: [String], exitCode: Int32, saying: String)] = [
        (
          ["-o", folder("model/model.safetensors"), "--format", "safetensors", "--overwrite"], 73,
          "is the input"
        ),
        (["-o", folder("h.npy"), "--summary", folder("h.npy")], 64, "a name of its own"),
        (["-o", folder("h.safetensors")], 64, "ends with .npy"),
      ]
      for (arguments, exitCode, saying) in refused {
        let run = try RunCommand(["encode", folder("model"), folder("story.txt")] + arguments)
        #expect(run.exitCode == exitCode && run.log.contains(saying), "\(run.log)")
      }
      #expect(try folder.bytes("model/model.safetensors") == model && !folder.exists("h.npy"))
    }
  }

  @Test func trainsFillsAndEvaluates() throws {
    try withModel(["--json"]) { folder in
      let filled = try RunCommand(
        "fill", folder("model"), "--text", "我___了，我想吃___。", "--text", "猫___高兴。", "--top", "2", "--json")
      #expect(filled.exitCode == 0, "\(filled.log)")
      let texts = try filled.jsonLines
      let gaps = try #require(texts[0]["gaps"] as? [[String: Any]])
      #expect(texts.count == 2 && gaps.map { $0["position"] as? Int } == [1, 7])
      let fillings = try #require(gaps[0]["fillings"] as? [[String: Any]])
      let shares = fillings.compactMap { $0["probability"] as? Double }
      #expect(shares.count == 2 && shares[0] >= shares[1] && shares[1] > 0)
      #expect((gaps[0]["entropy"] as? Double ?? -1) > 0)

      let table = try RunCommand(["fill", folder("model"), "-", "--marker", "?"], input: "我?了。\n\n猫?\n")
      #expect(table.exitCode == 0 && table.output.contains("我?了。") && table.output.contains("entropy"))

      let figures = try RunCommand(
        "evaluate", folder("model"), folder("story.txt"), "--baselines-from", folder("story.txt"), "--json")
      #expect(figures.exitCode == 0, "\(figures.log)")
      let evaluation = try #require(try figures.json["evaluation"] as? [String: Any])
      #expect((evaluation["baselines"] as? [Any])?.count == 2 && evaluation["tokens"] as? Int == 184)
      #expect(try folder.text("model/report.html").contains("Filling gaps"))
      let again = try train(folder, ["--resume"])
      #expect(again.exitCode == 0 && again.output.contains("pseudo-perplexity"), "\(again.log)")
    }
  }

  @Test func embedsAndEncodes() throws {
    try withModel { folder in
      try folder.write("other.txt", "我饿了。\n猫。\n")
      let all = try RunCommand("embed", folder("model"), folder("other.txt"), "--layer", "all")
      #expect(all.exitCode == 0, "\(all.log)")
      let sentences = try all.jsonLines
      #expect(sentences.map { $0["line"] as? Int } == [1, 2])
      #expect(sentences[0]["tokens"] as? [String] == ["我", "饿", "了", "。"])
      let levels = try #require(sentences[0]["levels"] as? [[String: Any]])
      #expect((levels[0]["forward"] as? [[Double]])?.map(\.count) == [6, 6, 6, 6])
      #expect((levels[0]["summary"] as? [Double])?.count == 10)
      #expect((sentences[0]["static"] as? [[Double]])?.map(\.count) == [5, 5, 5, 5])

      // The same bytes alone and in company: an array of the first sentence is the beginning of that of both.
      func array(_ text: String) throws -> [UInt8] {
        try folder.write("one.txt", text)
        let run = try RunCommand(
          "embed", folder("model"), folder("one.txt"), "--format", "npy", "-o", folder("one.npy"),
          "--overwrite")
        #expect(run.exitCode == 0, "\(run.log)")
        return Array(try folder.bytes("one.npy"))
      }
      let (alone, together) = (try array("我饿了。\n"), try array("我饿了。\n猫。\n"))
      #expect(Array(alone[128...]) == Array(together[128..<128 + 4 * 4 * 10]))
      #expect(String(decoding: together[10..<128], as: UTF8.self).contains("'shape': (6, 10)"))

      let tensors = try RunCommand(
        "embed", folder("model"), folder("other.txt"), "--format", "safetensors", "--layer", "all", "-o",
        folder("v.safetensors"))
      #expect(tensors.exitCode == 0, "\(tensors.log)")
      let file = try SafeTensors(bytes: Array(try folder.bytes("v.safetensors")))
      #expect(
        Set(file.names) == [
          "starts", "ids", "static", "level.0.forward", "level.0.reverse", "level.0.summary",
        ])
      #expect(try file.int64s(named: "starts") == [0, 4, 6])

      let encoded = try RunCommand(
        "encode", folder("model"), folder("other.txt"), "-o", folder("h.npy"), "--summary", folder("s.npy"),
        "--json")
      #expect(encoded.exitCode == 0, "\(encoded.log)")
      #expect(try encoded.json["reverse_size"] as? Int == 4)
      #expect(Array(try folder.bytes("h.npy")) == together)
      #expect(
        String(decoding: Array(try folder.bytes("s.npy"))[10..<128], as: UTF8.self).contains("(2, 10)"))
      let whole = try RunCommand(
        "encode", folder("model"), folder("other.txt"), "--format", "safetensors", "-o",
        folder("e.safetensors"))
      #expect(whole.output.contains("6 + 4"))
      let parts = try SafeTensors(bytes: Array(try folder.bytes("e.safetensors")))
      #expect(Set(parts.names) == ["starts", "inputs", "states", "summary"])

      try folder.write("two.txt", "我吃鱼。\n他我。\n")
      let pairs = try RunCommand("embed", folder("model"), folder("two.txt"), "--cosine", "我", "--json")
      #expect(pairs.exitCode == 0, "\(pairs.log)")
      let pair = try #require((try pairs.json["pairs"] as? [[String: Any]])?.first)
      #expect(abs((pair["static"] as? Double ?? 0) - 1) < 1e-12)
      #expect((pair["contextual"] as? Double ?? 1) < 1)
    }
  }

  @Test func languageModelsHaveVectorsToo() throws {
    try CommandFolder.with { folder in
      try folder.write("book.txt", String(repeating: "the cat sat on the mat. ", count: 20))
      let trained = try RunCommand(
        "train", "lm", folder("book.txt"), "-o", folder("lm"), "-q", "--hidden", "5", "--epochs", "1",
        "--batch", "4", "--steps", "8")
      #expect(trained.exitCode == 0, "\(trained.log)")
      let run = try RunCommand("embed", folder("lm"), folder("book.txt"), "--layer", "static", "--tokens")
      let first = try #require(try run.jsonLines.first)
      // No embedding: the columns of four gates of five units.
      #expect((first["static"] as? [[Double]])?.first?.count == 20)
      let refused = try RunCommand("fill", folder("lm"), "--text", "a___")
      expectRefusal(
        refused, exitCode: 65, saying: ["the folder of a language model", "that of a model that fills gaps"])
    }
  }

  @Test func refusals() throws {
    try withModel { folder in
      let model = folder("model")
      try folder.write("plain.txt", "我饿了。\n")
      try folder.write("empty.txt", "")
      for (arguments, code, words) in [
        (["fill", model, "--text", "我饿了。"], 65, ["--text", "no gap", "___"]),
        (["fill", model, folder("plain.txt")], 65, ["plain.txt: line 1", "no gap"]),
        (["fill", model, folder("empty.txt")], 65, ["empty.txt"]),
        (["fill", model, folder("none.txt")], 66, ["none.txt"]),
        (["fill", model], 64, ["--text"]),
        (["fill", model, folder("plain.txt"), "--text", "a___"], 64, ["exclude"]),
        (["fill", folder("nothing"), "--text", "a___"], 66, ["train fill"]),
        (["embed", model, folder("empty.txt")], 65, ["empty.txt"]),
        (["embed", model, folder("plain.txt"), "--layer", "3"], 64, ["levels 0 to 0"]),
        (["embed", model, folder("plain.txt"), "--format", "npy"], 64, ["-o"]),
        (["embed", model, folder("plain.txt"), "--cosine", "猫"], 65, ["nowhere"]),
        (["embed", model, folder("plain.txt"), "--tokens", "--sentences"], 64, ["exclude"]),
        (["embed", model, folder("plain.txt"), "--format", "npy", "-o", folder("plain.txt")], 73, ["input"]),
        (["encode", model, folder("none.txt"), "-o", folder("x.npy")], 66, ["none.txt"]),
        (["encode", folder("nothing"), folder("plain.txt"), "-o", folder("x.npy")], 66, ["no model"]),
        (["evaluate", model, folder("empty.txt")], 65, ["empty.txt"]),
        (["evaluate", model, folder("plain.txt"), "--mask-future"], 64, ["fills gaps"]),
        (["train", "fill", folder("empty.txt"), "-o", folder("m")], 65, ["empty.txt"]),
        (
          [
            "train", "fill", folder("plain.txt"), "-o", folder("m"), "--directions", "forward", "--hidden",
            "3+2",
          ],
          64, ["two sizes"]
        ),
        (
          [
            "train", "fill", folder("plain.txt"), "-o", folder("m"), "--cell", "gru+lstm", "--directions",
            "reverse",
          ], 64, ["two cells"]
        ),
      ] as [([String], Int32, [String])] {
        expectRefusal(try RunCommand(arguments), exitCode: code, saying: words)
      }
    }
  }
}
