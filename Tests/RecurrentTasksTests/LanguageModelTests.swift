import Foundation
import Recurrent
import RecurrentCore
import RecurrentReports
import RecurrentTasks
import RecurrentTraining
import Testing

/// Language models: windows, figures against a model run by hand, resumption, generation, leaks.
@Suite struct LanguageModelTests {
  private static let text = String(
    repeating: "the cat sat on the mat. the dog sat on the cat. a mat is not a dog. ", count: 12)

  private static func corpus(_ text: String = text, unit: TokenUnit = .characters) throws -> TokenCorpus {
    try TokenCorpus(bytes: Array(text.utf8), tokenizer: Tokenizer(unit))
  }

  private static func configuration(
    _ layers: [LayerConfiguration] = [.recurrent(CellConfiguration(.gru(.resetAfter), size: 12))],
    epochs: Int = 2
  ) -> LanguageModelConfiguration {
    var configuration = LanguageModelConfiguration()
    configuration.layers = layers
    configuration.steps = 8
    configuration.training.epochs = epochs
    configuration.training.batchSize = 4
    configuration.training.schedule = .constant
    configuration.training.learningRate = 0.02
    return configuration
  }

  private static let both = LayerConfiguration.bidirectional(
    forward: CellConfiguration(.lstm, size: 5), reverse: CellConfiguration(.gru(.resetBefore), size: 3))

  private static func trained(_ configuration: LanguageModelConfiguration) throws -> LanguageModelTraining {
    var run = try LanguageModelTraining(configuration, corpus: corpus())
    while try run.next() != nil {}
    return run
  }

  /// −log p of every token but the first, each from the whole text before it, by values and a softmax written out.
  private func nats(_ model: LanguageModel, _ ids: [Int32]) -> Double {
    let input = SymbolBatch(
      steps: ids.count, batchSize: 1, vocabulary: model.vocabulary.count, symbols: ids)
    let outputs = model.network.outputs(
      input.oneHot(), parameters: PackedParameters(model.parameters)
    ).outputs
    return (1..<ids.count).reduce(0) { sum, t in
      let logits = outputs.row(t - 1).map(Double.init)
      let logSum = log(logits.reduce(0) { $0 + exp($1) })
      return sum + logSum - logits[Int(ids[t])]
    }
  }

  @Test(arguments: [1, 3]) func theFigureIsThatOfTheWholeText(threads: Int) throws {
    let model = try Self.trained(Self.configuration()).model
    let corpus = try TokenCorpus(
      bytes: Array(Self.text.utf8.prefix(300)), tokenizer: Tokenizer(.characters),
      vocabulary: model.vocabulary)
    let found = model.score(corpus, threads: threads)
    #expect(found.count == corpus.count - 1)
    // Logits in single precision, in other products of the same order: roundings of the softmax alone.
    #expect(abs(found.sum - nats(model, corpus.ids(in: 0..<corpus.count))) < 1e-4 * found.sum)
  }

  /// Documents of 2, 1, 9, 1, 20, 8 and 17 tokens, every token another one.
  private static func documents() throws -> TokenCorpus {
    let lengths = [2, 1, 9, 1, 20, 8, 17]
    let count = lengths.reduce(0, +)
    return TokenCorpus(
      ids: (0..<count).map(Int32.init), vocabulary: try Vocabulary(tokens: (0..<count).map(String.init)),
      documentStarts: lengths.indices.map { lengths[..<$0].reduce(0, +) })
  }

  /// Every token of every document is asked for once, behind the one before it, and by a row that has read its document from the
  /// beginning and nothing else since it was set back.
  @Test(arguments: [1, 2, 3, 5, 16], [1, 4, 8, 64]) func documentsAreReadFromZero(
    _ rows: Int, _ steps: Int
  ) throws {
    let corpus = try Self.documents()
    let windows = try #require(DocumentWindows(corpus, rows: rows, steps: steps))
    #expect(windows.count % rows == 0)
    var read = [[Int32]](repeating: [], count: rows)
    var asked: [Int32] = []
    for first in stride(from: 0, to: windows.count, by: rows) {
      let batch = windows.batch(Array(first..<first + rows))
      guard case .symbols(let input) = batch.source, case .classes(let targets) = batch.targets else {
        Issue.record("no symbols")
        return
      }
      let restarts = try #require(batch.restarts)
      var place = 0
      for row in 0..<rows where restarts[row] { read[row] = [] }
      for t in 0..<input.steps {
        for row in 0..<rows where t < input.lengths[row] {
          read[row].append(input.symbols[t * rows + row])
          let target = Int32(targets[place])
          place += 1
          let document = try #require(corpus.documents.first { $0.contains(Int(target)) })
          #expect(read[row] == (document.lowerBound..<Int(target)).map(Int32.init))
          asked.append(target)
        }
      }
      #expect(place == targets.count)
    }
    let starts = Set(corpus.documentStarts)
    #expect(asked.sorted() == (0..<Int32(corpus.count)).filter { !starts.contains(Int($0)) })
  }

  /// The figure of several documents is that of each by itself; parts of a run are of whole documents.
  @Test func documentsAreScoredByThemselves() throws {
    let texts = try Self.labelled()
    let corpus = try TokenCorpus(
      texts, source: "names.tsv", tokenizer: Tokenizer(.characters), rule: Vocabulary.Rule())
    var run = try LanguageModelTraining(Self.configuration(), corpus: corpus)
    while try run.next() != nil {}
    let whole = run.model.score(corpus)
    let alone = corpus.documents.map { run.model.score(corpus.part($0)) }
    #expect(
      whole.count == alone.reduce(0) { $0 + $1.count } && whole.count == corpus.count - texts.texts.count)
    // The same steps in other batches: sums of doubles in another order.
    #expect(abs(whole.sum - alone.reduce(0) { $0 + $1.sum }) < 1e-9 * whole.sum)
    let byHand = corpus.documents.reduce(0) { $0 + nats(run.model, corpus.ids(in: $1)) }
    // As in ``theFigureIsThatOfTheWholeText``.
    #expect(abs(whole.sum - byHand) < 1e-4 * whole.sum)
    let held = try #require(run.heldOutText)
    let classes = texts.labelNames.map { "<class of text: \($0)>" }
    for document in held.documents {
      let first = held.ids(in: document.lowerBound..<document.lowerBound + 1)[0]
      #expect(classes.contains(corpus.vocabulary.tokens[Int(first)]))
    }
    // The command's figure and its baselines are of the same tokens.
    let evaluation = try run.evaluate(threads: 1)
    #expect(evaluation.tokens == held.count - held.documents.count)
  }

  /// Stretches side by side, each behind a warm-up: what one stretch gives, but for what lies further back.
  @Test func longTextsAreScoredInStretches() throws {
    let model = try Self.trained(Self.configuration()).model
    let long = String(repeating: Self.text, count: 8)
    let corpus = try TokenCorpus(
      bytes: Array(long.utf8), tokenizer: Tokenizer(.characters), vocabulary: model.vocabulary)
    let found = model.score(corpus)
    #expect(corpus.count > 3 * 2048 && found.count == corpus.count - 1)
    #expect(abs(found.sum - nats(model, corpus.ids(in: 0..<corpus.count))) < 1e-4 * found.sum)
  }

  @Test func itLearnsMoreThanCountsOfPairs() throws {
    let run = try Self.trained(Self.configuration(epochs: 60))
    let evaluation = try run.evaluate(threads: 2)
    let bigram = try #require(evaluation.baselines.first { $0.name == "bigram" })
    #expect(evaluation.model.nats < bigram.nats)
    #expect(!evaluation.isLeak && evaluation.isTrainingText == false)
    #expect(evaluation.tokens == (try #require(run.heldOutText)).count - 1)
  }

  /// Interrupted after any update and continued from a checkpoint: the same bits.
  @Test func aRunGoesOnToTheSameBits() throws {
    var configuration = Self.configuration()
    configuration.embeddingSize = 6
    configuration.tiesWeights = true
    configuration.dropout = 0.2
    var whole = try LanguageModelTraining(configuration, corpus: Self.corpus())
    var saved: [[UInt8]] = []
    while try whole.next() != nil {
      saved.append(try Checkpoint.bytes(of: whole.trainer.state, configuration: whole.fingerprint))
    }
    for bytes in [saved[0], saved[saved.count / 2]] {
      var rest = try LanguageModelTraining(configuration, corpus: Self.corpus(), threads: 2)
      let checkpoint = try Checkpoint(bytes: bytes)
      #expect(checkpoint.configuration == rest.fingerprint)
      try rest.resume(checkpoint.state(layout: rest.network.layout))
      while try rest.next() != nil {}
      #expect(rest.trainer.state == whole.trainer.state)
    }
  }

  /// The same where gradients reach beyond the new tokens, and windows are held in segments, which change no bit.
  @Test(arguments: [5, 20]) func otherReachesGoOnToTheSameBits(reach: Int) throws {
    var configuration = Self.configuration()
    configuration.embeddingSize = 6
    configuration.dropout = 0.2
    configuration.training.reach = reach
    var whole = try LanguageModelTraining(configuration, corpus: Self.corpus())
    var saved: [[UInt8]] = []
    while try whole.next() != nil {
      saved.append(try Checkpoint.bytes(of: whole.trainer.state, configuration: whole.fingerprint))
    }
    for bytes in [saved[0], saved[saved.count / 2]] {
      var rest = try LanguageModelTraining(configuration, corpus: Self.corpus(), threads: 2)
      try rest.resume(Checkpoint(bytes: bytes).state(layout: rest.network.layout))
      while try rest.next() != nil {}
      #expect(rest.trainer.state == whole.trainer.state)
    }
    let parameters = whole.trainer.state.parameters
    configuration.training.segments = .steps(3)
    #expect(try Self.trained(configuration).trainer.state.parameters == parameters)
    configuration.training.reach = nil
    configuration.training.segments = nil
    #expect(try Self.trained(configuration).trainer.state.parameters != parameters)
  }

  /// A budget becomes a length of segments that is stored; too small a one is refused with the least.
  @Test func memoryIsWrittenDown() throws {
    var configuration = Self.configuration(epochs: 1)
    let text = try String(decoding: JSONEncoder().encode(configuration), as: UTF8.self)
    // Files of before have none of these, and are read.
    #expect(["reach", "segments", "memory"].allSatisfy { !text.contains("\"\($0)\"") })
    configuration.memory = 1 << 30
    let run = try LanguageModelTraining(configuration, corpus: Self.corpus())
    #expect(run.segments?.segments == 1 && run.configuration.training.segments == .steps(8))
    configuration.memory = 1_000_000
    let error = #expect(throws: TaskError.self) {
      _ = try LanguageModelTraining(configuration, corpus: Self.corpus())
    }
    #expect(error?.description.contains("memory: found 1000000 bytes, expected at least") == true)
  }

  @Test func aFolderGivesTheModelBack() throws {
    try TestFiles.withFolder { folder in
      let run = try Self.trained(Self.configuration())
      let files = LanguageModelFolder(folder.path)
      let evaluation = try run.evaluate(threads: 1)
      try files.folder.write(
        RunFiles(
          configuration: try run.configurationBytes(files.folder), model: try run.modelBytes(files.folder),
          report: run.report(evaluation).html(), events: [], log: []))
      let model = try files.read()
      #expect(model.configuration == run.configuration && model.vocabulary == run.model.vocabulary)
      #expect(model.parameters == run.model.parameters)
      let text = try #require(run.heldOutText)
      #expect(model.score(text) == run.model.score(text))
    }
  }

  @Test func generationIsAFunctionOfTheSeed() throws {
    let model = try Self.trained(Self.configuration()).model
    func text(_ rule: SamplingRule) throws -> String {
      var generator = try TextGenerator(model, prompt: "the ", rule: rule)
      return (0..<40).compactMap { _ in generator.next() }.joined()
    }
    #expect(try text(SamplingRule(seed: 3)) == text(SamplingRule(seed: 3)))
    #expect(try text(SamplingRule(seed: 3)) != text(SamplingRule(seed: 4)))
    // Temperature 0 is the top one of all, whatever the seed.
    #expect(try text(SamplingRule(temperature: 0)) == text(SamplingRule(topK: 1, seed: 9)))
  }

  @Test func promptsThatCannotBeContinued() throws {
    let model = try Self.trained(Self.configuration()).model
    #expect(throws: TextGenerator.Problem.self) { _ = try TextGenerator(model, prompt: "") }
    let leak = try Self.trained(Self.configuration([Self.both])).model
    let error = #expect(throws: TextGenerator.Problem.self) { _ = try TextGenerator(leak, prompt: "the") }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains("cannot continue a text") && text.contains("train lm") && text.contains("fill"))
    var babble = try TextGenerator(leak, prompt: "the", allowsLeak: true)
    #expect(babble.next()?.isEmpty == false)
  }

  /// A model that sees its target is better on what it sees than without it, and says what that is worth.
  @Test func aLeakIsLabelled() throws {
    let run = try Self.trained(Self.configuration([Self.both], epochs: 40))
    #expect(run.model.seesItsTarget && !run.configuration.carriesState)
    let text = run.trainingText.part(0..<100)
    let evaluation = run.model.evaluate(text, baselines: nil, masksFuture: true)
    #expect(evaluation.isLeak && !evaluation.beatsEveryBaseline && evaluation.verdict.hasPrefix("LEAK"))
    let hidden = try #require(evaluation.withoutFuture)
    // The text is so plain that even half of what is seen says much.
    #expect(hidden.nats > 2 * evaluation.model.nats)
    // By hand: the model run on every prefix alone, and asked at its last step.
    let ids = run.trainingText.ids(in: 0..<9)
    let expected = (1..<9).reduce(0.0) { $0 + lastNats(run.model, Array(ids[..<$1]), next: ids[$1]) }
    // Eight losses of size 3 from logits in single precision.
    #expect(abs(run.model.scoreWithoutFuture(run.trainingText.part(0..<9)).sum - expected) < 1e-4)
  }

  /// −log p of what follows a text, at its last step.
  private func lastNats(_ model: LanguageModel, _ ids: [Int32], next: Int32) -> Double {
    let input = SymbolBatch(
      steps: ids.count, batchSize: 1, vocabulary: model.vocabulary.count, symbols: ids)
    let outputs = model.network.outputs(
      input.oneHot(), parameters: PackedParameters(model.parameters)
    ).outputs
    let logits = outputs.row(ids.count - 1).map(Double.init)
    return log(logits.reduce(0) { $0 + exp($1) }) - logits[Int(next)]
  }

  // MARK: - From a class

  /// Names of two classes, whose letters differ.
  private static func labelled() throws -> LabelledTexts {
    let lines = (0..<120).map { index -> String in
      let letters = index % 2 == 0 ? "abc" : "xyz"
      let name = (0..<3 + index % 3).map { String(Array(letters)[(index / 2 + $0) % 3]) }.joined()
      return "\(index % 2 == 0 ? "first" : "second")\t\(name)\n"
    }
    return try LabelledTexts(table: Array(lines.joined().utf8), source: "names.tsv", text: 2, label: 1)
  }

  @Test func textsComeFromTheirClassAndEnd() throws {
    let corpus = try TokenCorpus(
      Self.labelled(), source: "names.tsv", tokenizer: Tokenizer(.characters), rule: .init(unknown: nil))
    #expect(corpus.documentStarts.count == 120 && corpus.vocabulary.count == 6 + 3)
    var configuration = Self.configuration(epochs: 30)
    configuration.classes = ClassifierReading()
    var run = try LanguageModelTraining(configuration, corpus: corpus)
    while try run.next() != nil {}
    #expect(run.model.classes == ["first", "second"])
    for (label, letters) in [("first", "abc"), ("second", "xyz")] {
      for seed in 1...5 {
        var generator = try TextGenerator(
          run.model, prompt: "", fromClass: label, rule: SamplingRule(seed: UInt64(seed)))
        var text = ""
        while let token = generator.next(), text.count < 100 { text += token }
        // It ends by itself, and no class's token is drawn.
        #expect(generator.next() == nil && (2...20).contains(text.count), "\(text)")
        #expect(text.count { letters.contains($0) } * 10 >= text.count * 8, "\(label): \(text)")
      }
    }
    let error = #expect(throws: TextGenerator.Problem.self) {
      _ = try TextGenerator(run.model, prompt: "", fromClass: "frist")
    }
    #expect(error.map { "\($0)" }?.contains("did you mean \"first\"?") == true)
  }

  @Test func aTextThatIsTooShortSaysSo() throws {
    let error = #expect(throws: TaskError.self) {
      _ = try LanguageModelTraining(Self.configuration(), corpus: Self.corpus("a short text"))
    }
    #expect(
      error?.description.contains("expected at least 33, a window of 8 for each of the batch's 4 rows")
        == true)
  }
}
