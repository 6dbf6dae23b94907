import RecurrentCommand
import Testing

/// One list of cells for every verb.
@Suite struct CellNameTests {
  @Test func theGradientCheckHasTheSameNames() {
    #expect(GradientCaseFilter.allCells == CellName.all.map(\.name))
  }

  @Test func shortNamesAreOfCellsInTheList() {
    for alias in CellName.aliases {
      #expect(CellName(alias.short) == CellName(alias.name))
      #expect(CellName(alias.short)?.name == alias.name)
    }
    #expect(CellName("gru-reset") == nil && CellName("") == nil && CellName("LSTM") == nil)
  }

  /// The same words, and the same advice, wherever a cell is named.
  @Test(arguments: [
    ["train", "forecast", "a.csv", "--target", "x", "-o", "model"], ["inspect"], ["gradcheck"],
  ]) func everyVerbKnowsThem(line: [String]) throws {
    for (wrong, nearest) in [
      ("lstn", "lstm"), ("rnn-tanhh", "rnn-tanh"), ("gru-reset-befor", "gru-reset-before"),
    ] {
      let captured = try CapturedConsole()
      defer { captured.remove() }
      #expect(
        CommandLineTool.recurrent.run(line + ["--cell", wrong], console: captured.console) == .usage)
      let log = try captured.log
      #expect(log.contains("did you mean '\(nearest)'?") && log.contains("rnn-tanh, rnn-relu"), "\(log)")
    }
    let verb = try #require(
      CommandLineTool.recurrent.verbs.first {
        line.starts(with: $0.name.split(separator: " ").map(String.init))
      })
    let cell = try #require(verb.definition.options.first { $0.name == "cell" })
    #expect(cell.value?.choices == CellName.all.map(\.name) + CellName.aliases.map(\.short))
    #expect(cell.help.contains("rnn is short for rnn-tanh, gru is short for gru-reset-after"))
  }

  @Test func shortAndLongMeanTheSameNetwork() throws {
    for alias in CellName.aliases {
      let (short, long) = try (
        RunCommand("gradcheck", "--list", "--cell", alias.short),
        RunCommand("gradcheck", "--list", "--cell", alias.name)
      )
      #expect(short.exitCode == 0 && short.output == long.output && short.output.contains(alias.name))
      #expect(
        try RunCommand("inspect", "--cell", alias.short, "--json").output
          == RunCommand("inspect", "--cell", alias.name, "--json").output)
    }
  }
}
