public import Recurrent
internal import RecurrentInterchange
package import RecurrentReports
internal import RecurrentTraining

/// A language model being trained: the text cut, the network built, the trainer ready.
///
///     let corpus = try TokenCorpus(contentsOf: "book.txt", tokenizer: configuration.tokenizer)
///     var run = try LanguageModelTraining(configuration, corpus: corpus, threads: 2)
///     while let event = try run.next() { … }
///     let model = run.model
public struct LanguageModelTraining: Sendable {
  /// The settings, as given.
  public let configuration: LanguageModelConfiguration
  /// The tokens that are learned from.
  public let trainingText: TokenCorpus
  /// The tokens that choose the epoch; `nil`: the training loss does.
  public let validationText: TokenCorpus?
  /// The tokens that the figures are of; `nil`: those of training.
  public let heldOutText: TokenCorpus?
  /// What is trained.
  public let network: SequenceModel<Float>
  /// How windows are gone through within the configuration's memory; `nil`: held as a whole.
  public let segments: SegmentPlan?
  /// Where the run is.
  public private(set) var trainer: Trainer<SequenceModel<Float>>
  /// Tokens of the training text that no window has, where they are a tenth of it or more.
  public let unreadTokens: Int?
  private let textChecksum: String

  /// Prepares everything; nothing is trained yet.
  ///
  /// - Parameters:
  ///   - corpus: the whole text, cut by the configuration's tokenizer, with a vocabulary by its rule.
  ///   - threads: how many may compute; they cannot change a result.
  /// - Throws: ``TaskError/text(_:)`` where the text is too short, and other cases where the settings do not fit.
  public init(
    _ configuration: LanguageModelConfiguration, corpus: TokenCorpus, threads: Int = 1
  ) throws(TaskError) {
    var configuration = configuration
    // A network that reads ahead cannot go on from a state, and its windows stand alone.
    if configuration.readsAhead { configuration.carriesState = false }
    configuration.training.carriesState = configuration.carriesState
    configuration.training.shuffles = !configuration.carriesState && configuration.training.shuffles
    let count = min(corpus.count, configuration.tokenLimit ?? corpus.count)
    let parts = Self.parts(corpus.part(0..<count), configuration)
    let training = corpus.part(parts.training)
    try TextTaskFault.requireTokens(corpus.vocabulary, source: corpus.source)
    let network: SequenceModel<Float>
    do {
      network = try LanguageModelNetwork.make(configuration, vocabulary: corpus.vocabulary.count)
    } catch {
      throw .configuration(error)
    }
    let (rows, steps) = (configuration.training.batchSize, configuration.steps)
    let source: any BatchSource<SequenceModel<Float>.Batch>
    var unread = 0
    if training.documentStarts.count > 1 {
      guard let windows = DocumentWindows(training, rows: rows, steps: steps) else {
        throw .text(.noToken(source: corpus.source))
      }
      source = windows
    } else if let windows = TextWindows(training, rows: rows, steps: steps) {
      (source, unread) = (windows, windows.unread)
    } else {
      throw .text(
        .tooShort(
          source: corpus.source, tokens: training.count, expected: rows * steps + 1, rows: rows, steps: steps)
      )
    }
    segments = try Self.segments(of: network, &configuration)
    let validation = parts.validation.map { TextStretches(corpus: corpus.part($0), steps: 4 * steps) }
    do {
      trainer = try Trainer(
        model: network, source: source, validation: validation, options: configuration.training,
        threads: threads)
    } catch {
      throw .training(error)
    }
    self.configuration = configuration
    self.network = network
    trainingText = training
    unreadTokens = unread * 10 >= training.count ? unread : nil
    validationText = validation?.pieces.corpus
    heldOutText = parts.test.map { corpus.part($0) }
    textChecksum = Self.checksum(corpus, configuration)
  }

  /// Training tokens, those that choose the epoch, those that are held out: in this order, each with a token that is asked
  /// for, and of whole documents where there are several.
  private static func parts(
    _ corpus: TokenCorpus, _ configuration: LanguageModelConfiguration
  ) -> (training: Range<Int>, validation: Range<Int>?, test: Range<Int>?) {
    let (count, starts) = (corpus.count, corpus.documentStarts)
    /// The nearest end of a document.
    func bound(_ tokens: Int) -> Int {
      guard starts.count > 1 else { return tokens }
      return (starts.dropFirst() + [count]).min { abs($0 - tokens) < abs($1 - tokens) } ?? count
    }
    let test = bound(count - Int((Double(count) * configuration.testShare).rounded()))
    let training = bound(test - Int((Double(test) * configuration.validationShare).rounded()))
    func part(_ range: Range<Int>) -> Range<Int>? {
      !range.isEmpty && corpus.part(range).documents.contains { $0.count > 1 } ? range : nil
    }
    return (0..<max(training, 1), part(training..<test), part(test..<count))
  }

  /// The segments that a configuration's memory asks for, written down in it.
  private static func segments(
    of network: SequenceModel<Float>, _ configuration: inout LanguageModelConfiguration
  ) throws(TaskError) -> SegmentPlan? {
    guard let memory = configuration.memory else { return nil }
    let steps = max(configuration.steps, configuration.training.reach ?? 0)
    do {
      let plan = try network.segmentPlan(
        steps: steps, sequences: configuration.training.batchSize, ofSymbols: true,
        copiesOfParameters: configuration.training.copiesOfParameters, within: memory)
      configuration.training.segments = .steps(plan.steps)
      return plan
    } catch {
      throw .training(
        .option(
          OptionProblem(
            "memory", found: "\(memory) bytes",
            expected: "at least \(error.least) for \(configuration.training.batchSize) rows of \(steps) steps"
          )))
    }
  }

  /// Of the tokens that a run has of a text: all, or the first ones by the configuration's limit.
  static func checksum(_ corpus: TokenCorpus, _ configuration: LanguageModelConfiguration) -> String {
    let corpus = corpus.part(0..<min(corpus.count, configuration.tokenLimit ?? corpus.count))
    var sum: UInt64 = 0
    for first in stride(from: 0, to: corpus.count, by: 1 << 16) {
      let ids = corpus.ids(in: first..<min(first + 1 << 16, corpus.count))
      sum = ids.withUnsafeBytes { crc64(Array($0) + withUnsafeBytes(of: sum) { Array($0) }) }
    }
    return hexadecimal(sum)
  }

  /// The model with the parameters of the best epoch so far.
  public var model: LanguageModel {
    LanguageModel(
      configuration: configuration, vocabulary: trainingText.vocabulary, network: network,
      parameters: trainer.state.selectedParameters)
  }

  /// The trainer's next event; `nil` once the run is over.
  public mutating func next() throws(TaskError) -> TrainingEvent? {
    try trainer.nextOfTask()
  }

  /// Goes on with a saved run in place of the one that `init` began.
  ///
  /// - Throws: ``TaskError/training(_:)`` where the state is of another network or other data.
  public mutating func resume(_ state: TrainingState<Float>) throws(TaskError) {
    trainer = try trainer.resumed(state)
  }

  package var stored: LanguageModelFolder.Stored {
    LanguageModelFolder.Stored(configuration, trainingText.vocabulary, text: textChecksum)
  }
}

extension LanguageModelTraining: StoredTask {
  package typealias Evaluation = LanguageModelEvaluation

  package func evaluate(threads: Int) throws(TaskError) -> LanguageModelEvaluation {
    model.evaluate(
      heldOutText ?? trainingText, baselines: LanguageModelBaselines(trainingText),
      isTrainingText: heldOutText == nil, threads: threads)
  }

  package static func json(_ evaluation: LanguageModelEvaluation) -> JSONValue { evaluation.json }

  package func report(_ evaluation: LanguageModelEvaluation) -> HTMLReport {
    LanguageModelReport(self, evaluation).page()
  }
}
