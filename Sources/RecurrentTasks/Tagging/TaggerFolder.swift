package import Recurrent
internal import RecurrentInterchange

/// The folder of a tagger, a ``RunFolder``: its configuration holds the vocabulary and a checksum of the sentences.
public struct TaggerFolder: Sendable {
  /// Where the files are.
  public let folder: RunFolder

  /// Names a folder, which need not exist.
  public init(_ path: String) { folder = RunFolder(path) }

  /// What `config.json` of such a folder says it is.
  public static let schema = Stored.schema

  package struct Stored: StoredConfiguration {
    package static let schema = "recurrent.tagger/1"
    package static let verb = "train tag"
    let schema: String
    let configuration: TaggerConfiguration
    let vocabulary: TaggerVocabulary
    /// CRC-64 of the sentences, and of the vectors that they began with.
    let data: String
    /// CRC-64 of the sentences of the training file, those among them that chose the epoch or were held out.
    let file: String

    init(
      _ configuration: TaggerConfiguration, _ vocabulary: TaggerVocabulary, data: String, file: String
    ) {
      schema = Self.schema
      (self.configuration, self.vocabulary) = (configuration, vocabulary)
      (self.data, self.file) = (data, file)
    }

    package var inconsistency: String? {
      if let place = vocabulary.inconsistency { return place }
      if !configuration.layers.allSatisfy(\.hasSensibleSizes) { return "configuration.layers" }
      if !(configuration.dropout >= 0 && configuration.dropout < 1) { return "configuration.dropout" }
      let sizes = 1...1_000_000
      if !sizes.contains(configuration.wordSize) { return "configuration.wordSize" }
      if !sizes.contains(configuration.characterSize) { return "configuration.characterSize" }
      if !(0...1_000_000).contains(configuration.characterUnits) { return "configuration.characterUnits" }
      if !sizes.contains(configuration.longestWord) { return "configuration.longestWord" }
      if configuration.tokenColumn == nil || configuration.labelColumn == nil {
        return "configuration.labelColumn"
      }
      if configuration.tags == nil || configuration.output == nil { return "configuration.tags" }
      if let scheme = configuration.learnedScheme {
        let isOfScheme =
          vocabulary.tags.first == "O"
          && (scheme == .bioes
            ? try? TransitionConstraints.bioes(vocabulary.tags) : try? .bio(vocabulary.tags))
            != nil
        if !isOfScheme { return "vocabulary.tags" }
      }
      return nil
    }
  }

  /// Reads a finished tagger.
  ///
  /// - Throws: ``TaskError/noModel(path:isInterrupted:verb:)`` where there is none, and other cases where the files are not as
  ///   they were written.
  public func read() throws(TaskError) -> Tagger {
    let (stored, run) = try folder.readConfiguration(Stored.self)
    let tensors = try folder.readModel(run: run)
    let network: TaggerNetwork<Float>
    do {
      network = try Tagger.network(stored.configuration, stored.vocabulary)
    } catch {
      throw folder.unusableConfiguration("at configuration.layers: \(error)")
    }
    return Tagger(
      configuration: stored.configuration, vocabulary: stored.vocabulary, network: network,
      parameters: try tensors.parameters(network.layout))
  }

  /// Whether the tagger was made from this text, the most of it to learn from.
  ///
  /// - Parameter configuration: the tagger's, or one with other columns.
  package func isMade(
    from file: ColumnFile, as configuration: TaggerConfiguration
  ) throws(TaskError) -> Bool {
    let text = try taskErrors(DataError.self) { () throws(DataError) in try configuration.text(file) }
    return try folder.readConfiguration(Stored.self).stored.file == hexadecimal(crc64(text.checkedBytes))
  }
}
