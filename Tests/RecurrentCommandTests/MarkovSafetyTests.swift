import Foundation
import RecurrentInterchange
import Testing

/// `recurrent hmm` on what somebody did not mean: outputs in an input's place, columns of the wrong kind, files of other programs.
@Suite struct MarkovSafetyTests {
  private static let rolls = "1661324\n66612345\n1234563\n666661\n"

  @discardableResult
  private static func hmm(_ arguments: String..., input: String = "") throws -> RunCommand {
    try RunCommand(["hmm"] + arguments, input: input)
  }

  private static func with(_ body: (CommandFolder) throws -> Void) throws {
    try CommandFolder.with { folder in
      try folder.write("rolls.txt", rolls)
      let run = try hmm("fit", folder("rolls.txt"), "--unit", "characters", "-o", folder("m.json"), "-q")
      #expect(run.exitCode == 0, "\(run.log)")
      try body(folder)
    }
  }

  // MARK: - Outputs

  @Test func theInputIsNoOutput() throws {
    try Self.with { folder in
      let link = folder("link.safetensors")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder("m.json"))
      try folder.write("t.conll", "Dogs\tNOUN\nrun\tVERB\n")
      let before = try folder.contents()
      let cases: [([String], String)] = [
        (["fit", folder("rolls.txt"), "-o", folder("rolls.txt")], "with -o"),
        (["fit", folder("rolls.txt"), "--from", folder("m.json"), "-o", folder("rolls.txt")], "with -o"),
        (
          [
            "fit", folder("t.conll"), "--supervised", "--token-column", "1", "--label-column", "2", "-o",
            folder("t.conll"),
          ],
          "with -o"
        ),
        (["show", folder("m.json"), "--svg", folder("m.json")], "with --svg"),
        (["convert", folder("m.json"), "-o", link], "with -o"),
      ]
      for (arguments, remedy) in cases {
        expectRefusal(
          try RunCommand(["hmm"] + arguments + ["--overwrite"]), exitCode: 73,
          saying: ["is the input", "choose another path \(remedy)"])
      }
      #expect(try folder.contents() == before)
      // A model may take its own place.
      let again = try Self.hmm(
        "fit", folder("rolls.txt"), "--from", folder("m.json"), "-o", folder("m.json"), "--overwrite", "-q")
      #expect(again.exitCode == 0, "\(again.log)")
    }
  }

  /// Before the input is read: nobody waits for a pipe to end to hear that the model has no place.
  @Test func theOutputComesFirst() throws {
    try Self.with { folder in
      for more in [[], ["--supervised", "--format", "conll"]] {
        expectRefusal(
          try RunCommand(["hmm", "fit", folder("none.txt"), "-o", folder("m.json")] + more), exitCode: 73,
          saying: ["m.json: cannot create: it exists"])
      }
    }
  }

  // MARK: - Columns

  @Test func columnsOfLabels() throws {
    try Self.with { folder in
      try folder.write("t.conll", "1\tDogs\tNOUN\n2\trun\tVERB\n")
      expectRefusal(
        try Self.hmm("fit", folder("t.conll"), "--supervised", "--label-column", "2", "-o", folder("t.json")),
        exitCode: 64, saying: ["'--token-column' and '--label-column' are both 2"])
      try folder.write("long.conll", (0...1000).map { "\($0)\tw\($0)\tX\n" }.joined())
      expectRefusal(
        try Self.hmm(
          "fit", folder("long.conll"), "--supervised", "--token-column", "3", "--label-column", "2", "-o",
          folder("t.json")), exitCode: 65,
        saying: ["long.conll: column 2 has 1001 different labels in 1001 words, expected at most 1000"])
      #expect(!folder.exists("t.json"))
      let fit = try Self.hmm(
        "fit", folder("t.conll"), "--supervised", "--label-column", "3", "-o", folder("t.json"))
      #expect(fit.exitCode == 0 && fit.output.hasPrefix("1 sentence, 2 words, 2 tags: NOUN VERB\n"))
      // What these verbs do not look at is no option of theirs.
      for verb in ["decode", "posterior", "predict"] {
        expectRefusal(
          try Self.hmm(verb, folder("t.json"), folder("t.conll"), "--label-column", "3"), exitCode: 64,
          saying: ["--label-column"])
      }
      expectRefusal(
        try Self.hmm("score", folder("m.json"), folder("t.conll"), "--label-column", "3"), exitCode: 64,
        saying: ["'--label-column' has no meaning", "no tagger"])
    }
  }

  @Test func columnsInAnotherOrder() throws {
    try Self.with { folder in
      try folder.write(
        "g.json",
        """
        {"format": "recurrent.hmm/1", "emission": "poisson", "states": ["a"], "columns": ["x", "y"], "initial": [1],
         "transition": [[1]], "rates": [[1, 2]]}
        """)
      try folder.write("a.csv", "x,y\n1,2\n2,3\n")
      let other = try Self.hmm("score", folder("g.json"), folder("a.csv"), "--columns", "y,x")
      #expect(other.exitCode == 0 && other.log.contains("y,x in another order than the model, which has x,y"))
      #expect(try Self.hmm("score", folder("g.json"), folder("a.csv"), "--columns", "x,y").log == "")
    }
  }

  // MARK: - Learning

  /// More parameters than observations; events and the reason of the end as values; words for one thing.
  @Test func reportOfAFit() throws {
    try Self.with { folder in
      let large = try Self.hmm(
        "fit", "-", "--unit", "characters", "--states", "4", "--steps", "1", "--starts", "1", "-o",
        folder("l.json"), "-q", input: "123456\n")
      #expect(
        large.exitCode == 0 && large.log.contains("35 free parameters for 6 observations"), "\(large.log)")
      #expect(
        large.output.contains("1 sequence, 6 steps; all steps made after 1 step of the best of 1 start\n"))
      // Of the third state nothing is left, since it shows what never comes.
      try folder.write(
        "dead.json",
        """
        {"format": "recurrent.hmm/1", "emission": "categorical", "states": ["a", "b", "c"], "unit": "characters",
         "initial": [0.5, 0.4, 0.1], "transition": [[0.5, 0.4, 0.1], [0.4, 0.5, 0.1], [0.3, 0.3, 0.4]],
         "symbols": ["1", "2", "3"], "probabilities": [[0.7, 0.3, 0], [0.2, 0.8, 0], [0, 0, 1]]}
        """)
      let run = try Self.hmm(
        "fit", "-", "--from", folder("dead.json"), "--steps", "1", "-o", folder("o.json"), "--json",
        input: String(repeating: "11111112222222", count: 5) + "\n")
      let document = try run.json
      #expect(run.exitCode == 0 && document["stop_reason"] as? String != "", "\(run.log)")
      let events = try #require(document["events"] as? [[String: Any]])
      #expect(events.map { $0["event"] as? String } == ["rescued"] && events[0]["state"] as? Int == 3)
    }
  }

  // MARK: - Files of other programs

  @Test func arraysOfPython() throws {
    try Self.with { folder in
      let convert = try Self.hmm("convert", folder("m.json"), "-o", folder("m.safetensors"))
      #expect(convert.exitCode == 0, "\(convert.log)")
      for arguments in [["show"], ["score", folder("rolls.txt")], ["decode", folder("rolls.txt")]] {
        expectRefusal(
          try RunCommand(["hmm", arguments[0], folder("m.safetensors")] + arguments.dropFirst()),
          exitCode: 65,
          saying: ["m.safetensors: found arrays of safetensors", "recurrent hmm convert"])
      }
      let files: [(String, Data, String)] = [
        ("a.npz", Data("PK\u{3}\u{4}rest".utf8), "archive of numpy"),
        ("a.npy", Data([0x93] + Array("NUMPY\u{1}".utf8)), "archive of numpy"),
        ("a.pkl", Data([0x80, 4, 0x95]), "pickled"),
        ("cut.safetensors", try folder.bytes("m.safetensors").prefix(100), "cut.safetensors"),
        ("short.safetensors", Data([1, 2, 3]), "short.safetensors"),
      ]
      for (name, bytes, says) in files {
        try bytes.write(to: URL(fileURLWithPath: folder(name)))
        expectRefusal(
          try Self.hmm("convert", folder(name), "-o", folder("o.json")), exitCode: 65,
          saying: ["\(name): ", says])
        expectRefusal(try Self.hmm("show", folder(name)), exitCode: 65, saying: ["\(name)"])
      }
      #expect(!folder.exists("o.json"))
    }
  }
}
