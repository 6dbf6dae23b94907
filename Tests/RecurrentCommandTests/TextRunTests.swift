import Foundation
import Testing

/// What all tasks on texts have in common, from outside.
@Suite struct TextRunTests {
  /// `--resume` of a run that is over prints what the run printed.
  @Test func aFinishedRunIsPrintedAgain() throws {
    try TextRuns.with { folder in
      for task in TextRuns.tasks {
        let arguments = TextRuns.arguments(task, in: folder)
        let before = try folder.contents()
        let again = try RunCommand(arguments + ["--resume"])
        #expect(again.exitCode == 0 && again.log == "" && !again.output.isEmpty, "\(task): \(again.log)")
        let whole = try RunCommand(arguments.map { $0 == folder(task) ? folder("again") : $0 })
        #expect(again.output == whole.output, "\(task)")
        try FileManager.default.removeItem(atPath: folder("again"))
        let document = try RunCommand(arguments + ["--resume", "--json"]).json
        #expect(document["schema"] as? String == "recurrent.train.\(task)/1")
        #expect(document["evaluation"] is [String: Any] && document["folder"] as? String == folder(task))
        #expect(try folder.contents() == before)
      }
    }
  }

  @Test func everyModelCanBeInspected() throws {
    try TextRuns.with { folder in
      for (task, texts) in [
        ("lm", ["vocabulary: ", "embedding.weight", "LSTM", "task: the next of the bytes", "sparseAdam"]),
        ("fill", ["vocabulary: ", "both sides", "directions.0", "marker of a gap: ___"]),
        ("classify", ["classes: bad, good", "pooling: ends", "recurrent.0.reverse"]),
        ("tag", ["tags: O, B-LOC", "scheme: bio", "conditional random field", "speller."]),
        ("music", ["the next frame", "[88, 3]"]),
      ] {
        let run = try RunCommand("inspect", folder(task))
        #expect(run.exitCode == 0, "\(task): \(run.log)")
        for text in texts + ["total", "seed: 1"] { #expect(run.output.contains(text), "\(run.output)") }
        let document = try RunCommand("inspect", folder(task), "--json").json
        #expect((document["parameter_count"] as? Int ?? 0) > 0 && document["facts"] is [String: String])
        expectRefusal(
          try RunCommand("bench", folder(task)), exitCode: 65,
          saying: ["expected a forecaster's", "train forecast"])
      }
      expectRefusal(
        try RunCommand("inspect", folder("fill"), "--graph", "3"), exitCode: 64, saying: ["--graph"])
      #expect(try RunCommand("inspect", folder("tag"), "--graph", "3").output.contains("graph: "))
    }
  }

  @Test func vectorsAreOfTwoTasks() throws {
    try TextRuns.with { folder in
      for (task, name) in [("classify", "a classifier"), ("tag", "a tagger"), ("music", "a model of music")] {
        expectRefusal(
          try RunCommand("embed", folder(task), folder("book.txt")), exitCode: 65,
          saying: [name, "train lm", "train fill"])
      }
    }
  }

  /// How many tokens a model does not know is said, and in every document.
  @Test func unknownTokensAreCounted() throws {
    try TextRuns.with { folder in
      let text = "the cat sat on the sofa zzz .\n"
      try folder.write("other.txt", text)
      func count(_ document: [String: Any], _ name: String = "unknown_tokens") -> [Int]? {
        guard let found = document[name] as? [String: Any] else { return nil }
        return [found["tokens"], found["unknown"]].compactMap { $0 as? Int }
      }
      func check(_ arguments: [String], said: String, counts: [Int], _ name: String = "unknown_tokens") throws
      {
        let run = try RunCommand(arguments)
        #expect(run.exitCode == 0 && run.log.contains(said), "\(arguments) \(run.log)")
        let quiet = try RunCommand(arguments + ["-q"])
        #expect(quiet.output == run.output && !quiet.log.contains(said))
        let json = try RunCommand(arguments + ["--json", "-q"])
        #expect(try count(json.json, name) == counts, "\(json.output)")
      }
      try check(
        ["classify", folder("classify"), "--text", "nice zzz day qqq"],
        said: "--text: 2 of 4 tokens (50.0 %)",
        counts: [4, 2])
      try check(
        ["fill", folder("fill"), "--text", "the ___ zzz"], said: "--text: 1 of 2 tokens (50.0 %)",
        counts: [2, 1])
      try check(
        ["evaluate", folder("fill"), folder("other.txt")], said: "other.txt: 2 of 8 tokens (25.0 %)",
        counts: [8, 2])
      try check(
        ["generate", folder("lm"), "--prompt", "the Q", "--count", "1"],
        said: "--prompt: 1 of 5 tokens (20.0 %)",
        counts: [5, 1])
      try check(
        ["evaluate", folder("lm"), folder("other.txt")], said: "other.txt: ", counts: [30, 4])
      let tagged = try RunCommand("tag", folder("tag"), "-", input: "Rome is new .\n")
      #expect(
        tagged.log.contains("<stdin>: 1 of 4 words (25.0 %) have no vector of their own"), "\(tagged.log)")
      let object = try RunCommand("tag", folder("tag"), "-", "--json", input: "Rome is new .\n")
      #expect(try count(object.json, "words_without_vector") == [4, 1])
      // Where all are known there is nothing to say.
      #expect(try RunCommand("tag", folder("tag"), "-", input: "Rome is old .\n").log == "")
    }
  }

  /// Bytes are printed as they are, whatever they make; in JSON they have to be text.
  @Test func bytesAreBytes() throws {
    try CommandFolder.with { folder in
      // Half of each character is broken off.
      try folder.write("umlauts.txt", String(repeating: "äöü", count: 200))
      let run = try RunCommand(
        "train", "lm", folder("umlauts.txt"), "--unit", "bytes", "--hidden", "8", "--epochs", "3", "--batch",
        "4", "--steps", "8", "--rate", "0.05", "-o", folder("lm"), "-q")
      #expect(run.exitCode == 0, "\(run.log)")
      let process = RunCommand.process([
        "generate", folder("lm"), "--prompt", "ä", "--count", "41", "--temperature", "0",
      ])
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let bytes = Array(output.fileHandleForReading.readDataToEndOfFile())
      process.waitUntilExit()
      #expect(bytes.starts(with: Array("ä".utf8)) && bytes.count == 2 + 41 + 1 && bytes.last == 10)
      #expect(bytes.dropLast().allSatisfy { $0 >= 0x80 })
      let document = try RunCommand(
        "generate", folder("lm"), "--prompt", "ä", "--count", "41", "--temperature", "0", "--json")
      #expect((try document.json["text"] as? String)?.contains("\u{FFFD}") == true)
    }
  }

  /// What a folder is of is said in words, with the verbs that use it.
  @Test func anotherModelIsNamed() throws {
    try TextRuns.with { folder in
      for (line, found, verb) in [
        (["generate", folder("fill"), "--prompt", "the"], "a model that fills gaps", "recurrent fill"),
        (["tag", folder("classify"), folder("book.txt")], "a classifier", "recurrent classify"),
        (["classify", folder("tag"), folder("book.txt")], "a tagger", "recurrent tag"),
      ] {
        expectRefusal(
          try RunCommand(line), exitCode: 65, saying: ["the folder of \(found)", "expected that of", verb])
      }
      expectRefusal(
        try RunCommand("generate", folder("lm"), "--prompt", "the", "--allow-leak"), exitCode: 64,
        saying: ["--allow-leak", "does not see its target"])
      expectRefusal(
        try RunCommand("inspect", folder("book.txt")), exitCode: 66,
        saying: ["book.txt: no model", "train …"])
    }
  }

  /// Words are not taken from another column because a file counts its columns otherwise.
  @Test func columnsOfAnotherKindAreRefused() throws {
    try TextRuns.with { folder in
      try folder.write(
        "words.conllu", "1\tRome\trome\tPROPN\t_\t_\t_\t_\t_\t_\n2\tsleeps\tsleep\tVERB\t_\t_\t_\t_\t_\t_\n")
      for verb in ["tag", "evaluate"] {
        expectRefusal(
          try RunCommand(verb, folder("tag"), folder("words.conllu")), exitCode: 65,
          saying: ["words.conllu", "CoNLL-U", "--token-column form"])
      }
      let tagged = try RunCommand(
        "tag", folder("tag"), folder("words.conllu"), "--token-column", "form", "--label-column", "upos")
      #expect(tagged.exitCode == 0 && tagged.output.contains("1\tRome\trome\t"))
    }
  }

  /// A sentence of columns is explained by its words; a leak is called one.
  @Test func explanationsSayWhatIsRead() throws {
    try TextRuns.with { folder in
      let sentence = try RunCommand(
        "explain", folder("tag"), "--file", folder("tags.conll"), "--example", "2", "--json")
      let steps = try #require(try sentence.json["steps"] as? [[String: Any]])
      #expect(steps.compactMap { $0["text"] as? String } == ["Anna", "sleeps"])
      let leak = [
        "train", "lm", folder("book.txt"), "--hidden", "3+3", "--epochs", "1", "--batch", "4", "--steps", "8",
        "-q",
        "-o", folder("leak"),
      ]
      #expect(try RunCommand(leak).exitCode == 0)
      let text = try RunCommand("explain", folder("leak"), "the cat", "--at", "3").output
      #expect(text.contains("LEAK") && text.contains("itself among them"))
    }
  }

  /// What stands behind the last whole windows is said, where it is much.
  @Test func textThatIsNeverReadIsSaid() throws {
    try TextRuns.with { folder in
      let line = ["train", "lm", folder("book.txt"), "--hidden", "2", "--epochs", "1", "--batch", "1"]
      let much = try RunCommand(line + ["--steps", "400", "-o", folder("much")])
      #expect(much.exitCode == 0 && much.log.contains("are never read"))
      let little = try RunCommand(line + ["--steps", "8", "-o", folder("little")])
      #expect(little.exitCode == 0 && !little.log.contains("are never read"))
    }
  }

  /// `--stop` counts the tokens that are printed whole.
  @Test func whatStopsIsNotCounted() throws {
    try TextRuns.with { folder in
      let arguments = [
        "generate", folder("lm"), "--prompt", "the ", "--count", "30", "--json", "--seed", "3",
      ]
      let free = try #require(try RunCommand(arguments).json["text"] as? String)
      let bytes = Array(free.utf8)
      let mark = String(decoding: bytes[10..<13], as: UTF8.self)
      guard mark.utf8.elementsEqual(bytes[10..<13]) else { return }
      let stopped = try RunCommand(arguments + ["--stop", mark]).json
      let text = try #require(stopped["text"] as? String)
      #expect(!text.contains(mark) && free.hasPrefix(text) && stopped["tokens"] as? Int == text.utf8.count)
    }
  }

  /// Figures of what a model has learned from are said to be such.
  @Test(arguments: [
    ("lm", "book.txt"), ("fill", "book.txt"), ("tag", "tags.conll"), ("classify", "texts.tsv"),
  ])
  func trainingDataIsNamed(_ task: String, _ file: String) throws {
    try TextRuns.with { folder in
      let own = try RunCommand("evaluate", folder(task), folder(file))
      #expect(own.exitCode == 0 && own.log.contains("figures flatter"), "\(own.log)")
      let text = try String(contentsOfFile: folder(file), encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      try folder.write("part", lines.prefix(lines.count / 2).joined(separator: "\n") + "\n")
      let other = try RunCommand("evaluate", folder(task), folder("part"))
      #expect(other.exitCode == 0 && !other.log.contains("flatter"), "\(other.log)")
    }
  }

  /// A vocabulary of one token has nothing to predict: a perplexity of 1 would be no merit.
  @Test func aTextOfOneToken() throws {
    try CommandFolder.with { folder in
      try folder.write("a.txt", String(repeating: "a", count: 64))
      try folder.write("once.txt", "every word stands here once .\nand nowhere again !\n")
      let tiny = ["--batch", "2", "--epochs", "1", "-o", folder("new"), "-q"]
      expectRefusal(
        try RunCommand(["train", "lm", folder("a.txt"), "--steps", "4"] + tiny), exitCode: 65,
        saying: ["a.txt: ", "no token but \"a\"", "two different"])
      for task in [["train", "lm", "--steps", "2"], ["train", "fill"]] {
        expectRefusal(
          try RunCommand(
            task + [folder("once.txt"), "--unit", "words", "--minimum-count", "2"] + tiny), exitCode: 65,
          saying: ["once.txt: ", "--minimum-count"])
      }
    }
  }

  /// A vocabulary that is not the model's, in the place of its own.
  @Test(arguments: ["lm", "fill", "tag", "classify"]) func anotherVocabulary(_ task: String) throws {
    try TextRuns.with { folder in
      let path = folder("\(task)/config.json")
      let own = try String(contentsOfFile: path, encoding: .utf8)
      let other = own.replacing("\"c\"", with: "\"q\"").replacing("\"cat\"", with: "\"dog2\"")
        .replacing("\"Rome\"", with: "\"Rom\"").replacing("\"nice\"", with: "\"nicer\"")
      #expect(other != own)
      try Data(other.utf8).write(to: URL(fileURLWithPath: path))
      let verbs = [
        "lm": ["generate", folder("lm"), "--prompt", "the"],
        "fill": ["fill", folder("fill"), "--text", "the ___"],
        "tag": ["tag", folder("tag"), "-"], "classify": ["classify", folder("classify"), "--text", "nice"],
      ]
      expectRefusal(
        try RunCommand(try #require(verbs[task]), input: "Rome\n"), exitCode: 65,
        saying: ["model.safetensors: found a model of the run", "keep both files of one run together"])
    }
  }

  /// Between blank lines each document is read from zero: the state of one says nothing of the next.
  @Test func documentsBetweenBlankLines() throws {
    try CommandFolder.with { folder in
      let pair = "abcabcabc\n\nxyzxyzxyz\n\n"
      try folder.write("pairs.txt", String(repeating: pair, count: 12))
      let run = try RunCommand(
        "train", "lm", folder("pairs.txt"), "--documents", "blank-lines", "--hidden", "4", "--epochs", "1",
        "--batch",
        "2", "--steps", "4", "--json", "-q", "-o", folder("lm"))
      #expect(run.exitCode == 0, "\(run.log)")
      // A document is nine letters and two line ends; its first letter is not asked for.
      let tokens = try #require((try run.json["evaluation"] as? [String: Any])?["tokens"] as? Int)
      #expect(tokens % 10 == 0 && tokens > 0)
      let config = try String(contentsOfFile: folder("lm/config.json"), encoding: .utf8)
      #expect(config.contains("\"documents\" : \"blankLines\""))
      expectRefusal(
        try RunCommand(
          "train", "lm", folder("pairs.txt"), "--label-column", "1", "--documents", "blank-lines", "-o",
          folder("x")),
        exitCode: 64, saying: ["--documents", "each text is a document"])
    }
  }

  /// Documents of one token ask for nothing, and parts end where a document does, the nearest.
  @Test func partsAreOfWholeDocuments() throws {
    try CommandFolder.with { folder in
      let tiny = [
        "--documents", "blank-lines", "--hidden", "3", "--epochs", "1", "--batch", "2", "--steps", "4",
      ]
      try folder.write("ones.txt", (0..<20).map { "w\($0 % 3)\n\n" }.joined())
      expectRefusal(
        try RunCommand(
          ["train", "lm", folder("ones.txt"), "--unit", "words", "-o", folder("x"), "-q"] + tiny),
        exitCode: 65, saying: ["ones.txt: found no sentence with a token"])
      // 5 % from the end is nearer to the second document than to the beginning of the first.
      try folder.write("two.txt", String(repeating: "abcd", count: 60) + "\n\nabcabc\n")
      let run = try RunCommand(
        ["train", "lm", folder("two.txt"), "--validation-share", "0", "--json", "-o", folder("lm"), "-q"]
          + tiny)
      #expect(run.exitCode == 0, "\(run.log)")
      #expect((try run.json["evaluation"] as? [String: Any])?["tokens"] as? Int == 6)
    }
  }

  // MARK: - What looks as if it were read wrongly

  @Test func labelsAndTestTextsAreLookedAt() throws {
    try TextRuns.with { folder in
      let tiny = ["--unit", "words", "--hidden", "2+2", "--embedding", "3", "--epochs", "1", "--overwrite"]
      func log(_ more: [String]) throws -> String {
        let run = try RunCommand(["train", "classify"] + more + ["-o", folder("new")] + tiny)
        #expect(run.exitCode == 0, "\(run.log)")
        return run.log
      }
      let plain = try log([folder("texts.tsv")])
      #expect(plain.contains("labels from column 1, texts from column 2; 2 labels"))
      #expect(!plain.contains("warning"))
      #expect(
        try log([folder("texts.tsv"), "--test", folder("texts.tsv")]).contains("so the figures flatter"))
      try folder.write("rows.csv", (0..<12).map { "\($0),text \($0)\n" }.joined())
      #expect(try log([folder("rows.csv")]).contains("12 different labels of 12 examples, too many"))
      try folder.write("many.tsv", (0..<2001).map { "l\($0)\ttext \($0)\n" }.joined())
      expectRefusal(
        try RunCommand(["train", "classify", folder("many.tsv"), "-o", folder("new"), "-q"] + tiny),
        exitCode: 65,
        saying: ["many.tsv: found 2001 different labels, expected at most 2000", "--label-column"])
      expectRefusal(
        try RunCommand(["train", "classify", folder("lm"), "-o", folder("new"), "-q"] + tiny), exitCode: 65,
        saying: ["found the folder of a language model, expected labelled examples"])
    }
  }

  @Test func proseThatIsNone() throws {
    try TextRuns.with { folder in
      try folder.write("columns.txt", "Rome\tB-LOC\nis\tO\n")
      let columns = try RunCommand("tag", folder("tag"), folder("columns.txt"))
      #expect(columns.log.contains("give --format conll to read columns"))
      let glued = try RunCommand(
        ["tag", folder("tag"), "-"], input: "Anna sleeps\nRome is old.\nAnna, too.\n")
      #expect(glued.log.contains("'old.' is one word") && !glued.log.contains("'Anna,'"))
      let apart = try RunCommand(
        ["tag", folder("tag"), "-", "--separate-punctuation"], input: "Rome is old.\n")
      #expect(apart.output.contains("old\t") && !apart.log.contains("is one word"))
      let long = try RunCommand(
        ["tag", folder("tag"), "-"], input: String(repeating: "Rome ", count: 20_001))
      expectRefusal(long, exitCode: 65, saying: ["a sentence of 20001 words", "one sentence a line"])
      try folder.write("vectors.txt", "nowhere 1 2 3 4\n")
      let known = try RunCommand(
        "train", "tag", folder("tags.conll"), "--test", folder("tags.conll"), "--vectors",
        folder("vectors.txt"),
        "--hidden", "2", "--character-units", "2", "--epochs", "1", "-o", folder("new"))
      #expect(known.exitCode == 0 && known.log.contains("sentences are learned from too"), "\(known.log)")
      #expect(known.log.contains("no word of the text has a vector in it"))
    }
  }

  /// Answers come before an error of a later line.
  @Test func gapsOfAPipe() throws {
    try TextRuns.with { folder in
      let run = try RunCommand(
        ["fill", folder("fill"), "-", "--top", "1", "--json"], input: "the ___ sat\nno gap\nthe ___\n")
      #expect(run.exitCode == 65 && run.log.contains("line 2: the text has no gap"))
      let lines = try run.jsonLines
      #expect(lines.count == 1 && lines[0]["text"] as? String == "the ___ sat")
      #expect(try RunCommand(["fill", folder("fill"), "-"], input: "").exitCode == 0)
    }
  }
}
