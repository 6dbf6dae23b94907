import RecurrentCommand
import Testing

@Suite struct ArgumentParserTests {
  @Test func valuesAreReadInEverySpelling() throws {
    let parsed = try SampleVerb.parse(
      "a.csv", "--epochs", "3", "--learning-rate=1e-2", "b", "--horizon", "1,2,4,8", "-f", "--shade=dark",
      "--column", "x", "--column=y=z", "c")
    #expect(parsed[SampleVerb.file] == .file("a.csv"))
    #expect(parsed[SampleVerb.more] == ["b", "c"])
    #expect(parsed[SampleVerb.epochs] == 3)
    #expect(parsed[SampleVerb.rate] == 0.01)
    #expect(parsed[SampleVerb.horizons] == [1, 2, 4, 8])
    #expect(parsed[SampleVerb.shade] == .dark)
    #expect(parsed[SampleVerb.columns] == ["x", "y=z"])
    #expect(parsed[SampleVerb.force])
    #expect(parsed.isGiven(SampleVerb.epochs) && parsed.isGiven(SampleVerb.force))
  }

  @Test func whatIsLeftOutHasItsDefault() throws {
    let parsed = try SampleVerb.parse("-", "-e", "4")
    #expect(parsed[SampleVerb.file] == .standardInput)
    #expect(parsed[SampleVerb.epochs] == 4)
    #expect(parsed[SampleVerb.rate] == 0.001)
    #expect(parsed[SampleVerb.shade] == nil)
    #expect(parsed[SampleVerb.columns] == [])
    #expect(parsed[SampleVerb.more] == [])
    #expect(!parsed[SampleVerb.force])
    #expect(!parsed.isGiven(SampleVerb.rate) && !parsed.isGiven(SampleVerb.force))
  }

  @Test func twoDashesEndTheOptions() throws {
    let parsed = try SampleVerb.parse("--", "--epochs", "-f", "--")
    #expect(parsed[SampleVerb.file] == .file("--epochs"))
    #expect(parsed[SampleVerb.more] == ["-f", "--"])
    #expect(!parsed[SampleVerb.force])
  }

  /// What is wrong, and every text that the message must contain.
  @Test(arguments: [
    (["a", "--epohcs", "3"], ["unknown option '--epohcs'", "'--epochs'"]),
    (["a", "--learning_rate=1"], ["unknown option '--learning_rate'", "'--learning-rate'"]),
    (["a", "--hlep"], ["unknown option '--hlep'", "'--help'"]),
    (["a", "-x"], ["unknown option '-x'"]),
    (["a", "--epochs"], ["'--epochs' needs a value", "at least 1"]),
    (["a", "--epochs", "--force"], ["'--epochs' needs a value", "'--epochs=--force'"]),
    (["a", "--epochs", "--", "3"], ["'--epochs' needs a value"]),
    (["a", "--epochs", "0"], ["'--epochs'", "found '0'", "a whole number of at least 1"]),
    (["a", "--epochs", "-1"], ["'--epochs'", "found '-1'"]),
    (["a", "--epochs", "3", "--epochs=4"], ["'--epochs' is given twice"]),
    (["a", "--force", "--force"], ["'--force' is given twice"]),
    (["a", "--force=yes"], ["'--force' takes no value", "'yes'"]),
    (["a", "--horizon", "1,zwei,3"], ["'--horizon'", "'zwei' in '1,zwei,3'", "at least 1"]),
    (["a", "--horizon", "1,,3"], ["'--horizon'", "'' in '1,,3'"]),
    (["a", "--shade", "drak"], ["found 'drak'", "light, dark", "did you mean 'dark'"]),
    (["a", "--learning-rate", "nan"], ["found 'nan'", "above 0"]),
    ([], ["FILE is missing", "What to read; see"]),
  ]) func mistakesAreNamed(arguments: [String], texts: [String]) throws {
    let error = try #require(throws: CommandError.self) {
      try ArgumentParser(SampleVerb().definition).parse(arguments)
    }
    #expect(error.exitCode == .usage)
    for text in texts + ["'recurrent paint fence --help'"] {
      #expect(error.message.contains(text), "\(error.message)")
    }
  }

  @Test func everyOptionWithOneLetterLeftOutIsRecognised() throws {
    for option in SampleVerb().definition.options {
      for index in option.name.indices {
        var name = option.name
        name.remove(at: index)
        let error = try #require(throws: CommandError.self) { try SampleVerb.parse("a", "--" + name) }
        #expect(error.message.contains("did you mean '--\(option.name)'?"), "\(error.message)")
      }
    }
  }

  @Test func argumentsBeyondTheDefinitionAreRefused() throws {
    let definition = VerbDefinition(
      name: "one", summary: "", arguments: [Argument("FILE", .path(), help: "")], examples: [])
    let error = try #require(throws: CommandError.self) {
      try ArgumentParser(definition).parse(["a", "b"])
    }
    #expect(error.message.contains("unexpected argument 'b', expected only FILE"))
  }

  @Test func requiredOptionsMustBeGiven() throws {
    let target = Option<String>.required("target", .text("NAME"), help: "The column to learn.")
    let definition = VerbDefinition(
      name: "one", summary: "", options: [OptionGroup("Data", target)], examples: [])
    #expect(try ArgumentParser(definition).parse(["--target", "t"])[target] == "t")
    let error = try #require(throws: CommandError.self) { try ArgumentParser(definition).parse([]) }
    #expect(error.message.contains("'--target NAME' is missing: The column to learn; see"))
  }

  @Test func helpIsSeenBeforeTheEndOfOptionsOnly() {
    #expect(ArgumentParser.asksForHelp(["a", "--epohcs", "-h"]))
    #expect(ArgumentParser.asksForHelp(["--help"]))
    #expect(!ArgumentParser.asksForHelp(["a", "--", "--help"]))
  }
}
