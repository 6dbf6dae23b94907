import Foundation
import RecurrentData
import RecurrentTestSupport
import Testing

/// CoNLL and CoNLL-U columns, written back byte for byte.
@Suite struct ColumnFileTests {
  private static func file(_ text: String, isNumbered: Bool? = nil) throws -> ColumnFile {
    try ColumnFile(Array(text.utf8), source: "a.conllu", isNumbered: isNumbered)
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// Ten columns with a range, an empty node, a remark among words, mixed line ends and none at the end.
  private static let conllu =
    "\u{FEFF}# sent_id = 1\r\n1-2\tdon't" + String(repeating: "\t_", count: 8) + "\n"
    + "1\tdo\tdo\tAUX\tVB\t_\t0\troot\t_\t_\r\n2\tnöt\tnot\tPART\tRB\t_\t1\tadvmod\t_\tSpaceAfter=No\n"
    + "# remark\n2.1\tsay\tsay\tVERB" + String(repeating: "\t_", count: 6) + "\n\n \n"
    + "1\t#\t#\tSYM\tSYM\t_\t0\troot\t_\t_"

  @Test func conlluColumns() throws {
    let file = try Self.file(Self.conllu)
    #expect(file.isNumbered && file.sentenceCount == 2 && file.wordCount == 3 && file.columnCount == 10)
    #expect(try file.column("FORM") == [["do", "nöt"], ["#"]])
    #expect(try file.column("upos") == file.column(4))
    #expect(try file.column(10) == [["_", "SpaceAfter=No"], ["_"]])
    #expect(file.place(sentence: 0, word: 1, column: 3).description == "a.conllu:4:7")
    #expect(file.place(sentence: 1, word: 0).description == "a.conllu:9")
  }

  @Test func replacing() throws {
    let file = try Self.file(Self.conllu)
    #expect(try file.replacing("xpos", with: file.column("xpos")) == file.bytes)
    let changed = try file.replacing("upos", with: [["X1", "ÜÜÜ"], ["long long"]])
    let expected = Self.conllu.replacing("\tAUX\t", with: "\tX1\t").replacing("\tPART\t", with: "\tÜÜÜ\t")
      .replacing("#\tSYM\t", with: "#\tlong long\t")
    #expect(Self.text(changed) == expected)
  }

  @Test func appending() throws {
    let file = try Self.file("1\ta\t\n1-2\tb\tc\n\n2\td\te\r\n", isNumbered: true)
    #expect(Self.text(try file.appending([["X"], ["Y"]])) == "1\ta\t\tX\n1-2\tb\tc\t_\n\n2\td\te\tY\r\n")
    let spaced = try Self.file("# a remark\nPay  VB \r\n# #\n\nGo VB")
    #expect(
      Self.text(try spaced.appending([["1", "2"], ["3"]])) == "# a remark\nPay  VB 1 \r\n# # 2\n\nGo VB 3")
    #expect(Self.text(try Self.file("a\n\nb\n").appending([["1"], ["2 2"]])) == "a\t1\n\nb\t2 2\n")
  }

  @Test func columnsBetweenSpaces() throws {
    let file = try Self.file("EU  NNP   I-ORG\n3.1 CD O\n")
    #expect(!file.isNumbered)
    #expect(try file.column(3) == [["I-ORG", "O"]])
    #expect(file.place(sentence: 0, word: 0, column: 3).column == 11)
    #expect(Self.text(try file.replacing(2, with: [["X", "Y"]])) == "EU  X   I-ORG\n3.1 Y O\n")
  }

  /// A mark above a tab does not make it another character.
  @Test func tabsAreBytes() throws {
    #expect(try Self.file("a\t\u{301}b\n").column(2) == [["\u{301}b"]])
  }

  @Test func errors() throws {
    func text(_ body: () throws -> Void) -> String? {
      (#expect(throws: DataError.self) { try body() })?.description
    }
    let file = try Self.file("a b\nc\n")
    #expect(
      text { _ = try file.column(2) }
        == "a.conllu:2: 1 column; expected at least 2; name other columns, or correct the line")
    #expect(text { _ = try file.column("uspos") }?.contains("did you mean \"upos\"?") == true)
    #expect(text { _ = try file.column(0) }?.hasPrefix("a.conllu: there is no column \"0\"") == true)
    #expect(
      text { _ = try file.replacing(1, with: [["x y", "z"]]) }?.hasPrefix("a.conllu:1: \"x y\"") == true)
    #expect(text { _ = try file.replacing(1, with: [["x", ""]]) }?.hasPrefix("a.conllu:2: \"\"") == true)
    #expect(text { _ = try file.appending([["x", "a\tb"]]) } != nil)
    #expect(text { _ = try Self.file("# only\n\n") }?.contains("empty") == true)
    #expect(text { _ = try ColumnFile([0x61, 0xFF], source: "b") }?.hasPrefix("b:1:2: byte 255") == true)
  }

  // MARK: - Published files

  private static let hasTreebank = SharedData.has("ud-english-ewt/en_ewt-ud-dev.conllu.gz")

  @Test(
    .enabled(if: hasTreebank, "needs ud-english-ewt in RECURRENT_DATA"),
    arguments: [("train", 12_544, 204_577), ("dev", 2001, 25_147), ("test", 2077, 25_094)])
  func treebank(_ part: String, _ sentences: Int, _ words: Int) throws {
    let file = try ColumnFile(contentsOf: SharedData.path("ud-english-ewt/en_ewt-ud-\(part).conllu.gz"))
    #expect(file.isNumbered && file.sentenceCount == sentences && file.wordCount == words)
    let tags = try file.column("upos")
    #expect(Set(tags.joined()).count == 17)
    #expect(try file.replacing("upos", with: tags) == file.bytes)
    let longer = try ColumnFile(try file.appending(tags), source: "longer", isNumbered: true)
    #expect(try longer.column(11) == tags && longer.column(2) == file.column("form"))
  }

  private static let hasEmerging = SharedData.has("wnut17/wnut17train.conll.gz")

  @Test(
    .enabled(if: hasEmerging, "needs wnut17 in RECURRENT_DATA"),
    arguments: [
      ("wnut17train.conll.gz", 3394, 62_730, 1975), ("emerging.dev.conll.gz", 1009, 15_733, 836),
      ("emerging.test.annotated.gz", 1287, 23_394, 1079),
    ])
  func emergingEntities(_ name: String, _ sentences: Int, _ words: Int, _ entities: Int) throws {
    let file = try ColumnFile(contentsOf: SharedData.path("wnut17/\(name)"))
    #expect(!file.isNumbered && file.sentenceCount == sentences && file.wordCount == words)
    #expect(try file.replacing(2, with: file.column(2)) == file.bytes)
    let column = try EntityColumn(file, column: 2)
    #expect(try column.scheme() == .bio)
    #expect(column.sentences.reduce(0) { $0 + Entity.entities(in: $1).count } == entities)
    let score = EntityScore(gold: column.sentences, predicted: column.sentences.map(TagScheme.bioes.repaired))
    #expect(score.overall.correct == entities && score.overall.f1 == 1 && score.types.count == 6)
  }
}
