public import Recurrent
internal import RecurrentCore
public import RecurrentData
internal import RecurrentInterchange
package import RecurrentReports
internal import RecurrentTraining

/// A tagger being trained: columns read, the network built, the trainer ready.
///
///     let file = try ColumnFile(contentsOf: "train.conll")
///     var run = try TaggerTraining(TaggerConfiguration(), file: file, threads: 2)
///     while let event = try run.next() { … }
///     let tags = run.model.tag([["Rain", "fell"]])
public struct TaggerTraining: Sendable {
  /// The settings, with what the file decided.
  public let configuration: TaggerConfiguration
  /// What is learned from.
  public let trainingText: TaggedText
  /// What chooses the epoch; `nil`: the training loss does.
  public let validationText: TaggedText?
  /// What the figures are of; `nil`: the training text.
  public let heldOutText: TaggedText?
  /// Words, characters and tags.
  public let vocabulary: TaggerVocabulary
  /// What is trained.
  public let network: TaggerNetwork<Float>
  /// Where the run is.
  public private(set) var trainer: Trainer<TaggerNetwork<Float>>
  /// How many of the vocabulary's words began with a pre-trained vector.
  public let wordsWithVectors: Int
  private let checksums: (data: String, file: String)

  /// Prepares everything; nothing is trained yet.
  ///
  /// - Parameters:
  ///   - file: the training sentences; where no other file is given, the last shares of them are taken out.
  ///   - validation: what chooses the epoch.
  ///   - test: what the figures are of.
  ///   - vectors: what words' vectors begin with; their size has to be the configuration's.
  ///   - threads: how many may compute; they cannot change a result.
  /// - Throws: ``TaskError/data(_:)`` where a file lacks a column, a tag is misplaced, or one of another file is not among those of
  ///   the training file, with its place; and other cases where the settings do not fit.
  public init(
    _ configuration: TaggerConfiguration, file: ColumnFile, validation: ColumnFile? = nil,
    test: ColumnFile? = nil, vectors: PretrainedVectors? = nil, threads: Int = 1
  ) throws(TaskError) {
    let resolved = try taskErrors(DataError.self) { () throws(DataError) in
      try configuration.resolved(for: file)
    }
    func text(_ file: ColumnFile) throws(TaskError) -> TaggedText {
      try taskErrors(DataError.self) { () throws(DataError) in try resolved.text(file) }
    }
    let whole = try text(file)
    let count = whole.words.count
    let first = test == nil ? count - Int((Double(count) * resolved.testShare).rounded()) : count
    let second =
      validation == nil ? first - Int((Double(first) * resolved.validationShare).rounded()) : first
    let training = whole.part(0..<max(second, 1))
    func part(_ range: Range<Int>) -> TaggedText? { range.isEmpty ? nil : whole.part(range) }
    let validationText = try validation.map(text) ?? part(training.words.count..<max(first, 1))
    let heldOutText = try test.map(text) ?? part(max(first, 1)..<count)
    let made = try taskErrors(DataError.self) { () throws(DataError) in
      let vocabulary = try TaggerVocabulary(training, tagsOf: whole, resolved, vectors: vectors)
      let scheme = resolved.learnedScheme
      let counts = TokenCounts(of: training.words.joined().map { TaggerVocabulary.key($0, resolved) })
      func examples(_ text: TaggedText, _ counts: TokenCounts?) throws(DataError) -> TaggerExamples {
        let (forms, sentences) = vocabulary.forms(text.words, resolved, counts: counts)
        return TaggerExamples(
          forms: forms, sentences: sentences, tags: try text.numbers(vocabulary.tags, learned: scheme))
      }
      let source = try examples(training, counts)
      var other: TaggerExamples?
      if let validationText { other = try examples(validationText, nil) }
      // Found before the training, not behind it.
      if let heldOutText { _ = try heldOutText.numbers(vocabulary.tags, learned: scheme) }
      return (vocabulary: vocabulary, source: source, validation: other)
    }
    let network: TaggerNetwork<Float>
    do {
      network = try Tagger.network(resolved, made.vocabulary)
    } catch {
      throw .configuration(error)
    }
    self.network = network
    var options = resolved.training
    options.isJudged = resolved.choice == .figure && made.validation != nil
    var parameters = ParameterStore<Float>(initializing: network.layout, seed: resolved.training.seed)
    wordsWithVectors = vectors.map { Self.take($0, made.vocabulary, network.words, &parameters) } ?? 0
    do {
      trainer = try Trainer(
        model: network, source: made.source, validation: made.validation, options: options,
        parameters: parameters, threads: threads)
    } catch {
      throw .training(error)
    }
    (self.configuration, vocabulary, trainingText) = (resolved, made.vocabulary, training)
    (self.validationText, self.heldOutText) = (validationText, heldOutText)
    checksums = (
      Self.checksum([training, validationText, heldOutText], parameters),
      hexadecimal(crc64(whole.checkedBytes))
    )
    trainer.judge = judge
  }

  /// 1 − the figure of the sentences that choose the epoch, where that is to choose; `nil`: the loss does.
  private var judge: (@Sendable (ParameterStore<Float>) -> Double)? {
    guard configuration.choice == .figure, let validationText else { return nil }
    let threads = trainer.threads
    return { [configuration, vocabulary, network] parameters in
      let tagger = Tagger(
        configuration: configuration, vocabulary: vocabulary, network: network, parameters: parameters)
      do {
        let evaluation = try tagger.evaluate(validationText, threads: threads)
        return 1 - (evaluation.entities?.overall.f1 ?? evaluation.all.accuracy)
      } catch {
        preconditionFailure("tags that were all found when the run was prepared: \(error)")
      }
    }
  }

  /// Puts vectors in the place of those that were drawn.
  ///
  /// - Returns: how many words have one.
  private static func take(
    _ vectors: PretrainedVectors, _ vocabulary: TaggerVocabulary, _ slot: ParameterSlot,
    _ parameters: inout ParameterStore<Float>
  ) -> Int {
    precondition(
      vectors.dimension == slot.columns, "vectors of \(vectors.dimension) for words of \(slot.columns)")
    var count = 0
    for (row, word) in vocabulary.words.tokens.enumerated() where row > 0 {
      guard let vector = vectors[word] else { continue }
      parameters.values.replaceSubrange(
        slot.offset + row * slot.columns..<slot.offset + (row + 1) * slot.columns, with: vector)
      count += 1
    }
    return count
  }

  /// Of the sentences that decide the run, and of the first parameters, which hold the vectors.
  private static func checksum(_ texts: [TaggedText?], _ parameters: ParameterStore<Float>) -> String {
    var bytes: [UInt8] = []
    for text in texts {
      bytes += text?.checkedBytes ?? []
      bytes.append(0)
    }
    bytes += parameters.values.withUnsafeBytes { Array($0) }
    return hexadecimal(crc64(bytes))
  }

  /// The tagger with the parameters of the best epoch so far.
  public var model: Tagger {
    Tagger(
      configuration: configuration, vocabulary: vocabulary, network: network,
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
    trainer.judge = judge
  }

  package var stored: TaggerFolder.Stored {
    TaggerFolder.Stored(configuration, vocabulary, data: checksums.data, file: checksums.file)
  }
}

extension TaggerTraining: StoredTask {
  package typealias Evaluation = TaggerEvaluation

  package func evaluate(threads: Int) throws(TaskError) -> TaggerEvaluation {
    try taskErrors(DataError.self) { () throws(DataError) in
      try model.evaluate(
        heldOutText ?? trainingText, isTrainingText: heldOutText == nil, threads: threads)
    }
  }

  package static func json(_ evaluation: TaggerEvaluation) -> JSONValue { evaluation.json }

  package func report(_ evaluation: TaggerEvaluation) -> HTMLReport {
    TaggerReport(self, evaluation).page()
  }
}
