internal import Recurrent
public import RecurrentData

/// A tagger's figures beside those of giving every word its most frequent tag, on the same sentences.
public struct TaggerEvaluation: Codable, Equatable, Sendable {
  /// Figures of some words.
  public struct Words: Codable, Equatable, Sendable {
    /// How many.
    public var count = 0
    /// Of these, tagged right.
    public var correct = 0
    /// Of these, right by their most frequent tag in the training text.
    public var correctByUse = 0

    /// From 0 to 1; 0 where there is none.
    public var accuracy: Double { count == 0 ? 0 : Double(correct) / Double(count) }
    /// Of the baseline, from 0 to 1; 0 where there is none.
    public var accuracyByUse: Double { count == 0 ? 0 : Double(correctByUse) / Double(count) }
  }

  /// One tag given in place of another.
  public struct Confusion: Codable, Equatable, Sendable {
    /// The right one.
    public let tag: String
    /// The one that was given.
    public let given: String
    /// How often.
    public let count: Int
  }

  /// Sentences.
  public let sentences: Int
  /// Sentences without a wrong tag.
  public let correctSentences: Int
  /// Words that the training text has, as they are written.
  public let known: Words
  /// Words that it does not have.
  public let unknown: Words
  /// Of entities, where the tags are theirs.
  public let entities: EntityScore?
  /// The same of the most frequent tags.
  public let entitiesByUse: EntityScore?
  /// What was confused most often, at most ten.
  public let confusions: [Confusion]
  /// Whether the sentences are those that the tagger learned from.
  public let isTrainingText: Bool?

  /// All words.
  public var all: Words {
    Words(
      count: known.count + unknown.count, correct: known.correct + unknown.correct,
      correctByUse: known.correctByUse + unknown.correctByUse)
  }
}

extension Tagger {
  /// Scores the tagger on a text with tags.
  ///
  /// - Parameters:
  ///   - other: settings with other columns; `nil`, the default: those of training.
  ///   - threads: how many may compute; they cannot change a result.
  /// - Throws: ``DataError``: a tag that the tagger does not know, or that its scheme does not allow, with its place.
  public func evaluate(
    _ file: ColumnFile, as other: TaggerConfiguration? = nil, threads: Int = 1
  ) throws(DataError) -> TaggerEvaluation {
    try evaluate(try (other ?? configuration).text(file), threads: threads)
  }

  /// - Parameter isTrainingText: whether it learned from these sentences; `nil`: not known.
  func evaluate(
    _ text: TaggedText, isTrainingText: Bool? = nil, threads: Int = 1
  ) throws(DataError) -> TaggerEvaluation {
    // A tag that is not known cannot be given; the figures would blame the tagger.
    _ = try text.numbers(vocabulary.tags, learned: configuration.learnedScheme)
    let taggings = tag(text.words, threads: threads)
    let scheme = configuration.scheme
    var (known, unknown) = (TaggerEvaluation.Words(), TaggerEvaluation.Words())
    var (entities, byUse) = (EntityScore(), EntityScore())
    var confusions: [[String]: Int] = [:]
    var correctSentences = 0
    for (sentence, words) in text.words.enumerated() {
      let (gold, given) = (text.tags[sentence], taggings[sentence].tags)
      var usual = words.map { vocabulary.tags[vocabulary.usualTag(of: $0)] }
      if let scheme {
        usual = scheme.repaired(usual.compactMap { EntityTag($0) }).map(\.description)
        func tags(_ texts: [String]) -> [EntityTag] { texts.map { EntityTag($0) ?? .outside } }
        entities.add(gold: tags(gold), predicted: tags(given))
        byUse.add(gold: tags(gold), predicted: tags(usual))
      }
      if gold == given { correctSentences += 1 }
      for (place, word) in words.enumerated() {
        func count(_ counts: inout TaggerEvaluation.Words) {
          counts.count += 1
          if given[place] == gold[place] { counts.correct += 1 }
          if usual[place] == gold[place] { counts.correctByUse += 1 }
        }
        if vocabulary.wasSeen(word) { count(&known) } else { count(&unknown) }
        if given[place] != gold[place] { confusions[[gold[place], given[place]], default: 0] += 1 }
      }
    }
    let most = confusions.sorted { (-$0.value, $0.key[0], $0.key[1]) < (-$1.value, $1.key[0], $1.key[1]) }
    return TaggerEvaluation(
      sentences: text.words.count, correctSentences: correctSentences, known: known, unknown: unknown,
      entities: scheme == nil ? nil : entities, entitiesByUse: scheme == nil ? nil : byUse,
      confusions: most.prefix(10).map { .init(tag: $0.key[0], given: $0.key[1], count: $0.value) },
      isTrainingText: isTrainingText)
  }
}
