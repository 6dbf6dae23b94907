import RecurrentData
import Testing

/// What a sentence is.
@Suite struct TextSentencesTests {
  private func sentences(_ text: String, _ cut: SentenceCut) throws -> [String] {
    try TextSentences(bytes: Array(text.utf8), cut: cut).sentences
  }

  @Test func linesAreSentences() throws {
    let text = try TextSentences(bytes: Array("\u{FEFF}a b \n\n  \r\n我饿了。我吃。\n".utf8), source: "x")
    #expect(text.sentences == ["a b", "我饿了。我吃。"])
    #expect(text.lines == [1, 4])
    #expect(text.source == "x")
  }

  @Test func marksEndSentences() throws {
    #expect(try sentences("我饿了。我吃！你呢？”好", .marks) == ["我饿了。", "我吃！", "你呢？”", "好"])
    #expect(
      try sentences("He came. \"Who?\" she said!\n3.14 is pi.", .marks) == [
        "He came.", "\"Who?\"", "she said!", "3.14 is pi.",
      ])
    #expect(try sentences("真的？！是。", .marks) == ["真的？！", "是。"])
    #expect(try sentences("。", .marks) == ["。"])
  }

  @Test func aTextWithoutSentencesIsRefused() {
    for text in ["", " \n\t\n"] {
      #expect(throws: DataError.self) { try TextSentences(bytes: Array(text.utf8)) }
    }
    #expect(throws: DataError.self) { try TextSentences(bytes: [0xFF, 0x41]) }
    #expect(throws: DataError.self) { try TextSentences(contentsOf: "/no/such/file") }
  }
}
