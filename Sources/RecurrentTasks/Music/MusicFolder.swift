internal import Recurrent
internal import RecurrentInterchange
internal import RecurrentTraining

/// The folder of a model of music, a ``RunFolder``: its configuration holds a checksum of the pieces.
public struct MusicFolder: Sendable {
  /// Where the files are.
  public let folder: RunFolder

  /// Names a folder, which need not exist.
  public init(_ path: String) { folder = RunFolder(path) }

  /// What `config.json` of such a folder says it is.
  public static let schema = Stored.schema

  package struct Stored: StoredConfiguration {
    package static let schema = "recurrent.music/1"
    package static let verb = "train music"
    let schema: String
    let configuration: MusicConfiguration
    /// CRC-64 of the pieces, those of training and those that chose the epoch.
    let pieces: String

    init(_ configuration: MusicConfiguration, pieces: String) {
      schema = Self.schema
      (self.configuration, self.pieces) = (configuration, pieces)
    }

    package var inconsistency: String? {
      if !configuration.layers.allSatisfy(\.hasSensibleSizes) || configuration.readsAhead {
        return "configuration.layers"
      }
      if !(configuration.dropout >= 0 && configuration.dropout < 1) { return "configuration.dropout" }
      if !(0...MusicConfiguration.mostTranspositions ~= configuration.transpositions) {
        return "configuration.transpositions"
      }
      return nil
    }
  }

  /// Reads a finished model.
  ///
  /// - Throws: ``TaskError/noModel(path:isInterrupted:verb:)`` where there is none, and other cases where the files are not as
  ///   they were written.
  public func read() throws(TaskError) -> MusicModel {
    let (stored, run) = try folder.readConfiguration(Stored.self)
    let tensors = try folder.readModel(run: run)
    let network: SequenceModel<Float>
    do {
      network = try MusicNetwork.make(stored.configuration)
    } catch {
      throw folder.unusableConfiguration("at configuration.layers: \(error)")
    }
    return MusicModel(
      configuration: stored.configuration, network: network,
      parameters: try tensors.parameters(network.layout))
  }
}
