import Foundation
import Testing

/// `train tag`, `tag` and `evaluate` from outside: results, and one clear line for everything that is wrong.
@Suite struct TagVerbTests {
  private static let tiny = [
    "--word-size", "6", "--character-size", "3", "--character-units", "3", "--hidden", "6+6", "--epochs", "2",
  ]
  private static let finished = Result {
    let folder = try CommandFolder.make()
    defer { folder.remove() }
    try folder.write("english.conll", try CommandFolder.example("text/tagged-english.conll"))
    let run = try RunCommand(
      ["train", "tag", folder("english.conll"), "--label-column", "2", "-o", folder("names"), "-q"] + tiny)
    #expect(run.exitCode == 0, "\(run.log)")
    #expect(run.output.contains("most frequent tag %") && run.output.contains("F1 %"))
    return try folder.contents().filter { $0.key.hasPrefix("names/") || $0.key == "english.conll" }
  }

  /// A folder with the tagger `names` and the text that it learned from.
  private static func with(_ body: (CommandFolder) throws -> Void) throws {
    let files = try finished.get()
    try CommandFolder.with { folder in
      try FileManager.default.createDirectory(atPath: folder("names"), withIntermediateDirectories: true)
      for (name, data) in files { try data.write(to: URL(fileURLWithPath: folder(name))) }
      try body(folder)
    }
  }

  @Test func plainText() throws {
    try Self.with { folder in
      let text = "Anna Weber lives in Rome .\r\n\n  \nHe left"
      let piped = try RunCommand("tag", folder("names"), "-", input: text)
      #expect(piped.exitCode == 0 && !piped.log.contains("warning"), "\(piped.log)")
      let lines = piped.output.split(separator: "\n", omittingEmptySubsequences: false).map {
        $0.split(separator: "\t")
      }
      #expect(
        lines.map { $0.first ?? "" } == [
          "Anna", "Weber", "lives", "in", "Rome", ".", "", "He", "left", "", "",
        ])
      #expect(lines.allSatisfy { $0.isEmpty || $0.count == 2 })
      try folder.write("text.txt", text)
      for threads in ["1", "2"] {
        let read = try RunCommand("tag", folder("names"), folder("text.txt"), "--threads", threads)
        #expect(read.output == piped.output)
      }
      let sure = try RunCommand("tag", folder("names"), "-", "--probabilities", input: "Rome.\n").output
      #expect(sure.hasPrefix("Rome.\t") && sure.split(separator: "\t").count == 3)
      let cut = try RunCommand("tag", folder("names"), "-", "--separate-punctuation", input: "Rome.\n").output
      #expect(cut.hasPrefix("Rome\t") && cut.contains("\n.\t"))
      let json = try RunCommand("tag", folder("names"), "-", "--json", "--probabilities", input: text).output
      let objects = try json.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      #expect(objects.count == 2 && objects[1]["tokens"] as? [String] == ["He", "left"])
      #expect(objects.allSatisfy { $0["schema"] as? String == "recurrent.tag/1" && $0["entities"] != nil })
      #expect((objects[0]["probabilities"] as? [Double])?.count == 6)
    }
  }

  /// What sparse Adam costs a tagger, its user is told.
  @Test func sparseAdamIsNoted() throws {
    try Self.with { folder in
      let line = ["train", "tag", folder("english.conll"), "--label-column", "2"] + Self.tiny
      let sparse = try RunCommand(line + ["-o", folder("sparse"), "--optimizer", "sparse-adam"])
      #expect(sparse.exitCode == 0 && sparse.log.contains("walks through all"), "\(sparse.log)")
      let adam = try RunCommand(line + ["-o", folder("adam"), "--optimizer", "adam"])
      #expect(adam.exitCode == 0 && !adam.log.contains("walks through all"), "\(adam.log)")
    }
  }

  /// A line is tagged before the next one comes.
  @Test func aPipeLineByLine() throws {
    try Self.with { folder in
      let process = RunCommand.process(["tag", folder("names"), "-"])
      let (input, output) = (Pipe(), Pipe())
      (process.standardInput, process.standardOutput) = (input, output)
      try process.run()
      for word in ["Rome", "Paris"] {
        input.fileHandleForWriting.write(Data("\(word)\n".utf8))
        let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        #expect(said.hasPrefix("\(word)\t") && said.hasSuffix("\n\n"))
      }
      try input.fileHandleForWriting.close()
      #expect(RunCommand.wait(for: process) && process.terminationStatus == 0)
    }
  }

  @Test func columnsKeepEveryOtherByte() throws {
    try Self.with { folder in
      try folder.write("t.conll", "# a remark\nRome\tO\tkept \r\n.\tO\tkept\r\n\r\n\nHe\tO\tkept")
      let replaced = try RunCommand("tag", folder("names"), folder("t.conll"))
      #expect(replaced.exitCode == 0, "\(replaced.log)")
      let masked = replaced.output.replacing(/\t[OBI][^\t]*\t/, with: "\tO\t")
      #expect(try masked == folder.text("t.conll"))
      try folder.write("w.conll", "Rome\n.\n")
      let added = try RunCommand("tag", folder("names"), folder("w.conll"), "--probabilities")
      #expect(added.output.contains(/^Rome\t[OBI][^\t\n]*\t[01]\.\d{4}\n\.\t/), "\(added.output)")
      expectRefusal(
        try RunCommand("tag", folder("names"), folder("w.conll"), "--label-column", "2"), exitCode: 65,
        saying: ["w.conll:1", "column"])
      // Where lines differ there is no place for one more column.
      try folder.write("uneven.conll", "Rome\tO\n.\n")
      expectRefusal(
        try RunCommand("tag", folder("names"), folder("uneven.conll")), exitCode: 65,
        saying: ["uneven.conll:2: 1 column", "expected 2 as in line 1"])
    }
  }

  /// An empty pipe has nothing to tag; an empty file that is named is a mistake.
  @Test func nothingToTag() throws {
    try Self.with { folder in
      for more in [[], ["--format", "conll"], ["--json"]] {
        let piped = try RunCommand(["tag", folder("names"), "-"] + more, input: more.isEmpty ? "" : "\n\n")
        #expect(piped.exitCode == 0 && piped.output == "" && piped.log == "", "\(piped.log)")
      }
      for name in ["empty.txt", "empty.conll"] {
        try folder.write(name, "")
        expectRefusal(try RunCommand("tag", folder("names"), folder(name)), exitCode: 65, saying: [name])
      }
    }
  }

  @Test func evaluating() throws {
    try Self.with { folder in
      let run = try RunCommand("evaluate", folder("names"), folder("english.conll"), "--json")
      let evaluation = try #require(try run.json["evaluation"] as? [String: Any])
      #expect(evaluation["sentences"] as? Int == 50 && evaluation["entities"] is [String: Any])
      // Another column's tags are not the tagger's.
      expectRefusal(
        try RunCommand("evaluate", folder("names"), folder("english.conll"), "--label-column", "3"),
        exitCode: 65,
        saying: ["english.conll:1:", "PROPN"])
      try folder.write("new.conll", "Rome\tB-LOC\nRome\tB-SHIP\n")
      expectRefusal(
        try RunCommand("evaluate", folder("names"), folder("new.conll")), exitCode: 65,
        saying: ["new.conll:2:6", "B-SHIP", "B-LOC"])
      expectRefusal(
        try RunCommand("evaluate", folder("names"), folder("english.conll"), "--rows", "all"), exitCode: 64,
        saying: ["--rows", "tagger"])
    }
  }

  @Test func resumingAFinishedRun() throws {
    try Self.with { folder in
      let arguments =
        ["train", "tag", folder("english.conll"), "--label-column", "2", "-o", folder("names")] + Self.tiny
      let again = try RunCommand(arguments + ["--resume"])
      #expect(again.exitCode == 0 && again.log.contains("nothing to resume"), "\(again.log)")
      expectRefusal(try RunCommand(arguments + ["-q"]), exitCode: 73, saying: ["names"])
      let other = try RunCommand(arguments + ["--resume", "--dropout", "0.1", "-q"])
      expectRefusal(
        other, exitCode: 64, saying: ["other settings", "configuration.dropout was ", " and is now 0.1"])
    }
  }

  @Test func whatIsWrongIsNamed() throws {
    try Self.with { folder in
      func train(_ text: String, _ more: [String] = []) throws -> RunCommand {
        try folder.write("t.conll", text)
        return try RunCommand(
          ["train", "tag", folder("t.conll"), "-o", folder("new"), "-q"] + Self.tiny + more)
      }
      expectRefusal(try train(""), exitCode: 65, saying: ["t.conll"])
      expectRefusal(try train("a\nb\n"), exitCode: 65, saying: ["t.conll:1", "2"])
      expectRefusal(
        try train("a\tB-X\nb\tI-Y\nc\tO\n", ["--scheme", "bio"]), exitCode: 65,
        saying: ["t.conll:2:3", "I-Y", "after"])
      // Prose has no columns.
      expectRefusal(
        try train("It rained all night .\nNobody came .\n"), exitCode: 65,
        saying: ["t.conll:2: 3 columns", "expected 5 as in line 1", "--label-column"])
      expectRefusal(
        try train("a\tX\nb\tY\n", ["--choose-by", "figure", "--validation-share", "0"]), exitCode: 64,
        saying: ["--choose-by"])
      expectRefusal(
        try train("a\tB-X\nb\tO\n\nc\tI-X\n\nd\tO\n"), exitCode: 65, saying: ["t.conll:4:3", "scheme"])
      expectRefusal(
        try train("a\tX\n", ["--token-column", "forms"]), exitCode: 64, saying: ["--token-column", "form"])
      expectRefusal(
        try train("a\tX\n", ["--test", folder("none.conll")]), exitCode: 66, saying: ["none.conll"])
      expectRefusal(
        try RunCommand(
          "train", "tag", folder("t.conll"), "-o", folder("new"), "--character-units", "0", "--longest-word",
          "9"),
        exitCode: 64,
        saying: ["--longest-word"])
      expectRefusal(
        try RunCommand("tag", folder("none"), "-"), exitCode: 66, saying: ["none", "train tag"])
      expectRefusal(
        try RunCommand("tag", folder("names"), folder("none.txt")), exitCode: 66, saying: ["none.txt"])
      expectRefusal(
        try RunCommand("tag", folder("names"), "-", "--label-column", "2", input: "a\n"), exitCode: 64,
        saying: ["--label-column"])
      expectRefusal(
        try RunCommand(["tag", folder("names"), "-"], bytes: Data([0x61, 0x0A, 0xFF, 0x0A])), exitCode: 65,
        saying: [":2:", "UTF-8"])
      // A forecaster is no tagger.
      let other = try folder.train()
      #expect(other.exitCode == 0)
      expectRefusal(
        try RunCommand("tag", folder("model"), "-"), exitCode: 65,
        saying: ["the folder of a forecaster", "that of a tagger"])
      let mended = try train(
        "a\tB-X\nb\tI-Y\nc\tO\n", ["--repair", "--test-share", "0", "--validation-share", "0"])
      #expect(mended.exitCode == 0, "\(mended.log)")
    }
  }
}
