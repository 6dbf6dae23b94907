import Foundation
import RecurrentCommand
import RecurrentHMM
import RecurrentTasks
import Testing

/// The guide of the command against the command.
@Suite struct DocumentationTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  private static let definitions = CommandLineTool.recurrent.verbs.map(\.definition)

  @Test(arguments: definitions) func theGuideHasEveryOption(definition: VerbDefinition) throws {
    let guide = try Self.text("Guides/Command.md")
    let sections = guide.components(separatedBy: "\n## ")
    let section = try #require(sections.first { $0.hasPrefix("recurrent \(definition.name)\n") })
    for option in definition.options {
      #expect(section.contains("`--\(option.name)`"), "\(definition.name): --\(option.name)")
      if let short = option.short { #expect(guide.contains("`-\(short)`")) }
    }
    // And no option that is not there.
    let known = Set(definition.options.map(\.name))
    for line in section.split(separator: "\n") where line.hasPrefix("| `--") {
      let names = line.dropFirst(2).prefix { $0 != "|" }.split(separator: "`").filter { $0.hasPrefix("--") }
      for name in names { #expect(known.contains(String(name.dropFirst(2))), "\(definition.name): \(name)") }
    }
    #expect(guide.contains("[`recurrent \(definition.name)`]"))
    #expect(try Self.text("README.md").contains("recurrent \(definition.name)"))
  }

  @Test func theGuideHasEveryCellAndExitCode() throws {
    let guide = try Self.text("Guides/Command.md")
    for name in CellName.all.map(\.name) + CellName.aliases.map(\.short) {
      #expect(guide.contains("`\(name)`"), "\(name)")
    }
    let codes = try #require(guide.components(separatedBy: "## Exit codes\n").last)
    let mentioned = Set(codes.split { !$0.isNumber }.compactMap { Int32($0) })
    let used = Self.definitions.flatMap(\.exitCodes) + [.success, .usage, .software, .brokenPipe]
    for code in used { #expect(mentioned.contains(code.rawValue), "\(code)") }
  }

  /// Command lines in fences and tables, wherever a reader may copy them.
  @Test(arguments: ["README.md", "Guides/Forecasting.md", "CONTRIBUTING.md"])
  func commandLinesAreRight(path: String) throws {
    var count = 0
    for line in try Self.text(path).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard let start = words.firstIndex(of: "recurrent"),
        line.hasPrefix("recurrent ") || line.hasPrefix("swift run ") || line.hasPrefix("zcat ")
      else { continue }
      let rest = Array(words[(start + 1)...])
      guard let definition = Self.definitions.first(where: { rest.starts(with: Self.words($0)) }) else {
        #expect(rest.first == "help", "\(line)")
        continue
      }
      _ = try ArgumentParser(definition).parse(Array(rest.dropFirst(Self.words(definition).count)))
      count += 1
    }
    if path != "CONTRIBUTING.md" { #expect(count > 2) }
  }

  private static func words(_ definition: VerbDefinition) -> [String] {
    definition.name.split(separator: " ").map(String.init)
  }

  /// What the guides of hidden Markov models show is what the command prints, and the figures in their text are computed.
  @Test(arguments: ["HiddenMarkovModels.md", "HiddenMarkovModels.zh.md"])
  func theGuideShowsWhatTheCommandPrints(_ name: String) throws {
    let guide = try Self.text("Guides/\(name)")
    for arguments in [["hmm", "teach", "dice", "--observe", "1,6,2"], ["hmm", "teach", "bank"]] {
      let printed = try RunCommand(arguments).output
      // The bank's last sentences are said by the guide in its own words.
      let tables = printed.components(separatedBy: "\n\nThe words before")[0]
      #expect(!tables.isEmpty && guide.contains(tables), "\(arguments)")
    }
    let model = MarkovLessons.dice
    let missing = try model.symbols(at: 1, without: SymbolSequence([0, nil, 1]))
    for value in [missing[5], missing[0]] {
      #expect(guide.contains(String(format: "%.6f", value)))
    }
  }
}
