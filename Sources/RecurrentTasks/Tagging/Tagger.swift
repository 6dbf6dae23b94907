internal import Foundation
public import Recurrent
internal import RecurrentCore
internal import RecurrentNN

/// A trained tagger: its vocabulary, its network, its parameters.
public struct Tagger: Sendable {
  /// The settings that it was trained with.
  public let configuration: TaggerConfiguration
  /// Its words, characters and tags.
  public let vocabulary: TaggerVocabulary
  /// From words to scores of tags.
  public let network: TaggerNetwork<Float>
  /// Of the network, by slot.
  public let parameters: ParameterStore<Float>
  private let packed: PackedParameters<Float>

  init(
    configuration: TaggerConfiguration, vocabulary: TaggerVocabulary, network: TaggerNetwork<Float>,
    parameters: ParameterStore<Float>
  ) {
    (self.configuration, self.vocabulary) = (configuration, vocabulary)
    (self.network, self.parameters) = (network, parameters)
    packed = PackedParameters(parameters)
  }

  /// The network that a configuration and a vocabulary describe.
  static func network(
    _ configuration: TaggerConfiguration, _ vocabulary: TaggerVocabulary
  ) throws(ModelConfigurationError) -> TaggerNetwork<Float> {
    let constraints: TransitionConstraints? =
      switch configuration.learnedScheme {
      case nil: nil
      // Tags of the vocabulary are those of the scheme.
      case .bioes: try? .bioes(vocabulary.tags)
      case .bio, .iob1: try? .bio(vocabulary.tags)
      }
    return try TaggerNetwork(
      configuration, words: vocabulary.words.count, characters: vocabulary.characters.count,
      tags: vocabulary.tags.count, constraints: constraints)
  }

  /// A sentence's tags.
  public struct Tagging: Sendable, Hashable {
    /// One a word.
    public let tags: [String]
    /// The probability of each, all other tags of the sentence left open; empty where it was not asked for.
    public let probabilities: [Double]
  }

  /// The tags of sentences: of a field the most probable ones together, else the most probable one of each word. Tags of
  /// entities are such as the scheme allows.
  ///
  /// A sentence's tags do not depend on the others. Sentences are taken by their lengths, 32 at a time.
  ///
  /// - Parameters:
  ///   - needsProbabilities: whether those are wanted too; of a field they cost the recursion in both directions.
  ///   - threads: how many may compute; they cannot change a result.
  public func tag(
    _ sentences: [[String]], needsProbabilities: Bool = false, threads: Int = 1
  ) -> [Tagging] {
    let order = sentences.indices.sorted { (sentences[$0].count, $0) < (sentences[$1].count, $1) }
    let groups = stride(from: 0, to: order.count, by: Self.groupSize).map {
      Array(order[$0..<min($0 + Self.groupSize, order.count)])
    }
    let made = parallelMap(groups.count, threads: threads) { group in
      tagGroup(groups[group].map { sentences[$0] }, needsProbabilities)
    }
    var result = [Tagging](repeating: Tagging(tags: [], probabilities: []), count: sentences.count)
    for (numbers, taggings) in zip(groups, made) {
      for (number, tagging) in zip(numbers, taggings) { result[number] = tagging }
    }
    return result
  }

  private static let groupSize = 32

  private func tagGroup(_ sentences: [[String]], _ needsProbabilities: Bool) -> [Tagging] {
    let (forms, numbers) = vocabulary.forms(sentences, configuration)
    let batch = TaggerNetwork<Float>.Batch(
      forms: forms, sentences: numbers, tags: numbers.map { _ in [] },
      identifiers: numbers.indices.map { UInt64($0) })
    return network.emissions(of: batch, parameters: packed).map { scores in
      if scores.rows == 0 { return Tagging(tags: [], probabilities: []) }
      let single = SequenceBatch(
        steps: scores.rows, batchSize: 1, features: scores.columns, values: scores.elements)
      let tags: [Int]
      if let field = network.field {
        // O leaves every sentence a path.
        tags = field.bestPaths(single, parameters: packed)[0]?.states ?? []
      } else {
        tags = (0..<scores.rows).map { t in
          (0..<scores.columns).reduce(0) { scores[t, $1] > scores[t, $0] ? $1 : $0 }
        }
      }
      let shares = needsProbabilities ? probabilities(scores, single, of: tags) : []
      return Tagging(tags: written(tags), probabilities: shares)
    }
  }

  private func probabilities(
    _ scores: Matrix<Float>, _ single: SequenceBatch<Float>, of tags: [Int]
  ) -> [Double] {
    if let field = network.field {
      let marginals = field.marginals(single, parameters: packed)
      return tags.enumerated().map { Double(marginals[$0, 0, $1]) }
    }
    return tags.enumerated().map { t, tag in
      let row = scores.row(t).map { Double($0) }
      return 1 / row.reduce(0) { $0 + exp($1 - row[tag]) }
    }
  }

  /// As the training file's scheme has them.
  private func written(_ tags: [Int]) -> [String] {
    let names = tags.map { vocabulary.tags[$0] }
    guard let scheme = configuration.scheme else { return names }
    return scheme.repaired(names.compactMap { EntityTag($0) }).map(\.description)
  }
}
