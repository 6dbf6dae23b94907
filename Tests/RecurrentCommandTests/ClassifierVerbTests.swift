import Foundation
import RecurrentCommand
import Testing

/// `train classify`, `classify` and `evaluate` of a classifier, as they are typed.
@Suite struct ClassifierVerbTests {
  static let table = (0..<40).map { row in
    row % 2 == 0 ? "good\tnice \(row) day\n" : "bad\tawful \(row) day\n"
  }.joined()

  static let tiny = ["--hidden", "3+3", "--embedding", "4", "--epochs", "2", "--batch", "8", "-q"]

  /// A folder with a classifier of texts in `model`.
  private static func withModel(_ body: (CommandFolder) throws -> Void) throws {
    try CommandFolder.with { folder in
      try folder.write("texts.tsv", table)
      let run = try RunCommand(["train", "classify", folder("texts.tsv"), "-o", folder("model")] + tiny)
      #expect(run.exitCode == 0, "\(run.log)")
      #expect(run.output.contains("macro-F1") && run.output.contains("most frequent class"))
      try body(folder)
    }
  }

  @Test func aTextALineInEveryForm() throws {
    try Self.withModel { folder in
      try folder.write("lines.txt", "nice day\r\n\nawful")
      let lines = try RunCommand("classify", folder("model"), folder("lines.txt"))
      #expect(lines.exitCode == 0, "\(lines.log)")
      let rows = lines.output.split(separator: "\n")
      #expect(rows.count == 3 && rows.allSatisfy { $0.split(separator: "\t").count == 2 })
      let piped = try RunCommand(["classify", folder("model"), "-"], input: "nice day\r\n\nawful")
      #expect(piped.output == lines.output)
      let one = try RunCommand("classify", folder("model"), "--text", "nice day")
      #expect(one.output == rows[0] + "\n")
      let table = try RunCommand("classify", folder("model"), folder("texts.tsv"), "--text-column", "2")
      #expect(table.output.split(separator: "\n").count == 40)
      let all = try RunCommand("classify", folder("model"), folder("lines.txt"), "--probabilities")
      #expect(all.output.hasPrefix("label\tprobability\tbad\tgood\n"))
      let json = try RunCommand("classify", folder("model"), "--text", "x", "--json", "--probabilities")
      let object = try json.json
      let shares = try #require(object["probabilities"] as? [String: Double])
      #expect(abs(shares.values.reduce(-1, +)) < 1e-9 && object["number"] as? Int == 1)
      #expect(object["schema"] as? String == "recurrent.classify/1")
    }
  }

  /// Lines of a pipe are answered while its writer still writes.
  @Test func aPipeIsAnsweredAtOnce() throws {
    try Self.withModel { folder in
      let process = RunCommand.process(["classify", folder("model"), "-"])
      let (input, output) = (Pipe(), Pipe())
      (process.standardInput, process.standardOutput) = (input, output)
      process.standardError = FileHandle.nullDevice
      try process.run()
      for text in ["nice\n", "awful\n"] {
        input.fileHandleForWriting.write(Data(text.utf8))
        var line = Data()
        while line.last != UInt8(ascii: "\n") { line += output.fileHandleForReading.availableData }
        #expect(String(decoding: line, as: UTF8.self).contains("\t"))
      }
      try input.fileHandleForWriting.close()
      #expect(RunCommand.wait(for: process) && process.terminationStatus == 0)
    }
  }

  @Test func evaluatesAndWarns() throws {
    try Self.withModel { folder in
      let same = try RunCommand("evaluate", folder("model"), folder("texts.tsv"))
      #expect(same.exitCode == 0 && same.log.contains("figures flatter"), "\(same.log)")
      try folder.write("other.csv", "word,mood\nnice,good\nawful,bad\n")
      let other = try RunCommand(
        "evaluate", folder("model"), folder("other.csv"), "--text-column", "word", "--label-column", "mood",
        "--baselines-from", folder("other.csv"), "--json")
      #expect(other.exitCode == 0 && other.log == "", "\(other.log)")
      let evaluation = try #require(try other.json["evaluation"] as? [String: Any])
      #expect((evaluation["baselines"] as? [Any])?.count == 3 && evaluation["examples"] as? Int == 2)
    }
  }

  @Test func seriesAndFolders() throws {
    try CommandFolder.with { folder in
      let lines = (0..<30).map { "\($0 % 2),\($0 % 2 + 1),3:\($0 % 2 == 0 ? "x" : "y")\n" }.joined()
      try folder.write("series.ts", "@classLabel true x y\n@data\n" + lines)
      let run = try RunCommand(
        "train", "classify", folder("series.ts"), "-o", folder("model"), "--hidden", "3", "--epochs", "2",
        "--test", folder("series.ts"), "-q")
      #expect(run.exitCode == 0, "\(run.log)")
      let answers = try RunCommand("classify", folder("model"), folder("series.ts"))
      #expect(answers.output.split(separator: "\n").count == 30)
      // Labels that the header does not have, and none at all.
      for (header, label) in [("@classLabel true z", ":?"), ("@classLabel false", "")] {
        let unlabelled = (0..<30).map { "\($0 % 2),\($0 % 2 + 1),3\(label)\n" }.joined()
        try folder.write("plain.ts", "\(header)\n@data\n" + unlabelled)
        #expect(try RunCommand("classify", folder("model"), folder("plain.ts")).output == answers.output)
      }
      try folder.write("few.tsv", "a\tone\nb\ttwo\na\tone\n")
      expectRefusal(
        try RunCommand("train", "classify", folder("few.tsv"), "-o", folder("few"), "-q"), exitCode: 65,
        saying: ["few.tsv: found 2 examples", "--test-share"])
      expectRefusal(
        try RunCommand("classify", folder("model"), "--text", "x"), exitCode: 65,
        saying: ["found a text, expected series", ".ts"])
      for name in ["x", "y"] {
        let path = folder("classes/\(name)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for number in 0..<8 { try folder.write("classes/\(name)/\(number).txt", "\(name) \(number)") }
      }
      let texts = try RunCommand(
        ["train", "classify", folder("classes"), "-o", folder("texts")] + Self.tiny)
      #expect(texts.exitCode == 0, "\(texts.log)")
      expectRefusal(
        try RunCommand("classify", folder("texts"), folder("series.ts")), exitCode: 65,
        saying: ["found series, expected texts"])
      expectRefusal(
        try RunCommand(["train", "classify", folder("classes"), "--label-column", "2", "-o", folder("n")]),
        exitCode: 64, saying: ["--label-column", "no table"])
    }
  }

  @Test func whatIsWrongIsSaid() throws {
    try Self.withModel { folder in
      try folder.write("empty.txt", "")
      try folder.write("strange.tsv", "god\tnice\n")
      try folder.write("short.tsv", "good\tnice\nalone\n")
      try folder.write("named.csv", "mood,word\ngood,nice\n")
      try Data([0x66, 0xFF, 0x0A]).write(to: URL(fileURLWithPath: folder("latin.txt")))
      let model = folder("model")
      func refused(_ arguments: [String], _ code: Int32, _ texts: String...) throws {
        expectRefusal(try RunCommand(arguments), exitCode: code, saying: texts)
      }
      try refused(["evaluate", model, folder("strange.tsv")], 65, "strange.tsv:1", "did you mean \"good\"?")
      try refused(["evaluate", model, folder("short.tsv")], 65, "short.tsv:2")
      try refused(["evaluate", model, folder("texts.tsv"), "--rows", "all"], 64, "--rows")
      try refused(["evaluate", model, folder("none.tsv")], 66, "none.tsv")
      try refused(["classify", model, folder("empty.txt")], 65, "empty.txt", "a text a line")
      let nothing = try RunCommand("classify", model, "-")
      #expect(nothing.exitCode == 0 && nothing.output == "" && nothing.log == "")
      try refused(["classify", model, folder("none.txt")], 66, "none.txt")
      try refused(["classify", model, folder("latin.txt")], 65, "latin.txt:1", "--encoding latin1")
      try refused(["classify", model, folder("")], 66, "is a folder")
      try refused(["classify", model], 64, "nothing to classify")
      try refused(["classify", model, folder("latin.txt"), "--text", "x"], 64, "exclude each other")
      try refused(["classify", model, folder("latin.txt"), "--delimiter", "comma"], 64, "--text-column")
      try refused(["classify", folder("no.model"), folder("latin.txt")], 66, "no.model", "train classify")
      let train = ["train", "classify"]
      let out = ["-o", folder("new")]
      try refused(train + [folder("none.tsv")] + out, 66, "none.tsv")
      try refused(train + [folder("empty.txt")] + out, 65, "empty.txt")
      try refused(train + [folder("named.csv"), "--text-column", "wrod"] + out, 64, "word")
      try refused(
        train + [folder("texts.tsv"), "--embedding", "0", "--word-dropout", "0.2"] + out, 64, "--word-dropout"
      )
      try refused(train + [folder("texts.tsv"), "--hidden", "3+3", "--merge", "sum"] + out, 65, "--pooling")
      try refused(train + [folder("texts.tsv"), "--test", folder("strange.tsv")] + out, 65, "strange.tsv:1")
      try refused(
        train + [folder("texts.tsv"), "--test", folder("texts.tsv"), "--test-share", "0.2"] + out, 64,
        "exclude each other")
      #expect(!folder.exists("new"))
    }
  }

  /// A killed run goes on, and another number of threads, to the same bytes.
  @Test func aRunIsRepeatedToTheByte() throws {
    try Self.withModel { folder in
      let again = try RunCommand(
        ["train", "classify", folder("texts.tsv"), "-o", folder("again"), "--threads", "2"] + Self.tiny)
      #expect(again.exitCode == 0)
      #expect(try folder.bytes("again/model.safetensors") == folder.bytes("model/model.safetensors"))
    }
  }

  /// Names of columns that nobody declared would be a class of one example.
  @Test func aFirstLineThatNamesColumnsIsToldOf() throws {
    try CommandFolder.with { folder in
      try folder.write("named.tsv", "mood\twords\n" + Self.table)
      func train(_ more: String...) throws -> RunCommand {
        try RunCommand(
          ["train", "classify", folder("named.tsv"), "-o", folder("model"), "--overwrite"] + Self.tiny + more)
      }
      let warned = try train()
      #expect(warned.exitCode == 0 && warned.log.contains("named.tsv:1: the label 'mood'"), "\(warned.log)")
      #expect(warned.log.contains("--header yes"))
      let told = try train("--header", "yes")
      #expect(told.exitCode == 0 && told.log == "" && !told.output.contains("mood"), "\(told.log)")
      #expect(try train("--header", "no").log == "")
    }
  }
}
