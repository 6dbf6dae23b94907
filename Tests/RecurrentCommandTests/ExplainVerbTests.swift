import Foundation
import Testing

/// `explain` from outside: what it prints and writes, and one clear line for everything that is wrong.
@Suite struct ExplainVerbTests {
  /// Models of every kind that is explained, and of some that are not.
  private static let finished = Result {
    let folder = try CommandFolder.make()
    defer { folder.remove() }
    try folder.write("book.txt", String(repeating: "a cat is in my house. 我饿了，我吃鱼。\n", count: 30))
    try folder.write("english.conll", try CommandFolder.example("text/tagged-english.conll"))
    try folder.write("sentiment.tsv", try CommandFolder.example("text/sentiment.tsv"))
    try folder.write(
      "vowels.ts",
      "@classLabel true a o\n@data\n"
        + (0..<20).map { "\($0),\($0 % 2),1:\($0 % 2 == 0 ? "a" : "o")\n" }.joined())
    try folder.write("rolls.txt", "1661324\n66612345\n1234563\n666661\n")
    for arguments in [
      ["train", "lm", folder("book.txt"), "--hidden", "5", "--steps", "8", "-o", folder("lm")],
      [
        "train", "tag", folder("english.conll"), "--label-column", "2", "--word-size", "4",
        "--character-units", "0",
        "--hidden", "3+4", "--cell", "gru", "-o", folder("tagger"),
      ],
      ["train", "fill", folder("book.txt"), "--hidden", "3+4", "--embedding", "4", "-o", folder("fill")],
      [
        "train", "classify", folder("sentiment.tsv"), "--hidden", "4,3", "--cell", "rnn", "--embedding", "4",
        "-o",
        folder("texts"),
      ],
      ["train", "classify", folder("vowels.ts"), "--hidden", "4", "-o", folder("series")],
    ] {
      let run = try RunCommand(arguments + ["--epochs", "1", "-q"])
      #expect(run.exitCode == 0, "\(run.log)")
    }
    let markov = try RunCommand(
      "hmm", "fit", folder("rolls.txt"), "--unit", "characters", "--states", "2", "-o", folder("dice.json"),
      "-q")
    #expect(markov.exitCode == 0, "\(markov.log)")
    return try folder.contents().filter { !$0.value.isEmpty }
  }

  private static func with(_ body: (CommandFolder) throws -> Void) throws {
    let files = try finished.get()
    try CommandFolder.with { folder in
      for name in ["lm", "tagger", "fill", "texts", "series"] {
        try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: true)
      }
      for (name, data) in files { try data.write(to: URL(fileURLWithPath: folder(name))) }
      try body(folder)
    }
  }

  @Test func theTableOfALanguageModel() throws {
    try Self.with { folder in
      let run = try RunCommand("explain", folder("lm"), "a 猫 Ω cat", environment: ["COLUMNS": "70"])
      #expect(run.exitCode == 0 && run.log == "", "\(run.log)")
      for word in [
        "L = −log P(the next token is", "layer 1, forward", "forget", "|cell|", "‖∂hidden‖", "Ω*", "factor",
      ] {
        #expect(run.output.contains(word), "\(word): \(run.output)")
      }
      #expect(!run.output.contains("\u{1B}"))
      // The same from a pipe and from a file.
      try folder.write("one.txt", "a 猫 Ω cat\n")
      let piped = try RunCommand(
        ["explain", folder("lm"), "-"], input: "a 猫 Ω cat\n", environment: ["COLUMNS": "70"])
      let read = try RunCommand(
        ["explain", folder("lm"), "--file", folder("one.txt")], environment: ["COLUMNS": "70"])
      #expect(piped.output == run.output && read.output == run.output)
      // Lines of a language model's text are one, unless one is asked for.
      try folder.write("two.txt", "a cat\n\nmy house\n")
      let both = try RunCommand("explain", folder("lm"), "--file", folder("two.txt"), "--json")
      #expect((try both.json["steps"] as? [Any])?.count == 15)
      let second = try RunCommand(
        "explain", folder("lm"), "--file", folder("two.txt"), "--example", "2", "--json")
      #expect((try second.json["steps"] as? [Any])?.count == 8)
    }
  }

  @Test func theDocument() throws {
    try Self.with { folder in
      let run = try RunCommand(
        "explain", folder("tagger"), "Anna lives in Rome", "--at", "4", "--units", "3,1", "--json")
      #expect(run.exitCode == 0, "\(run.log)")
      let json = try run.json
      #expect(json["schema"] as? String == "recurrent.explain/1" && json["model"] as? String == "tagger")
      #expect((json["loss"] as? Double ?? -1) > 0)
      let tokens = try #require(json["steps"] as? [[String: Any]])
      #expect(tokens.map { $0["text"] as? String } == ["Anna", "lives", "in", "Rome"])
      #expect((json["input_gradient_norms"] as? [Double])?.count == 4)
      let layers = try #require(json["layers"] as? [[String: Any]])
      #expect(layers.map { $0["direction"] as? String } == ["forward", "reverse"])
      #expect(layers.map { $0["units"] as? Int } == [3, 4])
      let gates = try #require(layers[1]["gates"] as? [[String: Any]])
      #expect(gates.map { $0["name"] as? String } == ["reset gate", "update gate", "candidate"])
      #expect((gates[0]["means"] as? [Double])?.count == 4)
      #expect((gates[0]["values"] as? [[Double]])?.map(\.count) == [2, 2, 2, 2])
      let gradients = try #require(layers[0]["gradients"] as? [[String: Any]])
      #expect((gradients[0]["norms"] as? [Double])?.count == 4 && gradients[0]["factor_per_step"] is Double)
    }
  }

  @Test func filesAreWritten() throws {
    try Self.with { folder in
      let paths = ["--svg", folder("a.svg"), "--html", folder("a.html")]
      let run = try RunCommand(["explain", folder("fill"), "a ___ is in"] + paths)
      #expect(run.exitCode == 0 && run.output.contains("⟨begin⟩"), "\(run.log)")
      #expect(try folder.text("a.svg").hasPrefix("<svg") && folder.text("a.html").contains("<!DOCTYPE html>"))
      let again = try RunCommand(["explain", folder("fill"), "a ___ is in"] + paths)
      #expect(again.exitCode == 73 && again.output == "" && again.log.contains("--overwrite"), "\(again.log)")
      #expect(try RunCommand(["explain", folder("fill"), "a"] + paths + ["--overwrite"]).exitCode == 0)
    }
  }

  @Test func classifiers() throws {
    try Self.with { folder in
      let text = try RunCommand(
        "explain", folder("texts"), "a lovely day", "--class", "negative", "--layer", "2")
      #expect(
        text.exitCode == 0 && text.output.contains("\"negative\"") && text.output.contains("SimpleRNN"),
        "\(text.log)")
      #expect(!text.output.contains("layer 1,"))
      let series = try RunCommand(
        "explain", folder("series"), "--file", folder("vowels.ts"), "--example", "3", "--json")
      #expect(series.exitCode == 0, "\(series.log)")
      #expect((try series.json["steps"] as? [Any])?.count == 3)
    }
  }

  @Test func refusals() throws {
    try Self.with { folder in
      try folder.write("empty.txt", "")
      try folder.write("two.txt", "a cat\nmy house\n")
      try folder.write("long.txt", String(repeating: "a cat ", count: 400))
      let lm = folder("lm")
      for (arguments, code, words) in [
        ([lm], 64, ["nothing to explain", "TEXT"]),
        ([lm, ""], 64, ["TEXT"]),
        ([lm, "-"], 65, ["<stdin>"]),
        ([lm, "--file", folder("empty.txt")], 65, ["empty.txt"]),
        ([lm, "--file", folder("none.txt")], 66, ["none.txt"]),
        ([lm, "a", "--file", folder("two.txt")], 64, ["exclude"]),
        ([lm, "--file", folder("long.txt")], 65, ["2400 steps", "1000"]),
        ([lm, "a cat", "--units", "6"], 64, ["unit 6", "1 to 5"]),
        ([lm, "a cat", "--units", "0"], 64, ["--units"]),
        ([lm, "a cat", "--units", "2,2"], 64, ["twice"]),
        ([lm, "a cat", "--layer", "2"], 64, ["layer 2", "1 to 1"]),
        ([lm, "a cat", "--at", "6"], 64, ["token 6", "2 to 5"]),
        ([lm, "a cat", "--at", "1"], 64, ["token 1", "nothing predicts"]),
        ([lm, "a", "--at", "all"], 64, ["longer text"]),
        ([lm, "a cat", "--at", "last"], 64, ["--at"]),
        ([lm, "a cat", "--class", "x"], 64, ["class", "language model"]),
        ([lm, "a cat", "--class", "x", "--at", "2"], 64, ["exclude"]),
        ([lm, "a cat", "--example", "1"], 64, ["--example"]),
        ([lm, "a cat", "--overwrite"], 64, ["--svg"]),
        ([lm, "a cat", "--svg", folder("x"), "--html", folder("x")], 64, ["of its own"]),
        ([lm, "a cat", "--svg", folder("lm/config.json"), "--overwrite"], 73, ["is the input"]),
        ([folder("tagger"), "  "], 65, ["no token"]),
        ([folder("tagger"), "--file", folder("two.txt")], 65, ["2 lines", "--example"]),
        ([folder("tagger"), "--file", folder("two.txt"), "--example", "3"], 65, ["1 to 2"]),
        ([folder("tagger"), "a", "--at", "2"], 64, ["token 2", "1 to 1"]),
        ([folder("texts"), "a", "--class", "negativ"], 64, ["did you mean \"negative\""]),
        ([folder("texts"), "a", "--at", "1"], 64, ["classifier"]),
        ([folder("texts"), "--file", folder("vowels.ts")], 65, ["series", "texts"]),
        ([folder("series"), "1,2"], 65, ["expected series"]),
        ([folder("series"), "--file", folder("vowels.ts"), "--example", "21"], 65, ["1 to 20"]),
        ([folder("dice.json"), "66"], 65, ["hidden Markov model", "hmm posterior"]),
        ([folder("two.txt"), "66"], 65, ["a file"]),
        ([folder("nowhere"), "66"], 66, ["no model"]),
      ] as [([String], Int32, [String])] {
        expectRefusal(try RunCommand(["explain"] + arguments), exitCode: code, saying: words)
      }
    }
  }

  @Test func forecasters() throws {
    try CommandFolder.withModel { folder in
      let run = try RunCommand(
        "explain", folder("model"), "--file", folder("series.csv"), "--at", "3", "--json")
      #expect(run.exitCode == 0, "\(run.log)")
      let json = try run.json
      #expect(
        json["model"] as? String == "forecaster"
          && (json["question"] as? String)?.contains("3 rows ahead") == true)
      let norms = try #require(json["input_gradient_norms"] as? [Double])
      #expect(norms.count == 5 && norms.allSatisfy { $0 > 0 })
      let tokens = try #require(json["steps"] as? [[String: Any]])
      #expect((tokens[4]["text"] as? String)?.hasPrefix("2021-03-13") == true)
      for (arguments, code, words) in [
        (["--file", folder("series.csv"), "--at", "2"], 64, ["2 rows ahead", "1, 3"]),
        (["--file", folder("series.csv"), "--example", "1"], 64, ["--example"]),
        (["a text"], 64, ["no table", "--file"]),
        ([], 64, ["--file"]),
        (["--file", folder("none.csv")], 66, ["none.csv"]),
      ] as [([String], Int32, [String])] {
        expectRefusal(
          try RunCommand(["explain", folder("model")] + arguments), exitCode: code, saying: words)
      }
    }
  }

  @Test func otherModels() throws {
    try CommandFolder.with { folder in
      for (schema, words) in [
        ("music", "a model of music"), ("other", "a model of the kind recurrent.other/1"),
      ] {
        try FileManager.default.createDirectory(atPath: folder(schema), withIntermediateDirectories: true)
        try folder.write("\(schema)/config.json", "{\"schema\": \"recurrent.\(schema)/1\"}")
        expectRefusal(
          try RunCommand("explain", folder(schema), "a"), exitCode: 65,
          saying: [words, "a forecaster", "a tagger"])
      }
    }
  }
}
