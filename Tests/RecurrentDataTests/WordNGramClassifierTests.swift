import Foundation
import RecurrentData
import Testing

/// Naive Bayes on words, against its formula.
@Suite struct WordNGramClassifierTests {
  private static let texts = ["Good, good day", "bad day", "good"]
  private static let labels = ["yes", "no", "yes"]

  @Test func scoresAreThoseOfTheFormula() {
    let model = WordNGramClassifier(fitting: Self.texts, labels: Self.labels, longest: 1, smoothing: 1)
    // good "," day bad: 4 features; "yes" has good 3, "," 1, day 1; "no" has bad 1, day 1.
    #expect(model.classes == ["no", "yes"] && model.featureCount == 4)
    let scores = model.scores(of: "GOOD day unknown")
    #expect(abs(scores[0] - (log(1.0 / 3) + log(1.0 / 6) + log(2.0 / 6))) < 1e-12)
    #expect(abs(scores[1] - (log(2.0 / 3) + log(4.0 / 9) + log(2.0 / 9))) < 1e-12)
    #expect(model.prediction(for: "good") == "yes" && model.prediction(for: "bad") == "no")
  }

  @Test func pairsAreFeaturesToo() {
    let model = WordNGramClassifier(fitting: Self.texts, labels: Self.labels)
    // Besides: "good ,", ", good", "good day", "bad day".
    #expect(model.featureCount == 8)
    #expect(model.prediction(for: "") == "yes")
  }

  /// The order of examples decides nothing.
  @Test func orderOfExamplesDoesNotMatter() {
    let model = WordNGramClassifier(fitting: Self.texts, labels: Self.labels)
    let other = WordNGramClassifier(fitting: Self.texts.reversed(), labels: Self.labels.reversed())
    for (own, theirs) in zip(model.scores(of: "good bad day"), other.scores(of: "good bad day")) {
      #expect(abs(own - theirs) < 1e-12)
    }
  }

  @Test func oneColumnOfATable() throws {
    let table = Array("text;stars\nfine;5\n\"so; so\";3\n".utf8)
    #expect(
      try LabelledTexts.column("text", ofTable: table, source: "t", delimiter: .semicolon) == [
        "fine", "so; so",
      ])
    #expect(throws: DataError.self) {
      try LabelledTexts.column("words", ofTable: table, source: "t", delimiter: .semicolon)
    }
    #expect(throws: DataError.self) { try LabelledTexts.column(3, ofTable: table, source: "t") }
  }
}
