public import Recurrent
internal import RecurrentTraining

/// A fill model being trained: the text cut, the network built, the trainer ready.
///
///     let text = try TextSentences(contentsOf: "stories.txt", cut: configuration.cut)
///     var run = try FillTraining(configuration, text: text, threads: 2)
///     while let event = try run.next() { … }
///     let gaps = try TextFiller(run.model).fill("我___饿了。")
public struct FillTraining: Sendable {
  /// The settings, as given.
  public let configuration: FillConfiguration
  /// Where the text is from.
  public let source: String
  /// What stands in the sentences that are learned from, and what stands for the rest.
  public let vocabulary: Vocabulary
  /// What is trained.
  public let network: SequenceModel<Float>
  /// Where the run is.
  public private(set) var trainer: Trainer<SequenceModel<Float>>
  /// Sentences by their tokens: learned from, that choose the epoch, that the figures are of.
  let training: [[Int32]]
  let validation: [[Int32]]
  let heldOut: [[Int32]]
  /// The held-out sentences as they were written, for the report.
  let heldOutText: [[String]]
  private let textChecksum: String

  /// Sentences that are learned from.
  public var trainingCount: Int { training.count }
  /// Sentences that choose the epoch; 0: the training loss does.
  public var validationCount: Int { validation.count }
  /// Sentences that the figures are of; 0: those of training.
  public var heldOutCount: Int { heldOut.count }

  /// Prepares everything; nothing is trained yet.
  ///
  /// - Parameters:
  ///   - text: all sentences, of which the last ones are held out.
  ///   - heldOut: sentences to hold out in place of the last ones; the configuration's share is then of no account.
  ///   - threads: how many may compute; they cannot change a result.
  /// - Throws: ``TaskError/text(_:)`` where no sentence is left to learn from, and other cases where the settings do not fit.
  public init(
    _ configuration: FillConfiguration, text: TextSentences, heldOut given: TextSentences? = nil,
    threads: Int = 1
  ) throws(TaskError) {
    precondition(
      FillNetwork.keepsDirections(configuration),
      "a fill model's layers each read in their branch's direction, or a token would see itself")
    let all = FillTokens.cut(text, configuration)
    let own = given.map { FillTokens.cut($0, configuration) }
    let learned = all.count - (own == nil ? Self.share(configuration.testShare, of: all.count) : 0)
    let count = learned - Self.share(configuration.validationShare, of: learned)
    if count < 1 { throw .text(.noToken(source: text.source)) }
    let heldOutText = own ?? Array(all[learned...])
    let vocabulary: Vocabulary
    do throws(DataError) {
      var counts = TokenCounts()
      for sentence in all[..<count] { for token in sentence { counts.add(token) } }
      vocabulary = try Vocabulary(counts, configuration.vocabulary, source: text.source)
      training = try FillTokens.encode(Array(all[..<count]), by: vocabulary, source: text.source)
      validation = try FillTokens.encode(Array(all[count..<learned]), by: vocabulary, source: text.source)
      heldOut = try FillTokens.encode(heldOutText, by: vocabulary, source: (given ?? text).source)
    } catch {
      throw .data(error)
    }
    try TextTaskFault.requireTokens(vocabulary, source: text.source)
    let network: SequenceModel<Float>
    do {
      network = try FillNetwork.make(configuration, vocabulary: vocabulary.count)
    } catch {
      throw .configuration(error)
    }
    let symbols = FillSymbols(tokens: vocabulary.count)
    do {
      trainer = try Trainer(
        model: network,
        source: FillSource(
          training, symbols: symbols, blankShare: configuration.blankShare, seed: configuration.training.seed),
        validation: validation.isEmpty ? nil : FillSource(validation, symbols: symbols),
        options: configuration.training, threads: threads)
    } catch {
      throw .training(error)
    }
    self.configuration = configuration
    self.network = network
    self.vocabulary = vocabulary
    self.heldOutText = heldOutText
    source = text.source
    textChecksum = Self.checksum(all + (own ?? []))
  }

  private static func share(_ share: Double, of count: Int) -> Int {
    Int((Double(count) * share).rounded())
  }

  static func checksum(_ sentences: [[String]]) -> String {
    var bytes: [UInt8] = []
    for sentence in sentences {
      // 0xFF and 0xFE stand in no UTF-8.
      for token in sentence { bytes += Array(token.utf8) + [0xFF] }
      bytes.append(0xFE)
    }
    return hexadecimal(crc64(bytes))
  }

  /// The model with the parameters of the best epoch so far.
  public var model: FillModel {
    FillModel(
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
  }

  package var stored: FillFolder.Stored { FillFolder.Stored(configuration, vocabulary, text: textChecksum) }
}
