import RecurrentCommand
import Testing

/// What a user's file holds must not reach the terminal as a command to it, nor bury the message.
@Suite struct TerminalLineTests {
  @Test(arguments: [
    ("plain, Füße, 風, e\u{301}", "plain, Füße, 風, e\u{301}"), ("\u{1B}[31mred", "\\u{1b}[31mred"),
    ("a\r\u{7}\u{9B}b\u{7F}", "a\\u{d}\\u{7}\\u{9b}b\\u{7f}"), ("a\nb\u{2028}c", "a\\nb\\u{2028}c"),
    ("1\u{202E}2\u{2066}3\u{200F}4", "1\\u{202e}2\\u{2066}3\\u{200f}4"),
    // A family of one character, whose parts are joined by a character of format.
    ("👨‍👩‍👧", "👨‍👩‍👧"),
  ]) func controlCharactersAreEscaped(text: String, line: String) {
    #expect(terminalLine(text) == line)
  }

  @Test func theMiddleOfALongTextIsLeftOut() {
    let text = "a.csv:3: " + String(repeating: "x", count: 5000) + "; mend it"
    let line = terminalLine(text)
    #expect(line.count < 1010 && line.hasPrefix("a.csv:3: xxx") && line.hasSuffix("xxx; mend it"))
    #expect(line.contains(" … "))
    let short = String(repeating: "x", count: 1000)
    #expect(terminalLine(short) == short)
  }

  /// Column names and words with codes that colour, in every message about a file.
  @Test func nothingOfAFileActsOnTheTerminal() throws {
    try CommandFolder.with { folder in
      let evil = "\u{1B}]0;title\u{7}" + String(repeating: "y", count: 3000)
      let lines = CommandFolder.series(rows: 300).split(separator: "\n")
      let table = lines.enumerated().map { "\($1),\($0 == 0 ? "\u{1B}[2Jname" : evil)" }.joined(
        separator: "\n")
      try folder.write("evil.csv", table + "\n")
      let options = CommandFolder.tiny + ["-o", folder("model")]
      let notes = try RunCommand(["train", "forecast", folder("evil.csv")] + options)
      #expect(notes.exitCode == 0 && notes.log.contains("\\u{1b}[2Jname"), "\(notes.log)")
      let error = try RunCommand(
        ["train", "forecast", folder("evil.csv"), "--angles", "\u{1B}[2Jname", "--overwrite", "-q"] + options)
      #expect(error.exitCode != 0 && !error.log.isEmpty)
      for log in [notes.log, error.log] {
        #expect(!log.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
        #expect(log.split(separator: "\n").allSatisfy { $0.count < 1100 })
      }
    }
  }
}
