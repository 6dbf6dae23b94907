import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The verbs of `recurrent hmm` where something is not there: cells, words, an end, states, or the time to finish.
@Suite struct MarkovMissingTests {
  @discardableResult
  private static func hmm(_ arguments: String..., input: String = "") throws -> RunCommand {
    try RunCommand(["hmm"] + arguments, input: input)
  }

  private static func done(_ run: RunCommand) -> RunCommand {
    #expect(run.exitCode == 0, "\(run.log)")
    return run
  }

  /// "a" must be followed by "b", and only "b" ends a sequence, for certain.
  private static let ending = """
    {"format": "recurrent.hmm/1", "emission": "categorical", "states": ["a", "b"], "unit": "characters",
     "initial": [1, 0], "transition": [[0.5, 0.5], [0, 0]], "final": [0, 1], "symbols": ["a", "b"],
     "probabilities": [[1, 0], [0, 1]]}
    """

  // MARK: - Ends

  @Test func nothingGoesOn() throws {
    try CommandFolder.with { folder in
      try folder.write("m.json", Self.ending)
      let run = Self.done(try Self.hmm("predict", folder("m.json"), "-", input: "aab\na\n"))
      #expect(run.output.contains("after sequence 1: nothing, since under the model it cannot go on"))
      #expect(run.output.contains("after sequence 2") && run.output.contains("state b"))
      let json = Self.done(try Self.hmm("predict", folder("m.json"), "-", "--json", input: "aab\na\n"))
      let sequences = try #require(try json.json["sequences"] as? [[String: Any]])
      #expect(sequences[0]["states"] is NSNull && sequences[0]["next"] is NSNull)
      #expect((sequences[1]["next"] as? [String: Double]) == ["a": 0.5, "b": 0.5])
    }
  }

  // MARK: - Cells and words

  /// 01, 1 and 1.0 are three symbols, 2^53 and its neighbour two, and days 01 and 1 two sequences.
  @Test func symbolsAsTheyAreSpelt() throws {
    try CommandFolder.with { folder in
      let cells = ["01", "1", "1.0", "9007199254740992", "9007199254740993", "099"]
      let days = ["01", "01", "01", "1", "1", "1"]
      try folder.write("s.csv", "day,s\n" + zip(days, cells).map { "\($0),\($1)\n" }.joined())
      let model = folder("m.json")
      let fit = Self.done(
        try Self.hmm(
          "fit", folder("s.csv"), "--columns", "s", "--sequence", "day", "--missing-symbol", "099",
          "--states", "1", "--json", "-o", model, "-q"))
      #expect(try fit.json["sequences"] as? Int == 2 && fit.json["observed_steps"] as? Int == 5)
      #expect(
        try folder.text("m.json").contains(
          "[\"01\", \"1\", \"1.0\", \"9007199254740992\", \"9007199254740993\"]"))
      let score = Self.done(
        try Self.hmm("score", model, folder("s.csv"), "--missing-symbol", "099", "--json"))
      // Five symbols, each once: log(1/5) for each that is there.
      let found = try #require(try score.json["log_likelihood"] as? Double)
      #expect(abs(found - 5 * log(0.2)) < 1e-12)
      #expect(try score.json["steps"] as? Int == 6)
      let table = Self.done(try Self.hmm("score", model, folder("s.csv"), "--missing-symbol", "099"))
      #expect(table.output.contains("-1.609437912\n") && table.output.contains("     2      3"))
      // A model that was told of a column that is not there still reads.
      try folder.write("other.csv", "s\n01\n1\n")
      let other = Self.done(try Self.hmm("score", model, folder("other.csv")))
      #expect(other.log.contains("there is no column \"day\""))
      expectRefusal(
        try Self.hmm("score", model, folder("other.csv"), "--sequence", "dya"), exitCode: 64,
        saying: ["there is no column \"dya\""])
    }
  }

  @Test func partialRowsAreTold() throws {
    try CommandFolder.with { folder in
      let rows = (0..<30).map { "\($0 % 7),\($0 == 3 || $0 == 9 ? "" : "\($0 / 5 % 2 * 9 + $0 % 2)")\n" }
      try folder.write("c.csv", "x,y\n" + rows.joined() + ",\n")
      let (model, said) = (folder("m.json"), "2 rows have an empty cell beside numbers")
      let fit = Self.done(
        try Self.hmm(
          "fit", folder("c.csv"), "--emission", "gaussian", "--columns", "x,y", "-o", model, "--progress",
          "none"))
      #expect(fit.log.contains(said) && fit.output.contains("31 steps, 3 of them missing;"))
      #expect(Self.done(try Self.hmm("score", model, folder("c.csv"))).log.contains(said))
      #expect(Self.done(try Self.hmm("score", model, folder("c.csv"), "-q")).log == "")
    }
  }

  /// A missing word is no unknown word.
  @Test func missingWordsOfATagger() throws {
    try CommandFolder.with { folder in
      try folder.write("t.conll", "the\tD\ndog\tN\nruns\tV\n\na\tD\ncat\tN\nsits\tV\n")
      _ = Self.done(
        try Self.hmm(
          "fit", folder("t.conll"), "--supervised", "--token-column", "1", "--label-column", "2", "-o",
          folder("t.json")))
      try folder.write("gap.conll", "the\tD\n?\tN\nzzz\tV\n")
      let options = ["--token-column", "1", "--missing-symbol", "?"]
      let decode = Self.done(
        try RunCommand(["hmm", "decode", folder("t.json"), folder("gap.conll")] + options))
      #expect(decode.output == "D N V\n")
      let score = Self.done(
        try RunCommand(
          ["hmm", "score", folder("t.json"), folder("gap.conll"), "--label-column", "2", "--json"] + options))
      func words(_ kind: String) throws -> Int? {
        (try score.json[kind + "_words"] as? [String: Any])?["words"] as? Int
      }
      #expect(try words("all") == 3 && words("known") == 1 && words("unknown") == 1 && words("missing") == 1)
    }
  }

  // MARK: - Samples

  /// A sample is read by the model that made it, whatever its columns are called.
  @Test func samplesAreReadBack() throws {
    try CommandFolder.with { folder in
      func model(_ columns: String, _ more: String = "") -> String {
        """
        {"format": "recurrent.hmm/1", "emission": "poisson", "states": ["a"], "columns": \(columns), "initial": [1],
         "transition": [[1]], "rates": [[2, 3]]\(more)}
        """
      }
      for (columns, more, header) in [
        ("[\"n\", \"m\"]", ", \"sequence\": \"day\"", "day,n,m,state"),
        ("[\"sequence\", \"state\"]", "", "sequence_2,sequence,state,state_2"),
        ("[\"sequence\", \"state\"]", ", \"sequence\": \"state_2\"", "state_2,sequence,state,state_3"),
      ] {
        try folder.write("m.json", model(columns, more))
        let sample = Self.done(
          try Self.hmm("sample", folder("m.json"), "--sequences", "3", "--steps", "4", "--with-states"))
        #expect(sample.output.hasPrefix(header + "\n"), "\(sample.output)")
        try folder.write("s.csv", sample.output)
        let score = Self.done(try Self.hmm("score", folder("m.json"), folder("s.csv"), "--json"))
        let sequences = try #require(try score.json["sequences"] as? [[String: Any]])
        #expect(sequences.count == (more.isEmpty ? 1 : 3) && score.log == "", "\(score.log)")
      }
    }
  }

  // MARK: - Learning

  /// What was held out and cannot be is marked, and never the best.
  @Test func heldOutThatIsImpossible() throws {
    try CommandFolder.with { folder in
      try folder.write("t.txt", "abababab\n")
      try folder.write("h.txt", "bb\n")
      func select(_ more: String...) throws -> RunCommand {
        Self.done(
          try RunCommand(
            ["hmm", "select", folder("t.txt"), "--unit", "characters", "--states", "1-2", "-q"] + more))
      }
      let models = try #require(
        try select("--held-out", folder("h.txt"), "--json", "--tolerance", "0", "--steps", "400").json[
          "models"] as? [[String: Any]])
      #expect(models.map { $0["held_out_impossible"] as? Bool } == [false, true])
      #expect(models[0]["held_out_per_step"] as? Double != nil && models[1]["held_out_per_step"] is NSNull)
      let table = try select("--held-out", folder("h.txt"), "--tolerance", "0", "--steps", "400").output
      let rows = table.split(separator: "\n")
      #expect(rows[rows.count - 1].contains("impossible") && !rows[rows.count - 1].hasSuffix("*"))
      let without = try #require(try select("--json").json["models"] as? [[String: Any]])
      #expect(
        without[0]["held_out_per_step"] is NSNull && without[0]["held_out_impossible"] as? Bool == false)
    }
  }

  /// What the model with one state cannot be learnt from does not cost the model that was asked for.
  @Test func frozenEmissionOfAConstantColumn() throws {
    try CommandFolder.with { folder in
      try folder.write(
        "g.json",
        """
        {"format": "recurrent.hmm/1", "emission": "gaussian", "states": ["low", "high"], "columns": ["x"],
         "initial": [0.5, 0.5], "transition": [[0.9, 0.1], [0.1, 0.9]], "means": [[0], [5]],
         "covarianceKind": "diagonal", "covariance": [[1], [1]]}
        """)
      try folder.write("c.csv", "x\n" + String(repeating: "5\n", count: 9))
      let fit = Self.done(
        try Self.hmm(
          "fit", folder("c.csv"), "--from", folder("g.json"), "--freeze", "emission", "-o", folder("o.json"),
          "--json", "--progress", "none"))
      #expect(try fit.json["log_likelihood_of_one_state"] is NSNull)
      #expect(fit.log.contains("was not computed") && fit.log.contains("column \"x\" is the same"))
      #expect(folder.exists("o.json"))
      try folder.write(
        "d.json", Self.ending.replacing(", \"final\": [0, 1]", with: "").replacing("[0, 0]]", with: "[1, 0]]")
      )
      let blank = try Self.hmm(
        "fit", "-", "--from", folder("d.json"), "--missing-symbol", "?", "-o", folder("n.json"),
        input: "??\n?\n")
      expectRefusal(blank, exitCode: 65, saying: ["found 0 observations for 2 states"])
      #expect(!folder.exists("n.json"))
    }
  }

  /// After Ctrl-C the model is written at once, without the one beside which it is judged.
  @Test func stopped() throws {
    try CommandFolder.with { folder in
      try folder.write("t.txt", String(repeating: "abbabaabab\n", count: 200))
      let process = RunCommand.process([
        "hmm", "fit", folder("t.txt"), "--unit", "characters", "--steps", "100000", "--starts", "1000",
        "--tolerance", "0", "--json", "--progress", "json", "-o", folder("m.json"),
      ])
      for name in ["out", "log"] { try folder.write(name, "") }
      process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: folder("out")))
      process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder("log")))
      try process.run()
      #expect(RunCommand.wait(for: process) { (try? folder.bytes("log"))?.isEmpty == false })
      kill(process.processIdentifier, SIGINT)
      #expect(RunCommand.wait(for: process) && process.terminationStatus == 130)
      let report = try #require(
        try JSONSerialization.jsonObject(with: folder.bytes("out")) as? [String: Any])
      #expect(report["log_likelihood"] as? Double != nil && report["log_likelihood_of_one_state"] is NSNull)
      #expect(try folder.text("log").contains("stopped: the model with one state"))
      #expect(Self.done(try Self.hmm("score", folder("m.json"), folder("t.txt"))).output.contains("200"))
    }
  }
}
