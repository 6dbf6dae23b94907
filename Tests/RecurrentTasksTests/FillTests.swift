import Foundation
import Recurrent
import RecurrentCore
import RecurrentNN
import RecurrentReports
import RecurrentTasks
import Testing

/// Filling gaps: what the network sees, what it says, and that nothing but the text decides it.
@Suite struct FillTests {
  /// Sentences in which a letter's neighbours decide it: abc, abc, cba, …
  static let text = TextSentences(
    (0..<40).map { ["abcabc", "cbacba", "aabbcc", "abccba"][$0 % 4] })

  static func configuration(epochs: Int = 2, _ directions: FillDirections = .both) -> FillConfiguration {
    var configuration = FillConfiguration()
    configuration.embeddingSize = 4
    configuration.forwardLayers =
      directions == .reverse
      ? [] : [.recurrent(CellConfiguration(.lstm, size: 5)), .recurrent(CellConfiguration(.lstm, size: 3))]
    configuration.reverseLayers =
      directions == .forward
      ? [] : [.recurrent(CellConfiguration(.gru(.resetAfter), size: 4), direction: .reverse)]
    configuration.training = TrainerOptions(
      epochs: epochs, batchSize: 8, optimizer: .adamW(), learningRate: 0.03, clipping: .norm(1))
    return configuration
  }

  static func trained(
    _ configuration: FillConfiguration, _ text: TextSentences = FillTests.text, threads: Int = 1
  ) throws -> FillTraining {
    var run = try FillTraining(configuration, text: text, threads: threads)
    while try run.next() != nil {}
    return run
  }

  // MARK: What the network sees

  /// The output at a token is the same whatever the token is, and another where a neighbour is another: on the sides that are read.
  @Test(arguments: FillDirections.allCases) func noTokenSeesItself(directions: FillDirections) throws {
    let run = try FillTraining(Self.configuration(directions), text: Self.text)
    let model = run.model
    let runner = InferenceModel(model.network, parameters: model.parameters).runner()
    func rows(_ sentence: [Int32]) -> [[Float]] {
      var outputs: [Float] = []
      runner.run(model.symbols.symbols([sentence]), into: &outputs)
      let width = model.vocabulary.count
      return (1...sentence.count).map { Array(outputs[$0 * width..<($0 + 1) * width]) }
    }
    let sentence: [Int32] = [1, 2, 3, 1, 2]
    let before = rows(sentence)
    for changed in sentence.indices {
      var other = sentence
      other[changed] = model.symbols.blank
      let after = rows(other)
      for place in sentence.indices {
        let sees =
          directions != .reverse && changed < place || directions != .forward && changed > place
        #expect((after[place] != before[place]) == sees, "\(directions): \(changed) at \(place)")
      }
    }
  }

  private static func configuration(_ directions: FillDirections) -> FillConfiguration {
    configuration(epochs: 1, directions)
  }

  @Test func hiddenTokensAreCountedDraws() {
    let symbols = FillSymbols(tokens: 3)
    let sentences = [[Int32]](repeating: [Int32](repeating: 1, count: 50), count: 40)
    let source = FillSource(sentences, symbols: symbols, blankShare: 0.1, seed: 3)
    func hidden(_ batch: SequenceModel<Float>.Batch) -> [Bool] {
      guard case .symbols(let batch) = batch.source else { return [] }
      return batch.symbols.map { $0 == symbols.blank }
    }
    let first = hidden(source.batch(Array(0..<40), epoch: 0))
    // 2000 draws of 0.1: 200, give or take 13.
    #expect((140...260).contains(first.count(where: \.self)))
    #expect(first == hidden(source.batch(Array(0..<40), epoch: 0)))
    #expect(first != hidden(source.batch(Array(0..<40), epoch: 1)))
    // A sentence's draws do not depend on the batch.
    let alone = hidden(source.batch([7], epoch: 0))
    #expect(alone == (0..<52).map { first[$0 * 40 + 7] })
    #expect(!hidden(source.batch(Array(0..<40))).contains(true))
    // What is asked for is the text, hidden or not.
    guard case .classes(let classes) = source.batch([7], epoch: 0).targets else {
      Issue.record("targets are no classes")
      return
    }
    #expect(classes == [Int](repeating: 1, count: 50))
  }

  // MARK: What it says

  @Test func itLearnsWhatStandsBetween() throws {
    var configuration = Self.configuration(epochs: 30)
    configuration.dropout = 0
    configuration.forwardLayers = [.recurrent(CellConfiguration(.lstm, size: 16))]
    configuration.reverseLayers = [.recurrent(CellConfiguration(.lstm, size: 16), direction: .reverse)]
    let run = try Self.trained(configuration)
    let evaluation = try run.evaluate(threads: 1)
    #expect(evaluation.model.accuracy > 0.9)
    #expect(evaluation.beatsEveryBaseline)
    #expect(evaluation.model.tokens == 24 && evaluation.sentences == 4)
    let filler = TextFiller(run.model)
    let gap = try filler.fill("abc___bc", top: 10)[0]
    #expect(gap.position == 3 && gap.fillings[0].token == "a")
    // The vocabulary has a, b, c and the unknown token, which is no filling.
    #expect(gap.fillings.count == 3)
    // Sums of some probabilities in double, each rounded by 1e-16.
    #expect(gap.fillings.map(\.probability).reduce(0, +) <= 1 + 1e-9)
    #expect(gap.entropy >= 0 && gap.entropy < log(4))
    #expect(try filler.fill("a?c", marker: "?")[0].fillings[0].token == "b")
    let two = try filler.fill("___b___abc")
    #expect(two.map(\.position) == [0, 2])
    #expect(try run.model.pseudoPerplexity(of: "abcabc") < run.model.pseudoPerplexity(of: "acbbac"))
    #expect(run.report(evaluation).html().contains("pseudo-perplexity"))
  }

  @Test func textsWithoutGapsAreRefused() throws {
    let filler = TextFiller(try FillTraining(Self.configuration(), text: Self.text).model)
    for (text, marker) in [("abc", nil), ("", nil), (" ", nil), ("a___", ""), ("a___b", "?")] {
      #expect(throws: TextFiller.Problem.self) { try filler.fill(text, marker: marker) }
    }
    // A gap alone is a sentence of one token.
    #expect(try filler.fill("___").count == 1)
  }

  // MARK: Laws

  @Test func neighboursChangeNoBit() throws {
    let model = try Self.trained(Self.configuration()).model
    let sentences: [[Int32]] = [[1, 2, 3], [1], [3, 3, 2, 1, 1], [2, 1]]
    let together = model.score(sentences, threads: 2)
    let alone = sentences.map { model.score([$0], threads: 1) }
    #expect(together.first == alone.map(\.first).reduce(0, +))
    // The same losses in another order: doubles of size 1, a few dozen of them.
    #expect(abs(together.sum - alone.map(\.sum).reduce(0, +)) < 1e-9)
    #expect(model.score(sentences, threads: 1) == together)
  }

  @Test func threadsAndInterruptionsChangeNoBit() throws {
    let whole = try Self.trained(Self.configuration(epochs: 3))
    let threaded = try Self.trained(Self.configuration(epochs: 3), threads: 2)
    #expect(whole.trainer.state.parameters == threaded.trainer.state.parameters)
    var first = try FillTraining(Self.configuration(epochs: 3), text: Self.text)
    var events = 0
    while events < 6, try first.next() != nil { events += 1 }
    let bytes = try JSONEncoder().encode(first.trainer.state)
    var second = try FillTraining(Self.configuration(epochs: 3), text: Self.text)
    try second.resume(JSONDecoder().decode(TrainingState<Float>.self, from: bytes))
    while try second.next() != nil {}
    #expect(whole.trainer.state.parameters == second.trainer.state.parameters)
    #expect(whole.trainer.state.selectedParameters == second.trainer.state.selectedParameters)
  }

  @Test func aFolderGivesTheModelBack() throws {
    let path = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    let run = try Self.trained(Self.configuration())
    let folder = RunFolder(path)
    try folder.create()
    try folder.write(
      RunFiles(
        configuration: run.configurationBytes(folder), model: run.modelBytes(folder), report: "",
        events: [], log: []))
    let model = try FillFolder(path).read()
    #expect(model.parameters == run.model.parameters && model.vocabulary == run.vocabulary)
    #expect(model.configuration == run.configuration)
    #expect(throws: TaskError.self) { try LanguageModelFolder(path).read() }
  }

  // MARK: Figures

  @Test func ranksAreOfTheOrderOfTheVocabulary() {
    var figures = FillFigures(name: "")
    // Number 0 is unknown: it is never the answer, and stands in no one's way.
    figures.take(weights: [9, 1, 1, 1, 1, 1, 1], target: 1, unknown: 0)
    figures.take(weights: [9, 1, 1, 1, 1, 1, 1], target: 5, unknown: 0)
    figures.take(weights: [9, 1, 1, 1, 1, 1, 1], target: 6, unknown: 0)
    figures.take(weights: [9, 1, 1, 1, 1, 1, 1], target: 0, unknown: 0)
    #expect(figures.tokens == 4 && figures.first == 1 && figures.amongFive == 2)
    let expected: Double = 3 * log(15.0) + log(15.0 / 9)
    // Four logarithms in double.
    #expect(abs(figures.sum - expected) < 1e-12)
    var logits = FillFigures(name: "")
    let values: [Float] = [log(9), 0, 0, 0, 0, 0, 0]
    for target in [1, 5, 6, 0] {
      values.withUnsafeBufferPointer { logits.take(logits: $0, target: target, unknown: 0) }
    }
    // log 9 is in single precision.
    #expect(logits.first == 1 && logits.amongFive == 2 && abs(logits.sum - expected) < 1e-6)
  }

  /// The product of the bigrams on both sides, from the probabilities themselves.
  @Test func baselinesAreTheProductOfBothSides() throws {
    let vocabulary = try Vocabulary(tokens: ["<unk>", "a", "b"], unknown: 0)
    let sentences: [[Int32]] = [[1, 2, 1], [2, 1], [1, 1, 2]]
    let found = FillBaselines(sentences, vocabulary: vocabulary).score([[1, 2]])
    let unigram = NGramModel(sentences.flatMap(\.self), order: 1, vocabularySize: 3).probabilities(after: [])
    func model(_ all: [[Int32]]) -> NGramModel {
      let starts = all.indices.map { all[..<$0].reduce(0) { $0 + $1.count + 2 } }
      return NGramModel(
        all.flatMap { [3] + $0 + [4] }, order: 2, vocabularySize: 6, documentStarts: starts)
    }
    let (forward, backward) = (model(sentences), model(sentences.map { $0.reversed() }))
    func share(_ left: Int32, _ token: Int, _ right: Int32) -> Double {
      let weights = (0..<3).map {
        forward.probabilities(after: [left])[$0] * backward.probabilities(after: [right])[$0] / unigram[$0]
      }
      return weights[token] / weights.reduce(0, +)
    }
    #expect(found.map(\.name) == ["unigram", "bigrams on both sides"])
    // A few logarithms and products in double, here and below.
    #expect(abs(found[0].sum + log(unigram[1]) + log(unigram[2])) < 1e-12)
    #expect(abs(found[1].sum + log(share(3, 1, 2)) + log(share(1, 2, 3))) < 1e-12)
  }

  @Test func longSentencesAreCut() throws {
    var configuration = Self.configuration()
    configuration.longestSentence = 4
    let run = try FillTraining(configuration, text: Self.text)
    #expect(run.trainingCount + run.validationCount + run.heldOutCount == 80)
    #expect(throws: TaskError.self) {
      configuration.testShare = 0.9
      configuration.validationShare = 0.5
      _ = try FillTraining(configuration, text: TextSentences(["a"]))
    }
  }
}
