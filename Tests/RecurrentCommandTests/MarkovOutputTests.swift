import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What the verbs of `recurrent hmm` print: documents of JSON, columns that hold whatever stands in them.
@Suite struct MarkovOutputTests {
  private static let dice = """
    {"format": "recurrent.hmm/1", "emission": "categorical", "states": ["fair", "loaded"], "unit": "characters",
     "initial": [0.5, 0.5], "transition": [[0.95, 0.05], [0.1, 0.9]], "symbols": ["1", "2", "3", "4", "5", "6"],
     "probabilities": [[0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666,
                        0.16666666666666666, 0.16666666666666666], [0.1, 0.1, 0.1, 0.1, 0.1, 0.5]]}
    """

  private static func with(_ body: (CommandFolder) throws -> Void) throws {
    try CommandFolder.with { folder in
      try folder.write("dice.json", dice)
      try folder.write("t.conll", "Dogs\tNOUN\nrun\tVERB\n\nRun\tVERB\n# \tPUNCT\n")
      try hmm(
        "fit", folder("t.conll"), "--supervised", "--token-column", "1", "--label-column", "2", "-o",
        folder("tagger.json"))
      try body(folder)
    }
  }

  @discardableResult
  private static func hmm(_ arguments: String..., input: String = "") throws -> RunCommand {
    try RunCommand(["hmm"] + arguments, input: input)
  }

  private static func sequences(_ run: RunCommand) throws -> [[String: Any]] {
    #expect(run.exitCode == 0, "\(run.log)")
    return try #require(try run.json["sequences"] as? [[String: Any]])
  }

  private static func paths(_ sequence: [String: Any]) throws -> [[String: Any]] {
    try #require(sequence["paths"] as? [[String: Any]])
  }

  // MARK: - JSON

  /// log P(6, loaded) = log(1/2 · 1/2), by hand; an empty line is a sequence of no step.
  @Test func decodeAsJSON() throws {
    try Self.with { folder in
      let run = try Self.hmm("decode", folder("dice.json"), "-", "--json", input: "6\n\n66\n")
      let found = try Self.sequences(run)
      #expect(try run.json["schema"] as? String == "recurrent.hmm.decode/1" && found.count == 3)
      let first = try Self.paths(found[0])
      #expect(first.count == 1 && first[0]["states"] as? [String] == ["loaded"])
      let score = try #require(first[0]["log_probability"] as? Double)
      // Two operations of doubles.
      #expect(abs(score - log(0.25)) < 1e-15)
      #expect(try Self.paths(found[1])[0]["states"] as? [String] == [])
      let document = try Self.hmm(
        "decode", folder("dice.json"), "-", "--best", "3", "--json", input: "66\n")
      let best = try Self.sequences(document)
      let text = try Self.hmm("decode", folder("dice.json"), "-", "--best", "3", input: "66\n").output
      // The same paths and the same digits as the text.
      for (path, line) in zip(try Self.paths(best[0]), text.split(separator: "\n")) {
        let cells = line.split(separator: "\t").map(String.init)
        #expect((path["states"] as? [String])?.joined(separator: " ") == cells[2])
        #expect(document.output.contains("\"log_probability\": \(cells[1]),"))
      }
      #expect(try Self.paths(best[0]).count == 3)
      let tagged = try Self.sequences(
        try Self.hmm(
          "decode", folder("tagger.json"), folder("t.conll"), "--token-column", "1", "--json"))
      let tags = try Self.paths(tagged[0])[0]
      #expect(tags["states"] as? [String] == ["NOUN", "VERB"] && tags["log_probability"] is NSNull)
    }
  }

  @Test func posteriorAsJSON() throws {
    try Self.with { folder in
      let run = try Self.hmm("posterior", folder("dice.json"), "-", "--json", input: "6\n\n12\n")
      let found = try Self.sequences(run)
      #expect(try run.json["states"] as? [String] == ["fair", "loaded"])
      let rows = try found.map { try #require($0["posterior"] as? [[Double]]) }
      #expect(rows.map(\.count) == [1, 0, 2])
      // P(fair | 6) = (1/6) / (1/6 + 1/2).
      #expect(abs(rows[0][0][0] - 0.25) < 1e-14 && abs(rows[2][1][0] + rows[2][1][1] - 1) < 1e-14)
      let unknown = try Self.hmm("posterior", folder("dice.json"), "-", "--json", input: "6\n7\n")
      expectRefusal(unknown, exitCode: 65, saying: ["<stdin>:2:1: symbol \"7\" is unknown"])
    }
  }

  /// All that the file has: for symbols every probability, for numbers means and covariances.
  @Test func showAsJSON() throws {
    try Self.with { folder in
      let dice = try Self.hmm("show", folder("dice.json"), "--json").json
      #expect(dice["symbols"] as? [String] == ["1", "2", "3", "4", "5", "6"])
      #expect((dice["probabilities"] as? [[Double]])?.last == [0.1, 0.1, 0.1, 0.1, 0.1, 0.5])
      #expect(dice["unit"] as? String == "characters" && dice["columns"] is NSNull)
      expectRefusal(
        try Self.hmm("show", folder("dice.json"), "--json", "--top", "3"), exitCode: 64,
        saying: ["'--top' has no meaning with --json"])
      let head = """
        {"format": "recurrent.hmm/1", "states": ["a"], "columns": ["x", "y"], "initial": [1], "transition": [[1]],
        """
      let cases: [(String, String, (([String: Any]) -> Bool))] = [
        (
          "gaussian", "\"means\": [[1, 2]], \"covarianceKind\": \"full\", \"covariance\": [[[2, 1], [1, 3]]]",
          {
            $0["means"] as? [[Double]] == [[1, 2]]
              && $0["covariance"] as? [[[Double]]] == [[[2, 1], [1, 3]]]
              && $0["covariance_kind"] as? String == "full" && $0["columns"] as? [String] == ["x", "y"]
          }
        ),
        ("poisson", "\"rates\": [[1, 2]]", { $0["rates"] as? [[Double]] == [[1, 2]] }),
        (
          "mixture",
          "\"weights\": [[1]], \"means\": [[1, 2]], \"covarianceKind\": \"spherical\", \"covariance\": [3]",
          { $0["weights"] as? [[Double]] == [[1]] && $0["covariance"] as? [Double] == [3] }
        ),
      ]
      for (kind, members, holds) in cases {
        try folder.write("m.json", head + "\"emission\": \"\(kind)\", " + members + "}")
        let run = try Self.hmm("show", folder("m.json"), "--json")
        #expect(run.exitCode == 0, "\(run.log)")
        let found = try run.json
        #expect(holds(found), "\(found)")
      }
    }
  }

  /// The drawing is XML with a circle for each state.
  @Test func showAsDrawing() throws {
    try Self.with { folder in
      let run = try Self.hmm("show", folder("dice.json"), "--svg", folder("d.svg"), "--top", "2")
      #expect(run.exitCode == 0, "\(run.log)")
      let counter = ElementCounter()
      let parser = XMLParser(data: try folder.bytes("d.svg"))
      parser.delegate = counter
      #expect(parser.parse() && counter.names["svg"] == 1 && counter.names["circle"] == 2)
      #expect(counter.text.contains("fair") && counter.text.contains("loaded"))
    }
  }

  /// Counts elements and collects texts.
  private final class ElementCounter: NSObject, XMLParserDelegate {
    var names: [String: Int] = [:]
    var text = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) { names[name, default: 0] += 1 }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  // MARK: - Words

  /// A tagged text that fit reads again; a missing step stands as it was written, an empty line has no word.
  @Test func decodeWithWords() throws {
    try Self.with { folder in
      let tagged = try Self.hmm(
        "decode", folder("tagger.json"), folder("t.conll"), "--token-column", "1", "--words")
      #expect(tagged.output == "Dogs\tNOUN\nrun\tVERB\n\nRun\tVERB\n#\u{20}\tPUNCT\n", "\(tagged.log)")
      try folder.write("again.conll", tagged.output)
      let again = try Self.hmm(
        "score", folder("tagger.json"), folder("again.conll"), "--token-column", "1", "--label-column", "2",
        "--json")
      let all = try #require(try again.json["all_words"] as? [String: Any])
      #expect(all["words"] as? Int == 4 && all["accuracy"] as? Double == 1)
      let rolls = try Self.hmm(
        "decode", folder("dice.json"), "-", "--words", "--missing-symbol", "?", input: "6?6\n\n12\n")
      #expect(rolls.output == "6\tloaded\n?\tloaded\n6\tloaded\n\n1\tfair\n2\tfair\n")
      let document = try Self.sequences(
        try Self.hmm("decode", folder("dice.json"), "-", "--words", "--json", input: "6\n\n12\n"))
      #expect(document.map { $0["words"] as? [String] } == [["6"], [], ["1", "2"]])
      expectRefusal(
        try Self.hmm("decode", folder("dice.json"), "-", "--words", "--best", "2", input: "6\n"),
        exitCode: 64, saying: ["'--words' and '--best' exclude each other"])
      try folder.write(
        "g.json",
        """
        {"format": "recurrent.hmm/1", "emission": "poisson", "states": ["a"], "columns": ["n"], "initial": [1],
         "transition": [[1]], "rates": [[1]]}
        """)
      try folder.write("n.csv", "n\n1\n")
      expectRefusal(
        try Self.hmm("decode", folder("g.json"), folder("n.csv"), "--words"), exitCode: 64,
        saying: ["'--words' has no meaning where observations are numbers"])
    }
  }

  // MARK: - Names

  /// Names that move the cursor, end a line or a column: none of it reaches the terminal, and columns stay apart.
  @Test func namesAreEscaped() throws {
    try Self.with { folder in
      let bell = #"a\u001b[31m"#
      try folder.write(
        "odd.json",
        """
        {"format": "recurrent.hmm/1", "emission": "categorical", "states": ["\(bell)", "b\\tc\\nd e"],
         "columns": ["s"], "initial": [1, 0], "transition": [[0, 1], [0, 1]],
         "symbols": ["x\\ty", "u v"], "probabilities": [[1, 0], [0, 1]]}
        """)
      try folder.write("odd.csv", "s\n\"x\ty\"\nu v\n")
      let (escape, tab) = (#"a\u{1b}[31m"#, #"b\u{9}c\nd"#)
      let runs = [
        try Self.hmm("decode", folder("odd.json"), folder("odd.csv")),
        try Self.hmm("decode", folder("odd.json"), folder("odd.csv"), "--words"),
        try Self.hmm("posterior", folder("odd.json"), folder("odd.csv")),
        try Self.hmm("predict", folder("odd.json"), folder("odd.csv")),
        try Self.hmm("show", folder("odd.json")),
        try Self.hmm("sample", folder("odd.json"), "--steps", "2", "--with-states"),
      ]
      for run in runs {
        #expect(run.exitCode == 0 && run.output.contains(escape) && run.output.contains(tab), "\(run.log)")
        let harmful = run.output.unicodeScalars.filter {
          $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t"
        }
        #expect(harmful.isEmpty)
      }
      #expect(runs[0].output == escape + " " + tab + #"\u{20}e"# + "\n")
      #expect(runs[1].output == #"x\u{9}y"# + "\t" + escape + "\nu v\t" + tab + " e\n")
      for line in runs[2].output.split(separator: "\n") { #expect(line.count { $0 == "\t" } == 3) }
      #expect(
        runs[5].output == #"x\u{9}y u\u{20}v"# + "\n" + escape + " " + tab + #"\u{20}e"# + "\n")
      // Exactly what the model says.
      let json = try Self.hmm("decode", folder("odd.json"), folder("odd.csv"), "--json")
      let path = try Self.paths(try Self.sequences(json)[0])[0]
      #expect(path["states"] as? [String] == ["a\u{1b}[31m", "b\tc\nd e"])
    }
  }

  // MARK: - Small probabilities

  /// What is hardly possible reads so in tables, apart from what is impossible; a pipe and JSON have all digits.
  @Test func smallProbabilities() throws {
    try CommandFolder.with { folder in
      try folder.write(
        "m.json",
        """
        {"format": "recurrent.hmm/1", "emission": "categorical", "states": ["a", "b"], "unit": "characters",
         "initial": [1e-211, 1], "transition": [[1, 0], [1e-211, 1]], "symbols": ["x", "y"],
         "probabilities": [[0.5, 0.5], [1e-50, 1]]}
        """)
      let show = try Self.hmm("show", folder("m.json")).output
      #expect(show.count(of: "<0.0001") == 3 && !show.contains("e-") && show.contains("0.000"))
      let predict = try Self.hmm("predict", folder("m.json"), "-", input: "y\n").output
      #expect(predict.contains("<0.0001") && !predict.contains("e-"))
      let json = try Self.hmm("show", folder("m.json"), "--json").output
      #expect(json.contains("1e-211") && !json.contains("<"))
      let pipe = try Self.hmm("posterior", folder("m.json"), "-", input: "y\n").output
      #expect(pipe.contains("e-212\t1.0\n"), "\(pipe)")
    }
  }
}

extension String {
  fileprivate func count(of text: String) -> Int { components(separatedBy: text).count - 1 }
}
