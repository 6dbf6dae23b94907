import Foundation
import RecurrentData
import Testing

@Suite struct VocabularyTests {
  private static let here = DataError.Place("text")

  @Test func theMostFrequentComeFirstThenTheLeast() throws {
    let counts = TokenCounts(of: ["b", "a", "c", "b", "ab", "<unk>", "a", "B"])
    #expect(counts.total == 8)
    #expect(counts["b"] == 2 && counts["none"] == 0 && counts.count == 6)
    let vocabulary = try Vocabulary(counts)
    #expect(vocabulary.tokens == ["<unk>", "a", "b", "B", "ab", "c"])
    #expect(vocabulary.unknown == 0)
    #expect(vocabulary["ab"] == 4 && vocabulary["x"] == nil)
    #expect(try vocabulary.encode(["c", "x", "a"]) == [5, 0, 1])
    #expect(vocabulary.decode([5, 0]) == ["c", "<unk>"])
    #expect(try Vocabulary(counts, Vocabulary.Rule(minimumCount: 2)).tokens == ["<unk>", "a", "b"])
    #expect(try Vocabulary(counts, Vocabulary.Rule(limit: 2)).tokens == ["<unk>", "a"])
    let whole = try Vocabulary(counts, Vocabulary.Rule(unknown: nil))
    #expect(whole.tokens == ["a", "b", "<unk>", "B", "ab", "c"])
    #expect(throws: DataError.vocabulary(.unknownToken(token: "x", count: 6), at: Self.here)) {
      try whole.id(of: "x")
    }
  }

  @Test func tokensAreTheirScalars() throws {
    let vocabulary = try Vocabulary(tokens: ["\u{212B}", "\u{C5}", "A\u{30A}"])
    #expect(vocabulary["\u{C5}"] == 1)
    #expect(vocabulary["A\u{30A}"] == 2)
    #expect(vocabulary != (try Vocabulary(tokens: ["\u{C5}", "\u{212B}", "A\u{30A}"])))
  }

  @Test func manyTokensAreFound() throws {
    let tokens = (0..<20_000).map { "token \($0 &* 7919)" }
    let vocabulary = try Vocabulary(tokens: tokens, unknown: 19_999)
    for (number, token) in tokens.enumerated() where vocabulary[token] != number { Issue.record("\(token)") }
    #expect(try vocabulary.id(of: "none") == 19_999)
  }

  @Test func whatIsStoredIsChecked() throws {
    let vocabulary = try Vocabulary(tokens: ["a", "?", "\n"], unknown: 1)
    let data = try JSONEncoder().encode(vocabulary)
    #expect(try JSONDecoder().decode(Vocabulary.self, from: data) == vocabulary)
    let place = DataError.Place("vocabulary")
    func decode(_ json: String) throws -> Vocabulary {
      try JSONDecoder().decode(Vocabulary.self, from: Data(json.utf8))
    }
    #expect(throws: DataError.vocabulary(.duplicate(token: "a", first: 0, second: 2), at: place)) {
      try decode(#"{"tokens": ["a", "b", "a"]}"#)
    }
    #expect(throws: DataError.vocabulary(.unknownOutOfRange(number: 2, count: 2), at: place)) {
      try decode(#"{"tokens": ["a", "b"], "unknown": 2}"#)
    }
    #expect(throws: DataError.vocabulary(.unknownOutOfRange(number: -1, count: 2), at: place)) {
      try decode(#"{"tokens": ["a", "b"], "unknown": -1}"#)
    }
    #expect(throws: DataError.vocabulary(.empty, at: place)) { try decode(#"{"tokens": []}"#) }
    let tokenizer = Tokenizer(.words, folding: .lowercase, separatesPunctuation: true)
    #expect(try JSONDecoder().decode(Tokenizer.self, from: JSONEncoder().encode(tokenizer)) == tokenizer)
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let model = try Vocabulary(tokens: ["a", "b"])
    try model.checkFits(model)
    #expect {
      try Vocabulary(tokens: ["a", "c"]).checkFits(model, source: "other")
    } throws: { error in
      "\(error)"
        == #"other: a vocabulary that does not fit: token 1 is "c"; expected "b"; take the vocabulary that was stored with the model"#
    }
    #expect {
      try Vocabulary(tokens: ["a"]).checkFits(model, source: "other")
    } throws: { error in
      "\(error)"
        == "other: a vocabulary that does not fit: it has 1 token; expected 2, as the model has; take the vocabulary that was stored with the model"
    }
  }

  @Test func rulesThatCannotBeKeptAreRefused() throws {
    let counts = TokenCounts(of: ["a", "a", "b", "c"])
    #expect(throws: DataError.vocabulary(.bound(name: "least count", value: 0), at: Self.here)) {
      try Vocabulary(counts, Vocabulary.Rule(minimumCount: 0))
    }
    #expect(throws: DataError.vocabulary(.bound(name: "limit", value: -3), at: Self.here)) {
      try Vocabulary(counts, Vocabulary.Rule(limit: -3))
    }
    #expect(throws: DataError.vocabulary(.leftOut(tokens: 2, example: "b"), at: Self.here)) {
      try Vocabulary(counts, Vocabulary.Rule(minimumCount: 2, unknown: nil))
    }
  }
}
