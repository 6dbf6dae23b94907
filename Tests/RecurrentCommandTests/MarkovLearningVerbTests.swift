import Foundation
import Testing

/// `recurrent hmm fit` from outside: what a model remembers of its file, where learning starts, and what is refused.
@Suite struct MarkovLearningVerbTests {
  @discardableResult
  private static func hmm(_ arguments: String..., input: String = "") throws -> RunCommand {
    try RunCommand(["hmm"] + arguments, input: input)
  }

  private static func done(_ run: RunCommand) -> RunCommand {
    #expect(run.exitCode == 0, "\(run.log)")
    return run
  }

  // MARK: - What is remembered

  /// Three days of six rows: scored by the days without being told, and as one sequence, with a warning, where there are none.
  @Test func sequenceIsRemembered() throws {
    try CommandFolder.with { folder in
      let rows = (0..<18).map { "\($0 / 6),\(($0 * 7) % 5)" }
      try folder.write("days.csv", "day,n\n" + rows.joined(separator: "\n") + "\n")
      let model = folder("m.json")
      _ = Self.done(
        try Self.hmm(
          "fit", folder("days.csv"), "--emission", "poisson", "--columns", "n", "--sequence", "day", "-o",
          model, "-q"))
      #expect(try folder.text("m.json").contains("\"sequence\": \"day\""))
      let own = Self.done(try Self.hmm("score", model, folder("days.csv")))
      let told = Self.done(try Self.hmm("score", model, folder("days.csv"), "--sequence", "day"))
      #expect(own.output == told.output && own.output.contains("\n       3      6"), "\(own.output)")
      #expect(Self.done(try Self.hmm("decode", model, folder("days.csv"))).output.count { $0 == "\n" } == 3)
      #expect(
        Self.done(try Self.hmm("posterior", model, folder("days.csv"))).output.contains("\n3\t6\t"))
      try folder.write("one.csv", "n\n1\n2\n")
      let one = Self.done(try Self.hmm("decode", model, folder("one.csv"), "-q"))
      #expect(one.output.count { $0 == "\n" } == 1)
      #expect(one.log.contains("no column \"day\"") && one.log.contains("read as one sequence"))
    }
  }

  // MARK: - Where learning starts

  private static let rolls = "1661324\n66612345\n1234563\n666661\n"

  /// What stands in a file's rows of numbers after a name.
  private static func numbers(_ name: String, in text: String) throws -> String {
    let after = try #require(text.range(of: "\"\(name)\": "))
    let rest = text[after.upperBound...]
    return String(rest[..<(rest.range(of: "\n  \"")?.lowerBound ?? rest.endIndex)])
  }

  private static func likelihood(_ run: RunCommand) throws -> Double {
    try #require(try done(run).json["log_likelihood"] as? Double)
  }

  /// Ten steps and ten more are twenty at once, to the last digit; frozen parts and zeros keep their digits.
  @Test func goesOnFromAModel() throws {
    try CommandFolder.with { folder in
      try folder.write("rolls.txt", Self.rolls)
      func fit(_ more: String..., to output: String) throws -> Double {
        try Self.likelihood(
          try RunCommand(
            ["hmm", "fit", folder("rolls.txt"), "--tolerance", "0", "-q", "--json", "-o", folder(output)]
              + more))
      }
      let start = ["--unit", "characters", "--starts", "1"]
      let ten = try fit(start[0], start[1], start[2], start[3], "--steps", "10", to: "a.json")
      _ = try fit("--from", folder("a.json"), "--steps", "10", to: "b.json")
      let twenty = try fit(start[0], start[1], start[2], start[3], "--steps", "20", to: "c.json")
      #expect(try folder.text("b.json") == folder.text("c.json") && twenty > ten)
      for (part, members) in [
        ("initial", ["initial"]), ("transition", ["transition"]), ("emission", ["probabilities"]),
        ("initial,emission", ["initial", "probabilities"]),
      ] {
        let output = part + ".json"
        #expect(try fit("--from", folder("a.json"), "--steps", "3", "--freeze", part, to: output) > ten)
        for name in ["initial", "transition", "probabilities"] {
          let isKept =
            try Self.numbers(name, in: folder.text(output)) == Self.numbers(name, in: folder.text("a.json"))
          #expect(isKept == members.contains(name), "\(part): \(name)")
        }
      }
      try folder.write(
        "zero.json",
        """
        {"format": "recurrent.hmm/1", "emission": "categorical", "states": ["a", "b"], "unit": "characters",
         "initial": [1, 0], "transition": [[0.5, 0.5], [0, 1]], "symbols": ["6", "1", "2", "3", "4", "5"],
         "probabilities": [[0.5, 0.1, 0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.2, 0.2, 0.2, 0.2]]}
        """)
      _ = try fit("--from", folder("zero.json"), "--pseudo-count", "1", to: "z.json")
      let text = try folder.text("z.json")
      #expect(try Self.numbers("initial", in: text) == "[1, 0],")
      #expect(try Self.numbers("transition", in: text).contains("[0, 1]") && text.contains("[\"a\", \"b\"]"))
    }
  }

  /// A low, a high and a low level again, which no two states that come back could part: three states in the order of time.
  @Test func leftToRight() throws {
    try CommandFolder.with { folder in
      let rows = (0..<90).map { "\(($0 / 30 == 1 ? 10.0 : 0) + Double($0 * 37 % 11) / 11)" }
      try folder.write("a.csv", "x\n" + rows.joined(separator: "\n") + "\n")
      let model = folder("m.json")
      _ = Self.done(
        try Self.hmm(
          "fit", folder("a.csv"), "--emission", "gaussian", "--columns", "x", "--states", "3",
          "--left-to-right", "-o", model, "-q"))
      let text = try folder.text("m.json")
      #expect(try Self.numbers("initial", in: text) == "[1, 0, 0],")
      let transition = try Self.numbers("transition", in: text)
      #expect(transition.contains("[0, 0, 1]") && transition.count { $0 == "[" } == 4)
      let states = Self.done(try Self.hmm("decode", model, folder("a.csv"))).output.split {
        $0 == " " || $0 == "\n"
      }
      #expect(states == (0..<90).map { "\($0 / 30)" })
      for kind in ["mixture", "poisson"] {
        try folder.write("n.csv", "x\n" + (0..<60).map { "\($0 / 20 * 9 + $0 % 3)\n" }.joined())
        _ = Self.done(
          try Self.hmm(
            "fit", folder("n.csv"), "--emission", kind, "--columns", "x", "--states", "3", "--left-to-right",
            "-o", folder(kind + ".json"), "-q"))
        #expect(try Self.numbers("initial", in: folder.text(kind + ".json")) == "[1, 0, 0],")
      }
    }
  }

  @Test func refusedStarts() throws {
    try CommandFolder.with { folder in
      try folder.write("rolls.txt", Self.rolls)
      _ = Self.done(
        try Self.hmm("fit", folder("rolls.txt"), "--unit", "characters", "-o", folder("m.json"), "-q"))
      try folder.write("g.csv", "x\n1\n2\n3\n")
      let model = folder("m.json")
      let cases: [(String, [String], Int32, [String])] = [
        (
          "rolls.txt", ["--freeze", "initial"], 64,
          ["'--freeze' has no meaning without --from", "give a model"]
        ),
        ("rolls.txt", ["--from", model, "--states", "3"], 64, ["'--states' has no meaning with --from"]),
        ("rolls.txt", ["--from", model, "--starts", "3"], 64, ["'--starts' has no meaning with --from"]),
        ("rolls.txt", ["--from", model, "--left-to-right"], 64, ["'--left-to-right' has no meaning"]),
        (
          "rolls.txt", ["--from", model, "--freeze", "initial,transition,emission"], 64,
          ["names every part", "leave one out"]
        ),
        ("rolls.txt", ["--from", model, "--freeze", "emissions"], 64, ["emission"]),
        ("rolls.txt", ["--left-to-right", "--states", "1"], 64, ["with one state"]),
        ("rolls.txt", ["--supervised", "--left-to-right"], 64, ["which counts"]),
        ("rolls.txt", ["--from", folder("none.json")], 66, ["none.json"]),
        (
          "rolls.txt", ["--from", model, "--unit", "words"], 65,
          ["rolls.txt:1:1: symbol \"1661324\" is unknown"]
        ),
        ("rolls.txt", ["--from", model, "--variance-floor", "0.1"], 64, ["categorical model of --from"]),
        ("g.csv", ["--from", model], 64, ["'--columns' is missing"]),
      ]
      for (input, options, code, says) in cases {
        let run = try RunCommand(["hmm", "fit", folder(input), "-o", folder("o.json"), "-q"] + options)
        expectRefusal(run, exitCode: code, saying: says)
        #expect(!folder.exists("o.json"))
      }
    }
  }

  // MARK: - Columns and formats

  /// A column without variance: a floor makes one, and says so; without a floor it is refused by its name.
  @Test func constantColumn() throws {
    try CommandFolder.with { folder in
      try folder.write("c.csv", "x,y\n" + (0..<20).map { "\($0 * $0 % 7),5\n" }.joined())
      func fit(_ more: String...) throws -> RunCommand {
        try RunCommand(
          [
            "hmm", "fit", folder("c.csv"), "--emission", "gaussian", "--columns", "x,y", "-o",
            folder("m.json"),
            "--overwrite", "--progress", "none",
          ] + more)
      }
      let said = "column \"y\" is the same in every row"
      for covariance in ["diagonal", "full", "tied", "spherical"] {
        #expect(Self.done(try fit("--covariance", covariance)).log.contains(said))
        let exact = try fit("--covariance", covariance, "--variance-floor", "0", "--states", "1")
        if covariance == "spherical" {
          #expect(Self.done(exact).log.contains(said))
        } else {
          expectRefusal(exact, exitCode: 65, saying: [said, "--variance-floor above 0"])
        }
      }
    }
  }

  /// Messages name what these verbs have: no option of forecasts, and the format that was meant.
  @Test func remediesAreOfThisVerb() throws {
    try CommandFolder.with { folder in
      try folder.write("head.csv", "x,y\n")
      try folder.write("warm.csv", "x,y\n1,2\n2,warm\n3,4\n")
      try folder.write("words.csv", "x\nfoo\nbar\n")
      try folder.write("large.csv", "x\n1\n1e999\n")
      try folder.write("numbers.csv", "1\n2\n3\n")
      try folder.write(
        "m.json",
        """
        {"format": "recurrent.hmm/1", "emission": "poisson", "states": ["a"], "columns": ["x"], "initial": [1],
         "transition": [[1]], "rates": [[1]]}
        """)
      try folder.write(
        "symbols.json",
        try folder.text("m.json")
          .replacing("poisson", with: "categorical").replacing(
            "\"rates\": [[1]]", with: "\"symbols\": [\"s\"], \"probabilities\": [[1]]"))
      for (name, code, says) in [
        ("head.csv", 65, "no row below it"), ("words.csv", 65, "\"foo\""), ("large.csv", 65, "too large"),
        ("numbers.csv", 64, "begin the file with a line of names"),
      ] as [(String, Int32, String)] {
        let score = try Self.hmm("score", folder("m.json"), folder(name))
        let fit = try Self.hmm(
          "fit", folder(name), "--emission", "poisson", "--columns", "x", "-o", folder("o.json"))
        for run in [score, fit] {
          expectRefusal(run, exitCode: code, saying: [says])
          #expect(!run.log.contains("--"))
        }
      }
      let warm = try Self.hmm("score", folder("m.json"), folder("warm.csv"), "--columns", "y")
      expectRefusal(warm, exitCode: 65, saying: ["warm.csv:3:3", "leave the cell empty"])
      let cases: [([String], String, Int32, String)] = [
        (["score", folder("m.json"), "-"], "x\n1\n", 65, "give --format csv"),
        (["score", folder("symbols.json"), "-"], "x\ns\n", 65, "give --format csv"),
        (["decode", folder("symbols.json"), "-"], "s\tX\nt\tY\n", 65, "--format conll"),
        (["score", folder("m.json"), "-", "--sequence", "d"], "x\n1\n", 64, "give --format csv"),
        (["fit", "-", "-o", folder("o.json"), "--columns", "x"], "x\n1\n", 64, "give --format csv"),
        (
          ["fit", "-", "-o", folder("o.json"), "--supervised", "--label-column", "2"], "a\tX\n", 64,
          "give --format conll"
        ),
      ]
      for (arguments, input, code, says) in cases {
        let run = try RunCommand(["hmm"] + arguments, input: input)
        expectRefusal(run, exitCode: code, saying: ["<stdin>", says])
      }
      let told = try Self.hmm("score", folder("m.json"), "-", "--format", "csv", input: "x\n1\n")
      #expect(Self.done(told).output.contains("all"))
    }
  }
}
