import Foundation
import RecurrentTestSupport
import Testing

import RecurrentData

@Suite struct TokenizerTests {
  @Test func charactersAreScalars() {
    let tokens = Tokenizer().tokens(of: "Ae\u{301}\n你 ")
    #expect(tokens.map { Array($0.unicodeScalars) } == ["A", "e", "\u{301}", "\n", "你", " "].map { [$0] })
    #expect(Tokenizer().text(of: tokens) == "Ae\u{301}\n你 ")
    #expect(Tokenizer(.characters, folding: .lowercase).tokens(of: "ÄB") == ["ä", "b"])
  }

  @Test func wordsAreBetweenWhiteSpace() {
    let text = " “Don't go,” he\u{A0}said\n(twice) -- ... "
    #expect(
      Tokenizer(.words).tokens(of: text) == ["“Don't", "go,”", "he", "said", "(twice)", "--", "..."])
    let apart = Tokenizer(.words, folding: .lowercase, separatesPunctuation: true)
    #expect(
      apart.tokens(of: text)
        == ["“", "don't", "go", ",", "”", "he", "said", "(", "twice", ")", "-", "-", ".", ".", "."])
    #expect(apart.text(of: ["a", "b"]) == "a b")
  }

  @Test func bytesGoAndComeBack() {
    let tokens = Tokenizer(.bytes).tokens(of: "ä€")
    #expect(tokens.map { $0.unicodeScalars.first!.value } == [0xC3, 0xA4, 0xE2, 0x82, 0xAC])
    #expect(Tokenizer(.bytes).text(of: tokens) == "ä€")
    #expect(Tokenizer(.bytes).text(of: tokens.dropLast() + ["<unk>"]) == "ä\u{FFFD}<unk>")
  }

  @Test func lettersAreFoldedLineByLine() {
    let text = "  The Time-Traveller (1895),\r\nby H.\n\n 12\nWells ä"
    #expect(
      Tokenizer(.characters, folding: .letters).tokens(of: text).joined() == "the time traveller" + "by h"
        + "wells")
    #expect(
      Tokenizer(.words, folding: .letters).tokens(of: text)
        == ["the", "time", "traveller", "by", "h", "wells"])
  }

  @Test func whiteSpaceIsUnicodes() {
    for value in UInt32(0)...0x10FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      if isWhitespace(value) != scalar.properties.isWhitespace {
        Issue.record("U+\(String(value, radix: 16))")
      }
    }
  }

  @Test(.enabled(if: SharedData.has("timemachine/timemachine.txt"), "needs timemachine in RECURRENT_DATA"))
  func theTimeMachineHasThePublishedFigures() throws {
    let path = SharedData.path("timemachine/timemachine.txt")
    let characters = try TokenCorpus(
      contentsOf: path, tokenizer: Tokenizer(.characters, folding: .letters))
    #expect(characters.count == 170_580)
    #expect(characters.vocabulary.count == 28)
    #expect(characters.vocabulary.tokens.prefix(3) == ["<unk>", " ", "e"])
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let tokens = Tokenizer(.characters, folding: .letters).tokens(of: text)
    #expect(characters.ids(in: 0..<characters.count) == (try characters.vocabulary.encode(tokens)))
    let words = TokenCounts(of: Tokenizer(.words, folding: .letters).tokens(of: text))
    #expect(words.mostFrequentFirst.prefix(3).map(\.token) == ["the", "i", "and"])
    #expect(words.mostFrequentFirst.prefix(3).map(\.count) == [2261, 1267, 1245])
  }
}
