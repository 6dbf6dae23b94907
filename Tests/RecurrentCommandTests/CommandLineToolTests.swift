import Foundation
import RecurrentCommand
import Testing

@Suite struct CommandLineToolTests {
  let tool = CommandLineTool(summary: "paints", verbs: [SampleVerb(), OtherVerb()])

  @Test func verbsOfTwoWordsAreFound() throws {
    let result = try run(tool, "paint", "fence", "a.csv")
    #expect(result == (.success, "painted a.csv\n", ""))
  }

  @Test(arguments: [
    ([], ["no verb", "paint"]),
    (["pant"], ["unknown verb 'pant'", "did you mean 'paint'"]),
    (["--vesrion"], ["unknown option '--vesrion'", "did you mean '--version'"]),
    (["paint"], ["needs a task", "fence, wall"]),
    (["paint", "--force"], ["needs a task"]),
    (["paint", "fense"], ["unknown task 'fense'", "did you mean 'fence'"]),
    (["help", "pant"], ["unknown verb 'pant'"]),
    (["xyzzy"], ["unknown verb 'xyzzy', expected one of paint"]),
    (["paint", "a.csv"], ["unknown task 'a.csv'", "did you mean 'recurrent paint TASK a.csv'?"]),
    (["--version", "--json"], ["'--json' after '--version'"]),
    (["--version", "x"], ["'x' after '--version'"]),
    (["paint", "fence"], ["FILE is missing: ", "; see"]),
  ]) func mistakesAreNamed(arguments: [String], texts: [String]) throws {
    let captured = try CapturedConsole()
    defer { captured.remove() }
    #expect(tool.run(arguments, console: captured.console) == .usage)
    #expect(try captured.output == "")
    let log = try captured.log
    #expect(log.hasPrefix("recurrent: error: ") && log.count { $0.isNewline } == 1)
    for text in texts { #expect(log.contains(text), "\(log)") }
    #expect(!log.contains(".;"), "\(log)")
  }

  @Test func helpComesFromTheDefinition() throws {
    let page = try run(tool, "paint", "fence", "--wrong", "--help")
    #expect(page.exitCode == .success && page.log == "")
    let definition = SampleVerb().definition
    // Lines are filled anew, so texts are sought word by word.
    let words = page.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for option in definition.options {
      #expect(words.contains("--" + option.name) && words.contains(option.help))
    }
    for text in ["FILE", "[MORE…]", "default: 1,2", "light, dark", "EXAMPLES", "Three coats.", "66"] {
      #expect(page.output.contains(text), "\(text)")
    }
    #expect(page.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(try run(tool, "help", "paint", "fence").output == page.output)
    #expect(try run(tool, "paint", "-h").output.contains("paint wall"))
    #expect(try run(tool, "help", "paint") == run(tool, "paint", "-h"))
    #expect(try run(tool, "--help").output.contains("paint fence"))
  }

  @Test func definitionsAreReadableByPrograms() throws {
    let text = try run(tool, "help", "--json").output
    let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(document["schema"] as? String == "recurrent.help/1")
    let verbs = try #require(document["verbs"] as? [[String: Any]])
    let groups = try #require(verbs[0]["groups"] as? [[String: Any]])
    let options = groups.flatMap { $0["options"] as? [[String: Any]] ?? [] }
    #expect(
      options.compactMap { $0["name"] as? String } == SampleVerb().definition.options.map(\.name))
    #expect(options.first?["default"] as? String == "10")
  }

  @Test func errorsBecomeOneLineAndTheirCode() throws {
    struct Located: Error, ExitCodeProviding, CustomStringConvertible {
      var exitCode: ExitCode { .data }
      var description: String { "a.csv:3:7: found 'x',\nexpected a number" }
    }
    struct Unforeseen: Error {}
    func code(_ error: any Error) throws -> (ExitCode, String) {
      let verb = SampleVerb(name: "fail") { _, _ throws(CommandError) in throw CommandError(error) }
      let result = try run(CommandLineTool(summary: "", verbs: [verb]), "fail", "a")
      return (result.exitCode, result.log)
    }
    #expect(
      try code(Located()) == (.data, "recurrent: error: a.csv:3:7: found 'x', expected a number\n"))
    let unforeseen = try code(Unforeseen())
    #expect(unforeseen.0 == .software && unforeseen.1.contains("Unforeseen"))
    #expect(try code(CommandError("no", exitCode: .cannotCreate)).0 == .cannotCreate)
  }

  @Test func quietSilencesNotesAndNotWarnings() throws {
    let verb = SampleVerb(name: "talk") { _, console throws(CommandError) in
      console.note("a note")
      console.warn("a warning")
      try console.print("a result")
      return .failure
    }
    let talker = CommandLineTool(summary: "", verbs: [verb])
    #expect(
      try run(talker, "talk", "x")
        == (.failure, "a result\n", "a note\nrecurrent: warning: a warning\n"))
    #expect(try run(talker, "talk", "x", "-q") == (.failure, "a result\n", "recurrent: warning: a warning\n"))
  }

  /// Every example in the help of every verb is a command line that its verb accepts.
  @Test(arguments: CommandLineTool.recurrent.verbs.map(\.definition)) func examplesAreRight(
    definition: VerbDefinition
  ) throws {
    #expect(!definition.examples.isEmpty, "\(definition.name)")
    for example in definition.examples {
      // A quoted text is one word.
      let unquoted = example.command.replacing(/'[^']*'/) { $0.output.replacing(" ", with: "_") }
      let words = unquoted.split(separator: " ").map(String.init)
      let start = try #require(words.firstIndex(of: "recurrent"))
      let line = words[(start + 1)...].prefix { ![">", "|", "<", "&&"].contains($0) }
      let name = definition.name.split(separator: " ").map(String.init)
      #expect(line.starts(with: name), "\(example.command)")
      _ = try ArgumentParser(definition).parse(Array(line.dropFirst(name.count)))
    }
  }
}
