package import Recurrent
internal import RecurrentInterchange
internal import RecurrentTraining

/// The folder of a fill model, a ``RunFolder``: its configuration holds the vocabulary and a checksum of the text.
public struct FillFolder: Sendable {
  /// Where the files are.
  public let folder: RunFolder

  /// Names a folder, which need not exist.
  public init(_ path: String) { folder = RunFolder(path) }

  /// What `config.json` of such a folder says it is.
  public static let schema = Stored.schema

  package struct Stored: StoredConfiguration {
    package static let schema = "recurrent.fill/1"
    package static let verb = "train fill"
    let schema: String
    let configuration: FillConfiguration
    let vocabulary: Vocabulary
    /// CRC-64 of the sentences that were given.
    let text: String

    init(_ configuration: FillConfiguration, _ vocabulary: Vocabulary, text: String) {
      schema = Self.schema
      (self.configuration, self.vocabulary, self.text) = (configuration, vocabulary, text)
    }

    package var inconsistency: String? {
      let layers = configuration.forwardLayers + configuration.reverseLayers
      if layers.isEmpty || !layers.allSatisfy(\.hasSensibleSizes)
        || !FillNetwork.keepsDirections(configuration)
      {
        return "configuration.forwardLayers"
      }
      if !(1...FillConfiguration.mostTokens ~= configuration.longestSentence) {
        return "configuration.longestSentence"
      }
      if !(configuration.dropout >= 0 && configuration.dropout < 1) { return "configuration.dropout" }
      if !(configuration.blankShare >= 0 && configuration.blankShare < 1) {
        return "configuration.blankShare"
      }
      if configuration.marker.isEmpty { return "configuration.marker" }
      return nil
    }
  }

  /// Reads a finished model.
  ///
  /// - Throws: ``TaskError/noModel(path:isInterrupted:verb:)`` where there is none, and other cases where the files are not as
  ///   they were written.
  public func read() throws(TaskError) -> FillModel {
    let (stored, run) = try folder.readConfiguration(Stored.self)
    let tensors = try folder.readModel(run: run)
    let network: SequenceModel<Float>
    do {
      network = try FillNetwork.make(stored.configuration, vocabulary: stored.vocabulary.count)
    } catch {
      throw folder.unusableConfiguration("at configuration: \(error)")
    }
    return FillModel(
      configuration: stored.configuration, vocabulary: stored.vocabulary, network: network,
      parameters: try tensors.parameters(network.layout))
  }

  /// Whether the model was made from these sentences, the most of them to learn from.
  package func isMade(from text: TextSentences) throws(TaskError) -> Bool {
    let stored = try folder.readConfiguration(Stored.self).stored
    return stored.text == FillTraining.checksum(FillTokens.cut(text, stored.configuration))
  }
}
