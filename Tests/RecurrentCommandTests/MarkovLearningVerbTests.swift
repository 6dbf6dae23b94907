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
}
