import Foundation
import Testing

/// `convert tags`: schemes by their names, and every other byte as it was.
@Suite struct ConvertTagsTests {
  private static let iob1 =
    "# a remark\nAnna  I-PER  x \r\nWeber I-PER y\r\nRome B-PER z\r\n, O ,\r\nOslo I-LOC \"\r\n\r\n\nHe O q"
  private static let bio =
    "# a remark\nAnna  B-PER  x \r\nWeber I-PER y\r\nRome B-PER z\r\n, O ,\r\nOslo B-LOC \"\r\n\r\n\nHe O q"
  private static let bioes =
    "# a remark\nAnna  B-PER  x \r\nWeber E-PER y\r\nRome S-PER z\r\n, O ,\r\nOslo S-LOC \"\r\n\r\n\nHe O q"

  @Test func everySchemeFromEveryOther() throws {
    try CommandFolder.with { folder in
      let texts = ["iob1": Self.iob1, "bio": Self.bio, "bioes": Self.bioes]
      for (from, text) in texts {
        try folder.write("\(from).conll", text)
        for (to, expected) in texts {
          let told = ["--from", from, "--to", to, "--label-column", "2"]
          for more in [told, Array(told.dropFirst(2))] {
            let run = try RunCommand(["convert", "tags", folder("\(from).conll")] + more)
            #expect(run.exitCode == 0 && run.output == expected, "\(from) \(to) \(run.log)")
            #expect(run.log.contains("from \(from) to \(to)"))
          }
        }
      }
      let piped = try RunCommand(
        ["convert", "tags", "-", "--to", "bioes", "--label-column", "2", "-o", folder("out.conll"), "-q"],
        input: Self.bio)
      #expect(piped.exitCode == 0 && piped.output == "" && piped.log == "")
      #expect(try folder.text("out.conll") == Self.bioes)
    }
  }

  @Test func whatIsWrongIsNamed() throws {
    try CommandFolder.with { folder in
      func refused(
        _ text: String, _ arguments: [String], _ exitCode: Int32, _ texts: [String]
      ) throws {
        try folder.write("t.conll", text)
        expectRefusal(
          try RunCommand(["convert", "tags", folder("t.conll"), "-q"] + arguments), exitCode: exitCode,
          saying: texts)
      }
      try refused("a B-X\nb I-Y\n", ["--to", "bioes", "--from", "bio"], 65, ["t.conll:2:3", "I-Y"])
      try refused("a B-X\nb NOUN\n", ["--to", "bioes"], 65, ["t.conll:2:3", "NOUN"])
      try refused("a B-X\nb c I-X\n", ["--to", "bioes"], 65, ["t.conll:2: 3 columns", "--label-column"])
      try refused("a B-X\n", ["--to", "bilou"], 64, ["--to", "bioes"])
      try refused("a B-X\n", [], 64, ["--to"])
      try refused("", ["--to", "bio"], 65, ["t.conll"])
      try refused("a B-X\n", ["--to", "bio", "-o", folder("t.conll")], 73, ["is the input"])
      try refused("a B-X\n", ["--to", "bio", "--overwrite"], 64, ["--overwrite"])
      let mended = try RunCommand(
        ["convert", "tags", "-", "--to", "bio", "--repair"], input: "a B-X\nb I-Y\n\nc I-X\n")
      #expect(mended.output == "a B-X\nb B-Y\n\nc B-X\n", "\(mended.log)")
    }
  }
}
