import Foundation
import RecurrentData
import RecurrentTestSupport
import Testing

@Suite struct ClassificationTests {
  /// Numbers by hand: rows are true classes.
  @Test func figuresAreThoseOfTheMatrix() throws {
    let targets = ["a", "a", "a", "b", "b", "c", "c", "c", "c", "c"]
    let predictions = ["a", "a", "b", "b", "c", "c", "c", "c", "a", "a"]
    let score = ClassificationScore(predictions: predictions, targets: targets)
    #expect(score.classes == ["a", "b", "c"])
    #expect(score.confusion == [[2, 1, 0], [0, 1, 1], [2, 0, 3]])
    #expect(score.count == 10)
    #expect(score.accuracy == 0.6)
    let figures = score.byClass
    #expect(figures.map(\.support) == [3, 2, 5])
    let precisions: [Double?] = [0.5, 0.5, 0.75]
    let twoThirds: Double = 2.0 / 3
    let fourSevenths: Double = 4.0 / 7
    let recalls: [Double?] = [twoThirds, 0.5, 0.6]
    let harmonic: [Double?] = [fourSevenths, 0.5, twoThirds]
    #expect(figures.map(\.precision) == precisions)
    #expect(figures.map(\.recall) == recalls)
    #expect(figures.map(\.f1) == harmonic)
    let mean: Double = (fourSevenths + 0.5 + twoThirds) / 3
    #expect(abs(score.macroF1 - mean) < 1e-15)
    #expect(try JSONDecoder().decode(ClassificationScore.self, from: JSONEncoder().encode(score)) == score)
  }

  @Test func classesWithoutExamplesAreNoNumber() {
    let score = ClassificationScore(
      predictions: [0, 0, 2], targets: [0, 1, 1], classes: ["a", "b", "c", "d"])
    let figures = score.byClass
    let twoThirds: Double = 2.0 / 3
    let precisions: [Double?] = [0.5, nil, 0, nil]
    let recalls: [Double?] = [1, 0, nil, nil]
    let harmonic: [Double?] = [twoThirds, 0, 0, nil]
    #expect(figures.map(\.precision) == precisions)
    #expect(figures.map(\.recall) == recalls)
    #expect(figures.map(\.f1) == harmonic)
    #expect(abs(score.macroF1 - twoThirds / 3) < 1e-15)
  }

  @Test func storedScoresAreChecked() {
    for json in [
      #"{"classes": ["a"], "confusion": [[1, 2]]}"#, #"{"classes": ["a", "b"], "confusion": [[1, 2]]}"#,
      #"{"classes": ["a"], "confusion": [[-1]]}"#, #"{"classes": ["a"], "confusion": [[0]]}"#,
    ] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(ClassificationScore.self, from: Data(json.utf8))
      }
    }
  }

  @Test func theMajorityIsTheMostFrequentThenTheFirst() {
    #expect(MajorityClass(fitting: ["b", "a", "b"]).label == "b")
    #expect(MajorityClass(fitting: ["b", "a", "b"]).share == 2.0 / 3)
    #expect(MajorityClass(fitting: ["b", "a"]).label == "a")
  }

  /// "ab" of x and "b" of y, with n-grams up to 2: features a, ab, ^a, b, b$ (each once in x) and b, b$, ^b (once in y). Six
  /// different ones; x has 5, y has 3, so the denominators are 5 + 0.5 · 6 and 3 + 0.5 · 6.
  @Test func probabilitiesAreThoseByHand() {
    let model = CharacterNGramClassifier(
      fitting: ["ab", "b"], labels: ["x", "y"], longest: 2, smoothing: 0.5)
    #expect(model.classes == ["x", "y"])
    #expect(model.featureCount == 6)
    let (x, y): (Double, Double) = (8, 6)
    // "b": features ^b, b, b$. What is new in "bq" (q, bq, q$) is left out.
    let (once, never): ([Double], [Double]) = ([1.5 / x, 1.5 / y], [0.5 / x, 0.5 / y])
    let b: [Double] = [never[0] * once[0] * once[0] / 2, once[1] * once[1] * once[1] / 2]
    for (found, expected) in zip(model.scores(of: "b"), b) { #expect(abs(found - log(expected)) < 1e-13) }
    let sum = b[0] + b[1]
    for (found, expected) in zip(model.probabilities(of: "b"), b) {
      #expect(abs(found - expected / sum) < 1e-14)
    }
    let bq: [Double] = [never[0] * once[0] / 2, once[1] * once[1] / 2]
    for (found, expected) in zip(model.scores(of: "bq"), bq) { #expect(abs(found - log(expected)) < 1e-13) }
    #expect(model.prediction(for: "b") == "y")
    #expect(model.prediction(for: "a") == "x")
    // Nothing known: the shares of the classes, here equal, so the first.
    #expect(model.prediction(for: "qq") == "x")
  }

  @Test(
    .enabled(if: SharedData.has("names-18-languages/names"), "needs names-18-languages in RECURRENT_DATA"))
  func namesTellTheirLanguage() throws {
    let folder = URL(fileURLWithPath: SharedData.path("names-18-languages/names"))
    var examples: [(name: String, language: String)] = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      for name in Set(text.split(whereSeparator: \.isNewline)).sorted() {
        examples.append((String(name), String(file.dropLast(4))))
      }
    }
    // Every tenth name of each language is held out.
    let parts = Dictionary(grouping: examples.enumerated()) { $0.offset % 10 == 9 }
    let (training, test) = (parts[false]!.map(\.element), parts[true]!.map(\.element))
    let model = CharacterNGramClassifier(
      fitting: training.map(\.name), labels: training.map(\.language), longest: 4, smoothing: 0.1)
    let targets = test.map(\.language)
    let score = ClassificationScore(
      predictions: test.map { model.prediction(for: $0.name) }, targets: targets)
    let majority = MajorityClass(fitting: training.map(\.language))
    let bar = ClassificationScore(
      predictions: targets.map { _ in majority.label }, targets: targets)
    #expect(majority.label == "Russian")
    // 0.827 and 0.552; always Russian, 0.519 and 0.038.
    #expect(score.accuracy > 0.82)
    #expect(score.macroF1 > 0.54)
    #expect(bar.accuracy < 0.53 && bar.macroF1 < 0.04)
  }
}
