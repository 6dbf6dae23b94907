internal import Recurrent
internal import RecurrentInterchange
internal import RecurrentTraining

/// The folder of a classifier, a ``RunFolder``: its configuration holds the classes, the vocabulary or the channels' means and
/// deviations, and a checksum of the examples.
public struct ClassifierFolder: Sendable {
  /// Where the files are.
  public let folder: RunFolder

  /// Names a folder, which need not exist.
  public init(_ path: String) { folder = RunFolder(path) }

  /// What `config.json` of such a folder says it is.
  public static let schema = Stored.schema

  package struct Stored: StoredConfiguration {
    package static let schema = "recurrent.classifier/1"
    package static let verb = "train classify"
    let schema: String
    let configuration: ClassifierConfiguration
    let labels: [String]
    /// Examples of each class that were learned from.
    let counts: [Int]
    let encoder: ClassifierEncoder
    /// CRC-64 of all examples, and of those of a test file.
    let data: String

    init(
      _ configuration: ClassifierConfiguration, labels: [String], counts: [Int], encoder: ClassifierEncoder,
      data: String
    ) {
      schema = Self.schema
      (self.configuration, self.labels, self.counts) = (configuration, labels, counts)
      (self.encoder, self.data) = (encoder, data)
    }

    /// Of each class among the examples that were learned from.
    var shares: [Double] {
      let all = counts.reduce(0, +)
      return counts.map { Double($0) / Double(max(all, 1)) }
    }

    package var inconsistency: String? {
      let rates = [configuration.dropout, configuration.wordDropout]
      if !configuration.layers.allSatisfy(\.hasSensibleSizes) { return "configuration.layers" }
      if !rates.allSatisfy({ $0 >= 0 && $0 < 1 }) { return "configuration.dropout" }
      if !(0...1 ~= configuration.classBalance) { return "configuration.classBalance" }
      if !(0..<1 ~= configuration.labelSmoothing) { return "configuration.labelSmoothing" }
      if let limit = configuration.tokenLimit, limit < 1 { return "configuration.tokenLimit" }
      if labels.count < 2 || Set(labels).count != labels.count { return "labels" }
      let isCounted = counts.count == labels.count && counts.allSatisfy { 0...1 << 40 ~= $0 }
      if !isCounted || counts.allSatisfy({ $0 == 0 }) { return "counts" }
      if encoder.inputSize < 1 { return "encoder" }
      return nil
    }
  }

  /// Reads a finished model.
  ///
  /// - Throws: ``TaskError/noModel(path:isInterrupted:verb:)`` where there is none, and other cases where the files are not as
  ///   they were written.
  public func read() throws(TaskError) -> Classifier {
    let (stored, run) = try folder.readConfiguration(Stored.self)
    let tensors = try folder.readModel(run: run)
    let network: SequenceModel<Float>
    do {
      network = try ClassifierNetwork.make(
        stored.configuration, inputSize: stored.encoder.inputSize, readsTokens: stored.encoder.readsTexts,
        counts: stored.counts)
    } catch {
      throw folder.unusableConfiguration("at configuration: \(error)")
    }
    return Classifier(
      configuration: stored.configuration, labels: stored.labels, shares: stored.shares,
      checksum: stored.data, encoder: stored.encoder, network: network,
      parameters: try tensors.parameters(network.layout))
  }
}
