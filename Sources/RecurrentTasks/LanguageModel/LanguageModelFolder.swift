package import Recurrent
internal import RecurrentInterchange
internal import RecurrentTraining

/// The folder of a language model, a ``RunFolder``: its configuration holds the vocabulary and a checksum of the text.
public struct LanguageModelFolder: Sendable {
  /// Where the files are.
  public let folder: RunFolder

  /// Names a folder, which need not exist.
  public init(_ path: String) { folder = RunFolder(path) }

  /// What `config.json` of such a folder says it is.
  public static let schema = Stored.schema

  package struct Stored: StoredConfiguration {
    package static let schema = "recurrent.language-model/1"
    package static let verb = "train lm"
    let schema: String
    let configuration: LanguageModelConfiguration
    let vocabulary: Vocabulary
    /// CRC-64 of the tokens that the run had: learned from, chosen by and held out.
    let text: String

    init(_ configuration: LanguageModelConfiguration, _ vocabulary: Vocabulary, text: String) {
      schema = Self.schema
      (self.configuration, self.vocabulary, self.text) = (configuration, vocabulary, text)
    }

    package var inconsistency: String? {
      if !configuration.layers.allSatisfy(\.hasSensibleSizes) { return "configuration.layers" }
      if !(1...LanguageModelConfiguration.mostSteps ~= configuration.steps) { return "configuration.steps" }
      if !(1...LanguageModelConfiguration.mostSteps ~= configuration.training.reach ?? 1) {
        return "configuration.training.reach"
      }
      if !(configuration.dropout >= 0 && configuration.dropout < 1) { return "configuration.dropout" }
      return nil
    }
  }

  /// Reads a finished model.
  ///
  /// - Throws: ``TaskError/noModel(path:isInterrupted:verb:)`` where there is none, and other cases where the files are not as
  ///   they were written.
  public func read() throws(TaskError) -> LanguageModel {
    let (stored, run) = try folder.readConfiguration(Stored.self)
    let tensors = try folder.readModel(run: run)
    let network: SequenceModel<Float>
    do {
      network = try LanguageModelNetwork.make(stored.configuration, vocabulary: stored.vocabulary.count)
    } catch {
      throw folder.unusableConfiguration("at configuration.layers: \(error)")
    }
    return LanguageModel(
      configuration: stored.configuration, vocabulary: stored.vocabulary, network: network,
      parameters: try tensors.parameters(network.layout))
  }

  /// Whether the model was made from this text, the most of it to learn from.
  package func isMade(from corpus: TokenCorpus) throws(TaskError) -> Bool {
    let stored = try folder.readConfiguration(Stored.self).stored
    return stored.text == LanguageModelTraining.checksum(corpus, stored.configuration)
  }
}
