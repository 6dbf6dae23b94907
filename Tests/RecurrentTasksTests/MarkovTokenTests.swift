import Foundation
import Recurrent
import RecurrentTasks
import Testing

/// Sequences of tokens from texts and from CoNLL columns, and from tables, with the place of each.
@Suite struct MarkovTokenTests {
  private static func lines(_ text: String, _ unit: TokenSequences.Unit) throws -> TokenSequences {
    try TokenSequences(lines: Array(text.utf8), source: "a.txt", unit: unit)
  }

  private static func columns(_ text: String, tokens: Int = 2, labels: Int? = 3) throws -> TokenSequences {
    try TokenSequences(columns: Array(text.utf8), source: "a.conllu", tokens: tokens, labels: labels)
  }

  private static func texts(_ sequences: TokenSequences) -> [[String]] {
    sequences.sequences.map { $0.map(\.text) }
  }

  // MARK: - Lines

  @Test(arguments: [
    "the old\tman\n\n  I 银行\n", "\u{FEFF}the old\tman\r\n\r\n  I 银行", "the old man \r\rI 银行\r",
  ])
  func words(_ text: String) throws {
    let found = try Self.lines(text, .words)
    #expect(Self.texts(found) == [["the", "old", "man"], [], ["I", "银行"]])
    #expect(found.place(sequence: 0, step: 1).description == "a.txt:1:5")
    #expect(found.sequences[2].map(\.line) == [3, 3])
  }

  @Test func characters() throws {
    let found = try Self.lines("1 62\n\né🎲\n", .characters)
    #expect(Self.texts(found) == [["1", "6", "2"], [], ["é", "🎲"]])
    #expect(found.sequences.map { $0.map(\.column) } == [[1, 3, 4], [], [1, 2]])
  }

  @Test func badBytes() {
    #expect(throws: DataError.self) { try Self.lines("", .words) }
    #expect(throws: DataError.self) { try Self.lines("\u{FEFF}", .words) }
    #expect(throws: DataError.self) {
      try TokenSequences(lines: [0x61, 0xFF, 0x62], source: "a.txt", unit: .characters)
    }
  }

  // MARK: - CoNLL

  /// Remarks, a range of words and a word that was left out are no words; "#" is one.
  @Test func conllu() throws {
    let text = """
      # sent_id = 1
      1-2\tdon't\t_
      1\tdo\tAUX
      2\tnot\tPART
      # a remark among the words
      2.1\tsay\tVERB
      3\t#\tSYM
      #\t#\tSYM

      # sent_id = 2


      1\tRun\tVERB

      """
    let found = try Self.columns(text)
    #expect(Self.texts(found) == [["do", "not", "#", "#"], ["Run"]])
    #expect(found.sequences.map { $0.compactMap(\.label) } == [["AUX", "PART", "SYM", "SYM"], ["VERB"]])
    #expect(found.place(sequence: 0, step: 1).description == "a.conllu:4:3")
  }

  /// Numbers that are words, where the words stand in the first column, and "#" between spaces.
  @Test func columnsBetweenSpaces() throws {
    let text = "# remark\nPay VB\n# #\n3.1 CD\n1990-2000 CD\n \t \nGo VB\n"
    let found = try Self.columns(text, tokens: 1, labels: 2)
    #expect(Self.texts(found) == [["Pay", "#", "3.1", "1990-2000"], ["Go"]])
  }

  @Test func missingColumn() {
    let error = #expect(throws: DataError.self) { try Self.columns("1\tdo\tAUX\n2\tnot\n") }
    #expect(error?.description.hasPrefix("a.conllu:2: 2 columns; expected at least 3") == true)
    #expect(throws: DataError.self) { try Self.columns("# only a remark\n\n") }
  }

  // MARK: - Data

  @Test func unknownSymbol() throws {
    let data = MarkovData(try Self.lines("rain sun\nrain snn\n", .words))
    #expect(data.vocabulary == ["rain", "sun", "snn"])
    let error = #expect(throws: MarkovError.self) { try data.symbolSequences(["sun", "rain"]) }
    #expect(
      error?.description == "a.txt:2:6: symbol \"snn\" is unknown to the model; the nearest it has is \"sun\""
    )
    #expect(throws: MarkovError.self) { try data.vectorSequences() }
  }

  @Test func missingSymbol() throws {
    let data = MarkovData(try Self.lines("a ? b\n", .words), missing: "?")
    let sequence = try data.symbolSequences(["a", "b"])[0]
    #expect((0..<3).map { sequence[$0] } == [0, nil, 1])
    #expect(data.vocabulary == ["a", "b"] && data.labels == nil)
  }

  private static func table(_ text: String) throws -> Table {
    try Table(bytes: Array(text.utf8), source: "a.csv", options: TableOptions(time: .none))
  }

  @Test func tables() throws {
    let table = try Self.table("day,x,y,sky\n1,1,2,sun\n1,,3,NA\n2,4,5,?\n")
    let vectors = try MarkovData(table, columns: ["x", "y"], sequence: "day", asSymbols: false)
    let sequences = try vectors.vectorSequences()
    #expect(sequences.map(\.count) == [2, 1] && sequences[0].isMissing(1) && !sequences[1].isMissing(0))
    #expect(sequences[0][0] == [1, 2] && vectors.stepCount == 3 && vectors.sequenceCount == 2)
    #expect(vectors.place(sequence: 1, step: 0, column: 1) == "a.csv:4:5")
    // Of a step behind the last, the last row of the sequence.
    #expect(vectors.place(sequence: 0, step: 2, column: 1) == "a.csv:3:4")
    #expect(
      vectors.error(.cannotEnd(sequence: 0)).description
        == "a.csv:3:3: sequence 1 is impossible under the model (log-likelihood -infinity): it cannot end behind its last step"
    )
    let skies = try MarkovData(table, columns: ["sky"], sequence: nil, asSymbols: true, missing: "?")
    #expect(skies.vocabulary == ["sun"] && skies.sequenceCount == 1 && skies.stepCount == 3)
    for columns in [["z"], ["x", "z"]] {
      #expect(throws: DataError.self) {
        try MarkovData(table, columns: columns, sequence: nil, asSymbols: false)
      }
    }
  }

  /// A fault in the second column is shown there.
  @Test func placeOfFault() throws {
    let data = try MarkovData(
      try Self.table("x,y\n1,1\n2,-5\n3,3\n"), columns: ["x", "y"], sequence: nil, asSymbols: false)
    let error = #expect(throws: MarkovError.self) { try MarkovLearning(kind: .poisson).learn(data) }
    #expect(error?.description.hasPrefix("a.csv:3:3: found -5.0, expected a count") == true)
  }

  /// Lines are counted as editors and compilers count them, whatever else Unicode calls a line's end.
  @Test func linesEndWithLineFeeds() throws {
    let tokens = try Self.lines("1 2\u{B}3\u{85}4\u{2028}5\r\nzz\rlast", .words)
    #expect(tokens.sequences.map { $0.map(\.text) } == [["1", "2", "3", "4", "5"], ["zz"], ["last"]])
    #expect("\(tokens.place(sequence: 1, step: 0))" == "a.txt:2:1")
  }
}
