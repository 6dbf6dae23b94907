import RecurrentData
import Testing

/// Tags of entities: reading, writing, rules of schemes, and scores against conlleval.
@Suite struct TagSchemeTests {
  private static func tags(_ text: String) -> [EntityTag] {
    text.split(separator: " ").map { EntityTag(String($0)) ?? .outside }
  }

  private static func column(_ text: String) throws -> EntityColumn {
    let lines = text.split(separator: "|", omittingEmptySubsequences: false).map {
      $0.split(separator: " ").map { "w\t\($0)\n" }.joined()
    }
    let file = try ColumnFile(Array(lines.joined(separator: "\n").utf8), source: "a.txt")
    return try EntityColumn(file, column: 2)
  }

  @Test func texts() {
    for text in ["O", "B-PER", "I-a-b", "E-x", "S", "B"] { #expect(EntityTag(text)?.description == text) }
    for text in ["", "X-PER", "B-", "O-PER", "PER", "b-PER", "-PER", "B PER"] {
      #expect(EntityTag(text) == nil)
    }
    #expect(EntityTag("I-a-b")?.type == "a-b")
  }

  @Test(arguments: [
    (TagScheme.iob1, "I-PER I-PER B-PER O I-ORG I-PER B-PER I-PER"),
    (.bio, "B-PER I-PER B-PER O B-ORG B-PER B-PER I-PER"),
    (.bioes, "B-PER E-PER S-PER O S-ORG S-PER B-PER E-PER"),
  ])
  func oneTextInEveryScheme(_ scheme: TagScheme, _ text: String) throws {
    let tags = Self.tags(text)
    let entities = [
      Entity(type: "PER", tokens: 0..<2), Entity(type: "PER", tokens: 2..<3),
      Entity(type: "ORG", tokens: 4..<5), Entity(type: "PER", tokens: 5..<6),
      Entity(type: "PER", tokens: 6..<8),
    ]
    #expect(Entity.entities(in: tags) == entities)
    #expect(scheme.tags(entities.reversed(), count: 8) == tags)
    #expect(scheme.violations(in: tags).isEmpty)
    #expect(try Self.column(text).scheme() == scheme)
    for other in TagScheme.allCases where other != scheme {
      #expect(!other.violations(in: tags).isEmpty)
      #expect(scheme.repaired(other.repaired(tags)) == tags)
    }
  }

  /// Random tags of every letter: what was repaired has no violation, the same entities, and stays as it is.
  @Test func repairing() {
    var generator = TestGenerator(state: 5)
    for _ in 0..<3000 {
      let tags = Self.random(&generator, positions: EntityTag.Position.allCases, count: 9)
      for scheme in TagScheme.allCases {
        let repaired = scheme.repaired(tags)
        #expect(scheme.violations(in: repaired).isEmpty)
        #expect(Entity.entities(in: repaired) == Entity.entities(in: tags))
        #expect(scheme.repaired(repaired) == repaired)
        // Rules and repair agree on what is right.
        #expect(scheme.violations(in: tags).isEmpty == (repaired == tags))
      }
    }
  }

  /// White space at an end of a type would make another type of it.
  @Test func typesHaveNoWhiteSpaceAtTheirEnds() {
    for text in ["B-PER ", "B- PER", "I-\tX", "B-", "O-X", "X-PER", ""] {
      #expect(EntityTag(text) == nil, "\(text)")
    }
    for text in ["B-a b", "S-PER", "O", "B", "I-x-y"] { #expect(EntityTag(text)?.description == text) }
  }

  @Test func violationsHavePlaces() throws {
    let column = try Self.column("O I-PER|B-ORG I-PER O")
    let errors = column.violations(of: .bio).map(\.description)
    #expect(
      errors == [
        "a.txt:2:3: \"I-PER\" after \"O\"; expected I-PER only after B-PER or I-PER in bio; correct the tag, convert the file from the scheme that it has, or give --repair",
        "a.txt:5:3: \"I-PER\" after \"B-ORG\"; expected I-PER only after B-PER or I-PER in bio; correct the tag, convert the file from the scheme that it has, or give --repair",
      ])
    let ends = try Self.column("S-PER B-PER O|I-PER B-ORG").violations(of: .bioes).map(\.description)
    #expect(ends.count == 4)
    #expect(
      ends[0].hasPrefix("a.txt:3:3: \"O\" after \"B-PER\"; expected I-PER or E-PER after B-PER in bioes"))
    #expect(
      ends[1].hasPrefix("a.txt:5:3: \"I-PER\" at the beginning of a sentence; expected I-PER only after"))
    #expect(
      ends[3].hasPrefix("a.txt:6:3: the sentence ends after \"B-ORG\"; expected E-ORG or S-ORG at the end"))
  }

  @Test func schemes() throws {
    #expect(try Self.column("O O|O").scheme() == .bio)
    #expect(try Self.column("O I-PER").scheme() == .iob1)
    #expect(try Self.column("S-PER B-PER E-PER").scheme() == .bioes)
    let mixed = #expect(throws: DataError.self) { try Self.column("B-PER O|O I-PER").scheme() }
    #expect(
      mixed?.description
        == "a.txt:5:3: \"I-PER\" after \"O\", as iob1 has it; expected bio, as \"B-PER\" in line 1 says; write all tags in one scheme, or give --repair where one of the two is a slip"
    )
    let reverse = #expect(throws: DataError.self) { try Self.column("I-PER O|O B-PER").scheme() }
    #expect(
      reverse?.description.hasPrefix("a.txt:5:3: \"B-PER\" after \"O\", as bio has it; expected iob1") == true
    )
    let open = #expect(throws: DataError.self) { try Self.column("S-PER|B-PER O").scheme() }
    #expect(open?.description.hasPrefix("a.txt:4:3: \"O\" after \"B-PER\"") == true)
    let none = #expect(throws: DataError.self) { try Self.column("O PER") }
    #expect(none?.description.hasPrefix("a.txt:2:3: \"PER\" is no tag of an entity") == true)
  }

  // MARK: - Scores

  private static func random(
    _ generator: inout TestGenerator, positions: [EntityTag.Position], count: Int
  ) -> [EntityTag] {
    (0..<count).map { _ in
      EntityTag(
        positions.randomElement(using: &generator) ?? .outside,
        ["PER", "ORG"].randomElement(using: &generator) ?? "")
    }
  }

  /// Against conlleval, over tags of B, I and O, and of all letters; guesses are partly right.
  @Test(arguments: [[EntityTag.Position.outside, .begin, .inside], EntityTag.Position.allCases])
  func conlleval(_ positions: [EntityTag.Position]) {
    var generator = TestGenerator(state: 11)
    for _ in 0..<3000 {
      var (gold, guessed): ([[EntityTag]], [[EntityTag]]) = ([], [])
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let count = Int.random(in: 0...8, using: &generator)
        let sentence = Self.random(&generator, positions: positions, count: count)
        let other = Self.random(&generator, positions: positions, count: count)
        gold.append(sentence)
        guessed.append(
          zip(sentence, other).map { Int.random(in: 0..<4, using: &generator) > 0 ? $0 : $1 })
      }
      let score = EntityScore(gold: gold, predicted: guessed)
      let expected = ConllEval(
        gold: gold.map { $0.map(\.description) }, guessed: guessed.map { $0.map(\.description) })
      for type in ["PER", "ORG"] {
        let counts = score.types[type] ?? EntityScore.Counts()
        #expect(counts.gold == expected.gold[type] ?? 0)
        #expect(counts.predicted == expected.guessed[type] ?? 0)
        #expect(counts.correct == expected.correct[type] ?? 0)
      }
      #expect(score.tokens == expected.tokens && score.correctTokens == expected.correctTags)
    }
  }

  @Test func figures() {
    let score = EntityScore(
      gold: [Self.tags("B-PER I-PER O B-ORG"), []], predicted: [Self.tags("B-PER I-PER B-PER O"), []])
    let overall = score.overall
    #expect(overall.gold == 2 && overall.predicted == 2 && overall.correct == 1)
    #expect(overall.precision == 0.5 && overall.recall == 0.5 && overall.f1 == 0.5)
    #expect(score.types["ORG"]?.f1 == 0 && score.types["PER"]?.recall == 1 && score.accuracy == 0.5)
    #expect(EntityScore().overall.f1 == 0 && EntityScore().accuracy == 0)
  }
}
