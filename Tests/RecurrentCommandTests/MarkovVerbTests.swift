import Foundation
import Testing

/// The verbs of `recurrent hmm` from outside: their results, and one clear line for everything that is wrong.
@Suite struct MarkovVerbTests {
  private static let dice = """
    {"format": "recurrent.hmm/1", "emission": "categorical", "states": ["fair", "loaded"], "unit": "characters",
     "initial": [0.5, 0.5], "transition": [[0.95, 0.05], [0.1, 0.9]], "symbols": ["1", "2", "3", "4", "5", "6"],
     "probabilities": [[0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666,
                        0.16666666666666666, 0.16666666666666666], [0.1, 0.1, 0.1, 0.1, 0.1, 0.5]]}
    """
  /// "c" is shown by a state that nothing leads to.
  private static let strict = """
    {"format": "recurrent.hmm/1", "emission": "categorical", "states": ["a", "b"], "unit": "characters",
     "initial": [1, 0], "transition": [[1, 0], [0, 1]], "symbols": ["a", "b", "c"],
     "probabilities": [[0.5, 0.5, 0], [0, 0, 1]]}
    """
  private static let gaussian = """
    {"format": "recurrent.hmm/1", "emission": "gaussian", "states": ["low", "high"], "columns": ["x", "y"],
     "initial": [0.5, 0.5], "transition": [[0.9, 0.1], [0.1, 0.9]], "means": [[0, 0], [5, 5]],
     "covarianceKind": "diagonal", "covariance": [[1, 1], [1, 1]]}
    """

  private static func with(_ body: (CommandFolder) throws -> Void) throws {
    try CommandFolder.with { folder in
      try folder.write("dice.json", dice)
      try folder.write("strict.json", strict)
      try folder.write("gaussian.json", gaussian)
      try body(folder)
    }
  }

  @discardableResult
  private static func hmm(_ arguments: String..., input: String = "") throws -> RunCommand {
    try RunCommand(["hmm"] + arguments, input: input)
  }

  // MARK: - Lessons

  @Test func teach() throws {
    let dice = try Self.hmm("teach", "dice")
    #expect(dice.exitCode == 0 && dice.log == "")
    #expect(dice.output.contains("sum = P(rolls)") && dice.output.contains("0.00491343"))
    let rows = dice.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows.contains(["100", "2", "400", "2^100"]) && rows.contains(["100", "10", "10000", "10^100"]))
    #expect(rows.contains(["3", "2", "12", "8"]))
    #expect(try Self.hmm("teach", "bank").output.contains("[银行]"))
    expectRefusal(
      try Self.hmm("teach", "dice", "--observe", "1,1,1,1,1,1,1,1,1,1,1,1,1"), exitCode: 64,
      saying: ["13 rolls, expected 12 at most"])
  }

  // MARK: - Results

  /// log P of one roll of six, by hand: log((1/6 + 1/2) / 2); and a sequence of no step.
  @Test func score() throws {
    try Self.with { folder in
      let run = try Self.hmm("score", folder("dice.json"), "-", "--json", input: "6\n\n")
      let sequences = try #require(try run.json["sequences"] as? [[String: Any]])
      let found = try #require(sequences[0]["log_likelihood"] as? Double)
      #expect(run.exitCode == 0 && sequences.count == 2)
      // Three operations of doubles.
      #expect(abs(found - log(1.0 / 3)) < 1e-14 && sequences[1]["log_likelihood"] as? Double == 0)
    }
  }

  /// P(fair | 6) = (1/6) / (1/6 + 1/2), read from a pipe.
  @Test func posteriorOfPipe() throws {
    try Self.with { folder in
      let run = try Self.hmm("posterior", folder("dice.json"), "-", input: "6\n\n12\n")
      let rows = run.output.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
      #expect(run.exitCode == 0 && rows[0] == ["sequence", "step", "fair", "loaded"])
      #expect(rows.dropFirst().map { Array($0.prefix(2)) } == [["1", "1"], ["3", "1"], ["3", "2"]])
      let fair = try #require(Double(rows[1][2]))
      #expect(abs(fair - 0.25) < 1e-14)
      let decoded = try Self.hmm("decode", folder("dice.json"), "-", input: "6666\n\n1231231\n")
      #expect(decoded.output == "loaded loaded loaded loaded\n\nfair fair fair fair fair fair fair\n")
    }
  }

  /// After a six the loaded die has 3/4, and 1/4 · 0.05 + 3/4 · 0.9 = 0.6875 at the next step.
  @Test func predict() throws {
    try Self.with { folder in
      let run = try Self.hmm("predict", folder("dice.json"), "-", "--json", input: "6\n")
      let sequences = try #require(try run.json["sequences"] as? [[String: Any]])
      let states = try #require(sequences[0]["states"] as? [String: Double])
      let next = try #require(sequences[0]["next"] as? [String: Double])
      func holds(_ found: Double?, _ expected: Double) -> Bool { abs((found ?? .nan) - expected) <= 1e-14 }
      #expect(run.exitCode == 0 && holds(states["fair"], 0.3125) && holds(states["loaded"], 0.6875))
      #expect(holds(next["6"], 0.3125 / 6 + 0.6875 / 2) && holds(next["1"], 0.3125 / 6 + 0.06875))
      let table = try Self.hmm("predict", folder("dice.json"), "-", "--top", "1", input: "6\n").output
      #expect(table.contains("0.395833") && !table.contains("0.120833"))
      expectRefusal(
        try Self.hmm("predict", folder("dice.json"), "-", "--top", "1", "--json", input: "6\n"), exitCode: 64,
        saying: ["'--top' has no meaning with --json"])
    }
  }

  @Test func sampleBySeed() throws {
    try Self.with { folder in
      let first = try Self.hmm("sample", folder("dice.json"), "--steps", "30", "--sequences", "2")
      #expect(first.output.split(separator: "\n").map(\.count) == [30, 30])
      #expect(
        try Self.hmm("sample", folder("dice.json"), "--steps", "30", "--sequences", "2").output
          == first.output)
      #expect(
        try Self.hmm("sample", folder("dice.json"), "--steps", "30", "--sequences", "2", "--seed", "2")
          .output != first.output)
    }
  }

  /// Counts are whole numbers, a name with a comma stands in quotation marks, and a large rate takes no longer.
  @Test func sampleCounts() throws {
    try Self.with { folder in
      try folder.write(
        "counts.json",
        """
        {"format": "recurrent.hmm/1", "emission": "poisson", "states": ["a"], "columns": ["n, m"], "initial": [1],
         "transition": [[1]], "rates": [[1000000000000]]}
        """)
      let run = try Self.hmm("sample", folder("counts.json"), "--steps", "50", "--with-states")
      let lines = run.output.split(separator: "\n").map(String.init)
      #expect(lines[0] == "sequence,\"n, m\",state" && lines.count == 51)
      for line in lines.dropFirst() {
        let cells = line.split(separator: ",")
        let count = try #require(Int(cells[1]))
        // The standard deviation is 10⁶: ten of them.
        #expect(abs(count - 1_000_000_000_000) < 10_000_000 && cells[2] == "a")
      }
    }
  }

  @Test func fitAndConvert() throws {
    try Self.with { folder in
      let rolls = try Self.hmm("sample", folder("dice.json"), "--steps", "2000").output
      try folder.write("rolls.txt", rolls)
      let fit = try Self.hmm("fit", folder("rolls.txt"), "--unit", "characters", "-o", folder("m.json"), "-q")
      #expect(fit.exitCode == 0 && fit.output.contains("1 state: no order"), "\(fit.log)")
      expectRefusal(
        try Self.hmm("fit", folder("rolls.txt"), "--unit", "characters", "-o", folder("m.json")),
        exitCode: 73,
        saying: ["m.json: cannot create: it exists", "--overwrite"])
      let score = try Self.hmm("score", folder("m.json"), folder("rolls.txt"))
      #expect(try Self.hmm("convert", folder("m.json"), "-o", folder("m.safetensors")).exitCode == 0)
      #expect(try Self.hmm("convert", folder("m.safetensors"), "-o", folder("n.json")).exitCode == 0)
      // Names and the unit are carried along.
      let again = try Self.hmm("score", folder("n.json"), folder("rolls.txt"))
      #expect(again.exitCode == 0 && again.output == score.output)
      #expect(try folder.text("n.json") == folder.text("m.json"))
      expectRefusal(
        try Self.hmm("convert", folder("m.json"), "-o", folder("o.json")), exitCode: 64,
        saying: ["ends with .safetensors"])
    }
  }

  /// A model without names of columns, as one from hmmlearn, is told them.
  @Test func columnsOfConvertedModel() throws {
    try Self.with { folder in
      try folder.write("a.csv", "x,y\n0,0\n5,4\n,1\n5,5\n")
      let own = try Self.hmm("decode", folder("gaussian.json"), folder("a.csv"))
      #expect(own.output == "low high high high\n")
      let nameless = try folder.text("gaussian.json").replacing(/"columns": \[[^\]]*\],?/, with: "")
        .replacing("\"low\"", with: "\"0\"").replacing("\"high\"", with: "\"1\"")
      try folder.write("nameless.json", nameless)
      try Self.hmm("convert", folder("nameless.json"), "-o", folder("g.safetensors"))
      try Self.hmm("convert", folder("g.safetensors"), "-o", folder("g.json"))
      expectRefusal(
        try Self.hmm("decode", folder("g.json"), folder("a.csv")), exitCode: 64, saying: ["'--columns'"])
      let told = try Self.hmm("decode", folder("g.json"), folder("a.csv"), "--columns", "x,y")
      #expect(told.output == "0 1 1 1\n")
      // The model's own unit holds unless another is given: "66" is one word.
      let unit = try Self.hmm("decode", folder("dice.json"), "-", "--unit", "words", input: "6 6\n")
      #expect(unit.output == "loaded loaded\n")
      expectRefusal(
        try Self.hmm("decode", folder("dice.json"), "-", "--unit", "words", input: "66\n"), exitCode: 65,
        saying: ["symbol \"66\" is unknown"])
      expectRefusal(
        try Self.hmm("decode", folder("g.json"), folder("a.csv"), "--columns", "x"), exitCode: 65,
        saying: ["observations of 1 number, but the model has 2 dimensions"])
    }
  }

  /// Bars of means whose difference is beyond a double.
  @Test func showExtremes() throws {
    try Self.with { folder in
      try folder.write(
        "g.json",
        Self.gaussian.replacingOccurrences(of: "[[0, 0], [5, 5]]", with: "[[-1e308, 0], [1e308, 0]]"))
      let run = try Self.hmm("show", folder("g.json"))
      #expect(run.exitCode == 0 && run.output.contains("high"), "\(run.log)")
    }
  }

  // MARK: - Models that are wrong

  @Test(arguments: [
    ("[0.1, 0.9]]", "[0.1, 0.8]]", ["transition, row 2: the probabilities sum to 0.9, expected 1"]),
    ("[0.95, 0.05]", "[1.05, -0.05]", ["transition, row 1", "expected a probability from 0 to 1"]),
    ("[0.95, 0.05]", "[NaN, 0.05]", ["m.json:2:", "found 'N'"]),
    ("\"loaded\"]", "\"fair\"]", ["\"fair\" stands there twice"]),
    ("\"unit\"", "\"untie\"", ["the member \"untie\" is not one"]),
    ("0.1, 0.5]]}", "0.1, 0", ["m.json:4:", "the end of the text"]),
  ])
  func badModel(_ good: String, _ bad: String, _ texts: [String]) throws {
    try Self.with { folder in
      try folder.write("m.json", Self.dice.replacingOccurrences(of: good, with: bad))
      for verb in ["score", "decode", "posterior", "predict"] {
        expectRefusal(
          try Self.hmm(verb, folder("m.json"), "-", input: "16\n"), exitCode: 65, saying: ["m.json"] + texts)
      }
    }
  }

  @Test func taggerWhereAModelIsMeant() throws {
    try Self.with { folder in
      try folder.write("t.conll", "Dogs\tNOUN\nrun\tVERB\n\nRun\tVERB\n# \tPUNCT\n")
      let fit = try Self.hmm(
        "fit", folder("t.conll"), "--supervised", "--token-column", "1", "--label-column", "2", "-o",
        folder("t.json"))
      #expect(fit.exitCode == 0 && fit.output.hasPrefix("2 sentences, 4 words, 3 tags: NOUN VERB PUNCT"))
      let tagged = try Self.hmm("decode", folder("t.json"), folder("t.conll"), "--token-column", "1")
      #expect(tagged.output == "NOUN VERB\nVERB PUNCT\n")
      // The tagger knows the columns that it was counted from.
      #expect(try Self.hmm("decode", folder("t.json"), folder("t.conll")).output == tagged.output)
      let told = try Self.hmm("score", folder("t.json"), folder("t.conll"), "--json")
      let score = try Self.hmm(
        "score", folder("t.json"), folder("t.conll"), "--token-column", "1", "--label-column", "2", "--json")
      #expect(told.exitCode == 0 && told.output == score.output, "\(told.log)")
      let all = try #require(try score.json["all_words"] as? [String: Any])
      #expect(all["words"] as? Int == 4 && all["accuracy"] as? Double == 1)
      #expect(!score.log.contains("warning"))
      try folder.write("o.conll", "Dogs\tNOUN\tDogs\nrun\tVERB\trun\n\nRun\tVERB\tRun\n# \tPUNCT\t# \n")
      let other = try Self.hmm("score", folder("t.json"), folder("o.conll"), "--label-column", "3")
      #expect(other.exitCode == 0 && other.log.contains("4 of 4 labels, such as \"Dogs\", are no tags"))
      for arguments in [["show"], ["posterior", folder("t.conll")]] {
        let run = try RunCommand(["hmm", arguments[0], folder("t.json")] + arguments.dropFirst())
        expectRefusal(run, exitCode: 65, saying: ["a tagger is for hmm decode and hmm score"])
      }
    }
  }

  // MARK: - Sequences that are wrong

  @Test(arguments: ["score", "decode", "posterior", "predict"]) func badSequences(_ verb: String) throws {
    try Self.with { folder in
      let cases: [(String, String, Int32, [String])] = [
        ("empty.txt", "", 65, ["empty.txt"]),
        ("binary.txt", "1\0", 65, ["binary.txt:1:2: a NUL byte"]),
        (
          "unknown.txt", "12\n1a6\n", 65,
          ["unknown.txt:2:2: symbol \"a\" is unknown to the model", "nearest"]
        ),
        ("table.csv", "x\n1\n", 64, ["'--columns' is missing"]),
      ]
      for (name, text, code, says) in cases {
        try folder.write(name, text)
        expectRefusal(
          try Self.hmm(verb, folder("dice.json"), folder(name)), exitCode: code, saying: says)
      }
      let tables: [(String, Int32, [String])] = [
        ("n\n1\n", 64, ["there is no column \"x\"", "expected one of"]),
        ("x,y\n1,inf\n", 65, [":2:3: \"inf\""]), ("x,y\n1,warm\n", 65, ["\"warm\""]),
      ]
      for (text, code, says) in tables {
        try folder.write("b.csv", text)
        expectRefusal(
          try Self.hmm(verb, folder("gaussian.json"), folder("b.csv")), exitCode: code, saying: says)
      }
      try folder.write("a.txt", "1 2\n")
      expectRefusal(
        try Self.hmm(verb, folder("gaussian.json"), folder("a.txt")), exitCode: 65,
        saying: ["the model has vectors, but these are symbols"])
    }
  }

  /// A sequence whose steps are possible, but not its end.
  @Test func impossibleEnd() throws {
    try Self.with { folder in
      try folder.write(
        "end.json",
        Self.strict.replacing("[1, 0], [0, 1]]", with: "[0.5, 0.5], [0, 0]], \"final\": [0, 1]"))
      try folder.write("s.txt", "ac\naa\n")
      let says = ["s.txt:2:2: sequence 2 is impossible", "it cannot end behind its last step"]
      for more in [[], ["--best", "2"], ["--method", "posterior"]] {
        let run = try RunCommand(["hmm", "decode", folder("end.json"), folder("s.txt")] + more)
        expectRefusal(run, exitCode: 65, saying: says)
      }
      let score = try Self.hmm("score", folder("end.json"), folder("s.txt"))
      #expect(score.exitCode == 1 && score.output.contains("cannot end behind"), "\(score.output)")
      #expect(score.output.contains("s.txt:2:2"))
      let json = try Self.hmm("score", folder("end.json"), folder("s.txt"), "--json")
      let sequences = try #require(try json.json["sequences"] as? [[String: Any]])
      #expect(sequences[1]["first_impossible_step"] as? Int == 3)
    }
  }

  /// Of a sequence that no path explains, score says where it ends, and the others refuse it.
  @Test func impossibleSequence() throws {
    try Self.with { folder in
      try folder.write("s.txt", "ab\nabca\n")
      let score = try Self.hmm("score", folder("strict.json"), folder("s.txt"))
      #expect(score.exitCode == 1 && score.log == "")
      #expect(score.output.contains("-infinity") && score.output.contains("impossible at "))
      #expect(score.output.contains("s.txt:2:3"))
      let json = try Self.hmm("score", folder("strict.json"), folder("s.txt"), "--json")
      let sequences = try #require(try json.json["sequences"] as? [[String: Any]])
      #expect(json.exitCode == 1 && sequences[1]["first_impossible_step"] as? Int == 3)
      let says = ["s.txt:2:3: sequence 2 is impossible", "no state can be reached at step 3"]
      for more in [[], ["--best", "2"], ["--method", "posterior"]] {
        let run = try RunCommand(["hmm", "decode", folder("strict.json"), folder("s.txt")] + more)
        expectRefusal(run, exitCode: 65, saying: says)
      }
      expectRefusal(
        try Self.hmm("predict", folder("strict.json"), folder("s.txt")), exitCode: 65, saying: says)
      let posterior = try Self.hmm("posterior", folder("strict.json"), folder("s.txt"))
      // The sequences before have been written.
      #expect(posterior.exitCode == 65 && posterior.output.contains("1\t2\t1.0\t0.0\n"))
    }
  }

  // MARK: - Learning from what is wrong

  /// Two levels: the rows of two states are marked by both criteria.
  @Test func select() throws {
    try CommandFolder.with { folder in
      let counts = (0..<4).flatMap { level in (0..<30).map { "\(level % 2 * 20 + $0 * 7 % 3)" } }
      try folder.write("n.csv", "n\n" + counts.joined(separator: "\n") + "\n")
      let options = ["--emission", "poisson", "--columns", "n", "--states", "1-2", "-q"]
      let run = try RunCommand(["hmm", "select", folder("n.csv")] + options)
      let rows = run.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      let (one, two) = (try #require(rows.first { $0[0] == "1" }), try #require(rows.first { $0[0] == "2" }))
      #expect(run.exitCode == 0 && !one.contains("*") && two.count == 7, "\(run.output)\(run.log)")
      #expect(two.prefix(2) == ["2", "5"] && two[4] == "*" && two[6] == "*")
      let document = try RunCommand(["hmm", "select", folder("n.csv"), "--json"] + options).json
      let models = try #require(document["models"] as? [[String: Any]])
      #expect(models.map { $0["states"] as? Int } == [1, 2] && document["is_finished"] as? Bool == true)
      // One state is the mean: p = 1, and both criteria add their share for it.
      let likelihood = try #require(models[0]["log_likelihood"] as? Double)
      let aic = try #require(models[0]["aic"] as? Double)
      #expect(abs(aic - (2 - 2 * likelihood)) <= 1e-9 * aic)
    }
  }

  @Test func badTraining() throws {
    try Self.with { folder in
      try folder.write("constant.csv", "x,y\n" + String(repeating: "1,1\n", count: 30))
      try folder.write("counts.csv", "n,m\n1,1\n2,-1\n3,3\n")
      let table = folder("constant.csv")
      let cases: [(String, [String], String, Int32, [String])] = [
        ("-", [], "ab\n", 65, ["found 1 observation for 2 states"]),
        ("-", [], "\n\n", 65, ["found 0 observations for 2 states"]),
        ("-", ["--emission", "gaussian"], "1 2\n", 65, ["the model has vectors, but these are symbols"]),
        (
          table, ["--emission", "gaussian", "--columns", "x,y"], "", 65,
          ["constant.csv: column \"x\" is the same in every row", "choose other columns"]
        ),
        (table, ["--emission", "gaussian", "--columns", "x,z"], "", 64, ["there is no column \"z\""]),
        (table, ["--columns", "x,y"], "", 64, ["symbols stand in one"]),
        (table, ["--emission", "gaussian"], "", 64, ["'--columns' is missing"]),
        (table, ["--columns", "x", "--unit", "words"], "", 64, ["'--unit' has no meaning", "read as csv"]),
        (
          folder("counts.csv"), ["--emission", "poisson", "--columns", "n,m"], "", 65,
          ["counts.csv:3:3: found -1.0, expected a count"]
        ),
        ("-", ["--columns", "x"], "1 2\n", 64, ["'--columns' has no meaning", "read as text"]),
        ("-", ["--token-column", "1"], "1 2\n", 64, ["'--token-column' has no meaning"]),
        (
          "-", ["--label-column", "1", "--format", "conll"], "a\tb\n", 64,
          ["'--label-column'", "--supervised"]
        ),
        ("-", ["--supervised", "--format", "conll"], "1\tb\n", 65, ["no tags; name their column"]),
        ("-", ["--pseudo-count", "1e308"], "1 2\n", 64, ["from 0 to 1000000000"]),
        ("-", ["--components", "2"], "1 2\n", 64, ["'--components' has no meaning"]),
      ]
      for (input, options, text, code, says) in cases {
        let run = try RunCommand(["hmm", "fit", input, "-o", folder("o.json"), "-q"] + options, input: text)
        expectRefusal(run, exitCode: code, saying: says)
        #expect(!folder.exists("o.json"))
      }
      expectRefusal(
        try Self.hmm("select", "-", "--states", "1,90000", input: "1 2\n"), exitCode: 64,
        saying: ["'--states' has 90000, expected at most 1000"])
    }
  }
}
