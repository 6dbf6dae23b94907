import Recurrent
import RecurrentCore
import RecurrentNN
import RecurrentTasks
import Testing

/// Hidden states by themselves: those of the network, of each sentence alone.
@Suite struct TextEncoderTests {
  private static let sentences = ["ab", "b", "abba", "bbabaab"]

  private func languageModel(
    _ layers: [LayerConfiguration], embedding: Int? = 3
  ) throws -> LanguageModel {
    var configuration = LanguageModelConfiguration()
    configuration.layers = layers
    configuration.embeddingSize = embedding
    configuration.steps = 4
    configuration.training.batchSize = 2
    let text = String(repeating: "abbaab", count: 30)
    let corpus = try TokenCorpus(bytes: Array(text.utf8), tokenizer: Tokenizer(.characters))
    return try LanguageModelTraining(configuration, corpus: corpus).model
  }

  private func fillModel() throws -> FillModel {
    try FillTraining(
      FillTests.configuration(), text: TextSentences([String](repeating: "abba", count: 20))
    ).model
  }

  private static let two = LayerConfiguration.bidirectional(
    forward: CellConfiguration(.lstm, size: 3), reverse: CellConfiguration(.lstm, size: 3),
    merge: .concatenate)

  /// A model that reads no marks: what its body gives is what the encoder gives.
  @Test(arguments: [Merge.concatenate, .sum, .mean, .product])
  func statesAreThoseOfTheNetwork(merge: Merge) throws {
    let lower = LayerConfiguration.bidirectional(
      forward: CellConfiguration(.simple(.tanh), size: 4),
      reverse: CellConfiguration(.gru(.resetAfter), size: 4),
      merge: merge)
    let model = try languageModel([lower, .dropout(rate: 0.5), Self.two])
    let encoder = try TextEncoder(model)
    #expect(encoder.sizes.map(\.forward) == [4, 3] && encoder.sizes.map(\.reverse) == [4, 3])
    let vectors = try #require(try encoder.vectors(of: "abba"))
    let runner = InferenceModel(layer: model.network.body, parameters: model.parameters).runner()
    var outputs: [Float] = []
    runner.run(
      SymbolBatch(steps: 4, batchSize: 1, vocabulary: model.vocabulary.count, symbols: vectors.ids),
      into: &outputs)
    #expect(vectors.levels[1].states.elements == outputs)
    #expect(vectors.levels[0].forward?.columns == 4 && vectors.levels[0].reverse?.columns == 4)
    // And the final states of the network are the summary.
    let final = runner.finalState.components.filter { $0.path.hasSuffix("hidden") }.map(\.value.elements)
    #expect(vectors.levels.flatMap(\.summary) == final.flatMap(\.self))
  }

  @Test func staticVectorsAreRowsOrColumns() throws {
    let model = try languageModel([Self.two])
    let slot = try #require(model.network.layout["embedding.weight"])
    let vectors = try #require(try TextEncoder(model).vectors(of: "ba"))
    for (row, id) in vectors.ids.enumerated() {
      #expect(vectors.staticVectors.row(row) == model.parameters[slot].row(Int(id)))
    }
    let oneHot = try languageModel([Self.two], embedding: nil)
    let columns = try #require(try TextEncoder(oneHot).vectors(of: "a")).staticVectors
    let weights = oneHot.network.layout.slots.filter { $0.name.hasSuffix("weightInput") }
    #expect(weights.count == 2 && columns.columns == 24)
    let id = try #require(oneHot.vocabulary["a"])
    #expect(
      columns.elements
        == weights.flatMap { slot in (0..<12).map { oneHot.parameters[slot][$0, id] } })
  }

  /// Bits are those of the sentence alone, whatever stands beside it and however many threads share the text.
  @Test func companyChangesNoBit() throws {
    for encoder in [
      try TextEncoder(fillModel()), try TextEncoder(languageModel([Self.two])),
      try TextEncoder(languageModel([.recurrent(CellConfiguration(.lstm, size: 64))])),
    ] {
      let together = try encoder.vectors(of: Self.sentences, threads: 2)
      let turned = try encoder.vectors(of: Self.sentences.reversed()).reversed()
      #expect(together == Array(turned))
      for (sentence, found) in zip(Self.sentences, together) {
        #expect(try encoder.vectors(of: sentence) == found)
      }
    }
  }

  /// Directions of different height have their tops side by side; the marks are read and not shown.
  @Test func branchesOfAFillModel() throws {
    let encoder = try TextEncoder(fillModel())
    #expect(encoder.sizes.map(\.forward) == [5, 3] && encoder.sizes.map(\.reverse) == [0, 4])
    #expect(encoder.staticSize == 4)
    let vectors = try #require(try encoder.vectors(of: "abba"))
    #expect(vectors.levels[0].reverse == nil)
    let top = vectors.levels[1]
    #expect(top.states.rows == 4 && top.states.columns == 7)
    #expect(top.summary == (top.forward?.row(3) ?? []) + (top.reverse?.row(0) ?? []))
    #expect(top.states.row(2) == (top.forward?.row(2) ?? []) + (top.reverse?.row(2) ?? []))
    // The forward states at a token do not know what is behind it, the reverse ones do not know what is before it.
    let other = try #require(try encoder.vectors(of: "abbb")).levels[1]
    #expect(other.forward?.row(2) == top.forward?.row(2) && other.reverse?.row(2) != top.reverse?.row(2))
    let another = try #require(try encoder.vectors(of: "bbba")).levels[1]
    #expect(another.reverse?.row(1) == top.reverse?.row(1) && another.forward?.row(1) != top.forward?.row(1))
    #expect(try encoder.vectors(of: "") == nil)
  }

  @Test func oneTokenInTwoContexts() throws {
    let vectors = try #require(try TextEncoder(fillModel()).vectors(of: "abba"))
    let states = vectors.levels[1].states
    // Sums of a few products in double.
    #expect(abs(cosine(vectors.staticVectors.row(0), vectors.staticVectors.row(3)) - 1) < 1e-12)
    #expect(cosine(states.row(0), states.row(3)) < 1)
    #expect(cosine([3, 4], [4, -3]) == 0 && abs(cosine([1, 0], [1, 1]) - 0.5.squareRoot()) < 1e-12)
    #expect(cosine([0, 0], [1, 1]) == 0)
  }

  @Test func modelsWithoutStatesAreRefused() throws {
    #expect(throws: TaskError.self) {
      try TextEncoder(languageModel([.linear(outputs: 3)], embedding: 2))
    }
  }
}
