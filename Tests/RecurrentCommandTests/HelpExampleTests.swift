import Foundation
import RecurrentCommand
import RecurrentCore
import Testing

/// The examples on the help pages, run as they stand, in the order of the pages, in a folder with the files that they name.
@Suite struct HelpExampleTests {
  /// Minutes of work, and data that are not bundled: these are read by the parser only, in `CommandLineToolTests`.
  private static let long: Set = [
    "recurrent bench",
    "recurrent gradcheck --all --cell lstm --threads 2",
    "recurrent train lm book.txt -o book.model",
    "recurrent train lm book.txt --unit words --minimum-count 2 --embedding 128 --tie-weights --hidden 128 --dropout 0.3 --batch 8 --steps 32 -o words.model",
    "recurrent train lm book.txt --fold letters --hidden 256+256 -o leak.model",
    "recurrent reproduce ai-edu-19.6 --data PRSA_data_2010.1.1-2014.12.31.csv --figures figures",
  ]

  @Test func allRun() throws {
    try CommandFolder.with { folder in
      let weather = CommandFolder.series(rows: 300).replacing("level", with: "temperature")
      for name in ["weather.csv", "next-year.csv", "today.csv"] { try folder.write(name, weather) }
      try folder.write("load.csv", try Self.load())
      for name in ["story-english.txt", "story-chinese.txt"] {
        try folder.write(name, try CommandFolder.example("text/\(name)"))
      }
      try folder.write("rolls.txt", "1661324\n66612345\n1234563\n666661\n")
      try folder.write("sentiment.tsv", try Self.sentiment())
      try folder.write("texts.txt", "a lovely day\nan awful soup\n")
      try folder.write(
        "reviews.csv",
        "review,stars\n"
          + (0..<40).map { "film number \($0) was \($0 % 2 == 0 ? "fine" : "dull"),\($0 % 2)\n" }.joined())
      for name in ["vowels.ts", "other-vowels.ts"] {
        try folder.write(
          name,
          "@classLabel true a o\n@data\n"
            + (0..<20).map { "\($0),\($0 % 2),1:\($0 % 2 == 0 ? "a" : "o")\n" }.joined())
      }
      for name in ["train.conllu", "test.conllu"] {
        try folder.write(
          name, "1\tIt\tit\tPRON\n2\trains\train\tVERB\n\n1\tRain\train\tNOUN\n2\tfell\tfall\tVERB\n")
      }
      for name in ["book.txt", "other.txt"] {
        try folder.write(
          name, String(repeating: try CommandFolder.example("text/story-english.txt"), count: 2))
      }
      for name in ["tagged-english.conll", "tagged-chinese.conll"] {
        try folder.write(name, try CommandFolder.example("text/\(name)"))
      }
      try folder.write("chorales.json", MusicVerbTests.pieces)
      // In place of one that takes minutes.
      try run("recurrent train lm book.txt --hidden 16 --epochs 2 -q -o book.model", in: folder)
      var count = 0
      for verb in CommandLineTool.recurrent.verbs {
        for example in verb.definition.examples where !Self.long.contains(example.command) {
          try run(example.command, in: folder)
          count += 1
        }
      }
      #expect(count > 12)
      for name in ["weather.model/model.safetensors", "load.model/report.html", "next.csv"] {
        #expect(folder.exists(name), "\(name)")
      }
    }
  }

  /// The labelled sentences that are bundled.
  private static func sentiment() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("Examples/text/sentiment.tsv"), encoding: .utf8)
  }

  /// A load with a holiday that is known ahead.
  private static func load() throws -> String {
    let lines = CommandFolder.series(rows: 300).split(separator: "\n")
    return lines.enumerated().map { row, line in
      let parts = line.split(separator: ",")
      return row == 0 ? "time,load,holiday\n" : "\(parts[0]),\(parts[1]),\(row % 7 == 0 ? 1 : 0)\n"
    }.joined()
  }

  private func run(_ line: String, in folder: CommandFolder) throws {
    // A shell, since examples have pipes and variables.
    let folders = RunCommand.executable.deletingLastPathComponent().path + ":/usr/bin:/bin"
    let process = RunCommand.process(["-c", line], environment: ["PATH": folders])
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.currentDirectoryURL = folder.url
    let log = folder.url.appendingPathComponent("log")
    try Data().write(to: log)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: log)
    try process.run()
    #expect(RunCommand.wait(for: process))
    // A planted fault is found, which is the answer no; and not every processor has the level of the example.
    let expected: Int32 =
      if line.contains("--fault") {
        1
      } else if line.contains("RECURRENT_KERNELS=avx2") && !KernelLevel.avx2.isAvailable {
        78
      } else {
        0
      }
    let said = try folder.text("log")
    #expect(process.terminationStatus == expected, "\(line): \(said)")
  }
}
