import Foundation
import Recurrent
import RecurrentCore
import RecurrentNN
import RecurrentReports
import RecurrentTasks
import Testing

/// What explanations say against what the models themselves say.
@Suite struct ExplanationTests {
  private static let text = String(repeating: "the cat sat on the mat. a dog is not a mat. ", count: 12)

  private static func languageModel(
    _ layers: [LayerConfiguration] = [.recurrent(CellConfiguration(.lstm, size: 6))], embedding: Int? = 4,
    unit: TokenUnit = .characters
  ) throws -> LanguageModel {
    var configuration = LanguageModelConfiguration()
    configuration.layers = layers
    configuration.embeddingSize = embedding
    configuration.tokenizer = Tokenizer(unit)
    configuration.steps = 8
    configuration.training.epochs = 2
    configuration.training.batchSize = 4
    var run = try LanguageModelTraining(
      configuration, corpus: TokenCorpus(bytes: Array(text.utf8), tokenizer: Tokenizer(unit)))
    while try run.next() != nil {}
    return run.model
  }

  @Test func theLossOfAllTokensIsTheModels() throws {
    for embedding in [4, nil] {
      let model = try Self.languageModel(embedding: embedding)
      let text = "the dog sat"
      let all = try model.explanation(of: text, asking: .all)
      let corpus = try TokenCorpus(
        bytes: Array(text.utf8), tokenizer: Tokenizer(.characters), vocabulary: model.vocabulary)
      // The model's loss is summed from logarithms in single precision, 6e-8 of numbers of size 3 for each of some twenty weights;
      // this one is made in double precision from the same logits.
      #expect(abs(all.loss - model.score(corpus).sum) < 1e-4 * all.loss)
      let parts = try (2...11).map { try model.explanation(of: text, asking: .token($0)).loss }
      // The same logits, summed in another order in double.
      #expect(abs(parts.reduce(0, +) - all.loss) < 1e-9 * all.loss)

      let layer = try #require(all.layers.first)
      #expect(all.layers.count == 1 && layer.cell == "LSTM" && layer.units == 6)
      #expect(layer.quantities.map(\.name).suffix(2) == ["hidden", "cell"])
      #expect(layer.gates.count == 4 && layer.gates.filter(\.isGate).count == 3)
      for quantity in layer.quantities {
        #expect(quantity.values.count == 11 && quantity.values.allSatisfy { $0.count == 6 })
        if quantity.isGate { #expect(quantity.values.joined().allSatisfy { $0 > 0 && $0 < 1 }) }
      }
      // The last step predicts nothing that is asked for.
      #expect(layer.gradients[0].norms[10] == 0 && layer.gradients[0].norms[..<10].allSatisfy { $0 > 0 })
      #expect(all.saliency.count == 11 && all.saliency[10] == 0 && all.saliency[0] > 0)
    }
  }

  /// The answer is the token that would be generated, and its gradient comes from the last step.
  @Test func theAnswerIsTheNextToken() throws {
    let model = try Self.languageModel()
    let explanation = try model.explanation(of: "the ca")
    var generator = try TextGenerator(
      model, prompt: "the ca", rule: SamplingRule(temperature: 0))
    let said = generator.next()
    let next = try #require(said)
    #expect(explanation.question == "−log P(the next token is \(quoted(next)))")
    #expect(explanation.loss > 0 && explanation.saliency.allSatisfy { $0 > 0 })
    let unknown = try model.explanation(of: "the Ωa")
    #expect(unknown.steps.map(\.isUnknown) == [false, false, false, false, true, false])
    #expect(try ExplanationDrawing(unknown).stepNames == ["t", "h", "e", "␣", "Ω*", "a"])
  }

  /// Where nothing stands for unknown tokens, one is an error that names it.
  @Test func tokensThatNothingStandsFor() throws {
    var configuration = LanguageModelConfiguration()
    configuration.layers = [.recurrent(CellConfiguration(.lstm, size: 3))]
    configuration.steps = 8
    configuration.vocabulary.unknown = nil
    configuration.training.epochs = 1
    configuration.training.batchSize = 4
    let run = try LanguageModelTraining(
      configuration,
      corpus: TokenCorpus(
        bytes: Array(Self.text.utf8), tokenizer: Tokenizer(.characters), rule: configuration.vocabulary))
    #expect(throws: ExplanationProblem.self) { try run.model.explanation(of: "the Ω") }
    do {
      _ = try run.model.explanation(of: "the Ω", source: "a.txt")
    } catch {
      #expect("\(error)".contains("a.txt") && "\(error)".contains("\"Ω\""))
    }
    #expect(try run.model.explanation(of: "the").steps.count == 3)
  }

  /// ‖∂L/∂x‖ of an embedding's row by differences.
  @Test func saliencyIsADifference() throws {
    let model = try Self.languageModel(unit: .words)
    let text = "the dog sat on"
    let question = Explanation.Question.token(4)
    let explanation = try model.explanation(of: text, asking: question)
    let slot = try #require(model.network.layout.slots.first { $0.name.hasPrefix("embedding") })
    for (t, word) in text.split(separator: " ").enumerated() where t < 3 {
      let row = try #require(model.vocabulary[String(word)])
      var square = 0.0
      for f in 0..<slot.columns {
        let losses = [-2e-2, 2e-2].map { amount -> Double in
          var parameters = model.parameters
          parameters.values[slot.offset + row * slot.columns + f] += Float(amount)
          let ids: [Int32] = text.split(separator: " ").map { Int32(model.vocabulary[String($0)] ?? 0) }
          let outputs = model.network.outputs(
            SymbolBatch(steps: 4, batchSize: 1, vocabulary: model.vocabulary.count, symbols: ids).oneHot(),
            parameters: PackedParameters(parameters)
          ).outputs
          let logits = outputs.row(2).map(Double.init)
          return log(logits.reduce(0) { $0 + exp($1) }) - logits[Int(ids[3])]
        }
        square += pow((losses[1] - losses[0]) / 4e-2, 2)
      }
      // Differences of steps h = 2e-2 miss h² |L‴| / 6, of curvatures of size 1 some 1e-4, and a loss has logits in single precision:
      // 1e-6 over 4e-2 beside a norm of some hundredths.
      #expect(abs(explanation.saliency[t] / square.squareRoot() - 1) < 2e-3, "\(word)")
    }
  }

  /// Both chains of a bidirectional network, each towards its own beginning.
  @Test func bothChains() throws {
    let layer = LayerConfiguration.bidirectional(
      forward: CellConfiguration(.simple(.tanh), size: 4),
      reverse: CellConfiguration(.gru(.resetAfter), size: 3))
    let model = try Self.languageModel([layer, layer])
    let explanation = try model.explanation(of: "the cat sat", asking: .token(6))
    #expect(
      explanation.layers.map(\.name) == [1, 2].flatMap { ["layer \($0), forward", "layer \($0), reverse"] })
    #expect(explanation.layers.map(\.cell) == ["SimpleRNN", "GRU", "SimpleRNN", "GRU"])
    let (forward, reverse) = (
      explanation.layers[2].gradients[0].norms, explanation.layers[3].gradients[0].norms
    )
    // The loss stands at step 4: the upper forward chain knows of it up to there, the reverse one from there on.
    #expect(forward.indices.filter { forward[$0] > 0 } == Array(0...4))
    #expect(reverse.indices.filter { reverse[$0] > 0 } == Array(4...10))
    #expect(explanation.layers[0].gradients[0].norms.allSatisfy { $0 > 0 })
  }

  @Test func classifiersOfTextsAndSeries() throws {
    var run = try ClassifierTraining(
      ClassifierTests.tiny(epochs: 4), data: try ClassifierTests.texts(), threads: 1)
    while try run.next() != nil {}
    let model = run.model
    let probabilities = try model.runner().probabilities(of: ["axyz"])[0]
    for (label, probability) in zip(model.labels, probabilities) {
      let explanation = try model.explanation(of: "axyz", asking: .label(label))
      // Logits in single precision, of size 1.
      #expect(abs(explanation.loss + log(probability)) < 1e-6)
      #expect(explanation.steps.map(\.text) == ["a", "x", "y", "z"])
      // Final states of both directions: the forward chain is asked at the end, the reverse one at the beginning.
      for layer in explanation.layers { #expect(layer.gradients[0].norms.allSatisfy { $0 > 0 }) }
    }
    #expect(throws: ExplanationProblem.self) { try model.explanation(of: "a", asking: .label("c")) }
    #expect(throws: ExplanationProblem.self) { try model.explanation(of: "a", asking: .token(1)) }
    #expect(throws: ExplanationProblem.self) { try model.explanation(of: "") }

    let data = try ClassifierTests.series()
    var other = try ClassifierTraining(ClassifierTests.tiny(), data: data, threads: 1)
    while try other.next() != nil {}
    guard case .series(let series) = data.examples else {
      Issue.record("examples are no series")
      return
    }
    let explanation = try other.model.explanation(of: series, at: 2)
    #expect(explanation.steps.map(\.text) == ["1", "2", "3", "4", "5"])
    let best = try other.model.runner().probabilities(of: series)[2].max() ?? 0
    // As above.
    #expect(abs(explanation.loss + log(best)) < 1e-6)
    #expect(throws: ExplanationProblem.self) { try model.explanation(of: series, at: 0) }
    #expect(throws: ExplanationProblem.self) { try other.model.explanation(of: "a") }
  }

  /// Bytes are shown by their numbers where they are no letters, not as letters of another encoding.
  @Test func bytesAreNumbers() throws {
    let model = try Self.languageModel(unit: .bytes)
    let drawing = try ExplanationDrawing(try model.explanation(of: "a é~"))
    #expect(drawing.stepNames == ["a", "␣", "0xC3*", "0xA9*", "~*"])
    // |gates|, of an LSTM four, h and c, their two gradients, and what L depends on.
    #expect(drawing.cells == 5 * (4 + 2 + 2 + 1))
    let units = try ExplanationDrawing(try model.explanation(of: "a é~"), units: .all)
    #expect(units.cells == 5 * (6 * (4 + 2) + 2 + 1))
  }

  @Test(arguments: [TaggerConfiguration.Output.softmax, .field]) func taggers(
    _ output: TaggerConfiguration.Output
  ) throws {
    var configuration = TaggerTests.small(epochs: 3, label: 2)
    configuration.output = output
    var run = try TaggerTraining(configuration, file: try TaggerTests.example("tagged-english"))
    while try run.next() != nil {}
    let words = ["Anna", "Weber", "lives", "in", "Xyzzy"]
    let tagging = run.model.tag([words], needsProbabilities: true)[0]
    for (t, probability) in tagging.probabilities.enumerated() {
      let explanation = try run.model.explanation(of: words, asking: .token(t + 1))
      // Scores of five words in single precision.
      #expect(abs(explanation.loss + log(probability)) < 1e-5)
      #expect(explanation.saliency.allSatisfy { $0 > 0 } && explanation.steps[4].isUnknown)
    }
    #expect(
      try run.model.explanation(of: words).loss == run.model.explanation(of: words, asking: .token(5)).loss)
    let all = try run.model.explanation(of: words, asking: .all).loss
    #expect(all > 0 && all.isFinite)
    if output == .softmax {
      // As above, summed over the words.
      #expect(abs(all + tagging.probabilities.reduce(0) { $0 + log($1) }) < 1e-5)
    }
    #expect(throws: ExplanationProblem.self) { try run.model.explanation(of: words, asking: .token(6)) }
    #expect(throws: ExplanationProblem.self) { try run.model.explanation(of: []) }
  }

  /// `tag` and `explain` say the same of a word: whether it has a vector of its own. Whether it was seen is another question.
  @Test func wordsWithoutAVector() throws {
    for foldsCase in [true, false] {
      var configuration = TaggerTests.small(epochs: 1, label: 2)
      configuration.foldsCase = foldsCase
      (configuration.testShare, configuration.validationShare) = (0, 0)
      let model = try TaggerTraining(configuration, file: try TaggerTests.example("tagged-english")).model
      // Twice in the text, once, never so spelled, never.
      let words = ["lives", "Apples", "LIVES", "Xyzzy"]
      #expect(words.map { model.vocabulary.wasSeen($0) } == [true, true, false, false])
      let own = words.map { model.vocabulary.hasVector($0, model.configuration) }
      #expect(own == [true, false, foldsCase, false])
      let explanation = try model.explanation(of: words)
      #expect(explanation.steps.map(\.isUnknown) == own.map { !$0 })
      #expect(model.wordsWithoutVector(in: words).unknown == own.count { !$0 })
      let note = try ExplanationDrawing(explanation).text(width: 80)
      #expect(note.contains("a word without a vector of its own"))
    }
  }

  @Test func gaps() throws {
    let model = try FillTests.trained(FillTests.configuration()).model
    let all = try model.explanation(of: "abccba", asking: .all)
    // Six logarithms of single-precision logits.
    #expect(abs(exp(all.loss / 6) / (try model.pseudoPerplexity(of: "abccba")) - 1) < 1e-5)
    // The marks are steps, and branches have numbers of their own.
    #expect(all.steps.count == 8 && all.tokenNumbers == [nil, 1, 2, 3, 4, 5, 6, nil])
    #expect(all.layers.map(\.name) == ["layer 1, forward", "layer 2, forward", "layer 1, reverse"])
    let gap = try model.explanation(of: " a___ccb ")
    let best = try TextFiller(model).fill("a___ccb")[0].fillings[0]
    #expect(gap.question.contains("token 2 is \(quoted(best.token))"))
    // The probability is of the same logits, in single precision.
    #expect(abs(gap.loss + log(best.probability)) < 1e-6)
    #expect(gap.steps[2].text == "___" && !gap.steps[2].isUnknown)
    // No token sees itself.
    #expect(gap.saliency[2] == 0 && gap.saliency[1] > 0 && gap.saliency[3] > 0)
    #expect(try model.explanation(of: "ab").saliency[2] == 0)
    #expect(throws: ExplanationProblem.self) { try model.explanation(of: "  ") }
  }

  /// Rows by differences of the forecast itself; the gradient reaches the final state and goes back from there.
  @Test func forecasters() throws {
    var configuration = ForecastConfiguration.small(window: 6)
    configuration.layers = [
      .bidirectional(
        forward: CellConfiguration(.lstm, size: 3), reverse: CellConfiguration(.gru(.resetBefore), size: 2))
    ]
    let run = try trained(configuration, Series.noisy(rows: 300).table())
    let (model, data) = (run.model, run.data)
    let explanation = try model.explanation(of: data, asking: .token(3))
    #expect(explanation.steps.count == 6 && explanation.unit == nil)
    #expect(explanation.layers.map(\.name) == ["layer 1, forward", "layer 1, reverse"])
    for layer in explanation.layers { #expect(layer.gradients[0].norms.allSatisfy { $0 > 0 }) }
    let last = data.frame.rowCount - 1
    let inputs = data.inputs(endingAt: [last], as: Float.self)
    let packed = PackedParameters(model.parameters)
    func output(_ window: SequenceBatch<Float>) -> Double {
      Double(model.network.outputs(window: window, ahead: inputs.ahead, parameters: packed)[0, 1])
    }
    // An output in single precision.
    #expect(abs(explanation.loss - output(inputs.window)) < 1e-6)
    for t in 0..<6 {
      var square = 0.0
      for f in 0..<inputs.window.features {
        let values = [Float(-2e-2), 2e-2].map { amount in
          var moved = inputs.window
          moved[t, 0, f] += amount
          return output(moved)
        }
        square += pow((values[1] - values[0]) / 4e-2, 2)
      }
      // Again h² / 6 = 7e-5 of curvatures of size 1, and outputs in single precision, 1e-6 over 4e-2, in each of several features.
      #expect(abs(explanation.saliency[t] - square.squareRoot()) < 1e-3 * (1 + square.squareRoot()), "\(t)")
    }
    #expect(throws: ExplanationProblem.self) { try model.explanation(of: data, asking: .token(2)) }
    #expect(throws: ExplanationProblem.self) { try model.explanation(of: data, asking: .label("a")) }
  }

  // MARK: Pictures and tables

  private static func drawing(
    _ text: String = "the cat sat", layer: Int? = nil, units: ExplanationDrawing.Units? = nil
  ) throws -> ExplanationDrawing {
    try ExplanationDrawing(
      try languageModel([
        .recurrent(CellConfiguration(.gru(.resetAfter), size: 5)),
        .recurrent(CellConfiguration(.lstm, size: 3)),
      ])
      .explanation(of: text), layer: layer, units: units)
  }

  @Test func tablesFitTheTerminal() throws {
    let drawing = try Self.drawing()
    for width in [50, 80, 120] {
      let text = drawing.text(width: width)
      let lines = text.split(separator: "\n").dropFirst().filter { !$0.hasPrefix("Gates:") }
      #expect(lines.allSatisfy { displayWidth($0) <= width }, "\(text)")
      for name in [
        "reset", "update", "|candidate|", "input", "forget", "output", "|cell|", "|hidden|", "‖∂cell‖",
      ] {
        #expect(text.contains(name), "\(name)")
      }
      #expect(text.contains("layer 1, forward: GRU of 5 units") && text.contains("factor a step back"))
    }
    let units = try Self.drawing(layer: 1, units: .numbered([5, 2])).text(width: 80)
    #expect(units.contains("update 5") && units.contains("hidden 2") && !units.contains("layer 2"))
    // A smaller layer has fewer.
    let all = try Self.drawing(units: .all).text(width: 80)
    #expect(all.contains("hidden 5") && all.contains("cell 3") && !all.contains("cell 4"))
    #expect(throws: ExplanationProblem.self) { try Self.drawing(units: .numbered([6])) }
    #expect(throws: ExplanationProblem.self) { try Self.drawing(layer: 2, units: .numbered([4])) }
    #expect(throws: ExplanationProblem.self) { try Self.drawing(layer: 3) }
  }

  @Test func thePageStandsAlone() throws {
    let drawing = try Self.drawing("the cat <b>\n")
    let page = drawing.page().html()
    #expect(
      page.contains("forget gate") && page.contains("⏎") && page.contains("&lt;") && !page.contains("<b>"))
    #expect(page.contains("What the loss depends on") && page.contains("factor a step back"))
    let svg = drawing.map().svg()
    #expect(svg == drawing.map().svg() && svg.contains("‖∂L/∂hidden‖"))
  }
}
