/// How well predicted tags find the entities of a text, by conlleval's arithmetic: an entity counts where its type and all of its tokens are right.
public struct EntityScore: Sendable, Hashable, Codable {
  /// Entities of one type, or of all.
  public struct Counts: Sendable, Hashable, Codable {
    /// Entities that the text has.
    public var gold = 0
    /// Entities that were predicted.
    public var predicted = 0
    /// Entities that are both.
    public var correct = 0

    /// Correct of those predicted, from 0 to 1; 0 where none was.
    public var precision: Double { predicted == 0 ? 0 : Double(correct) / Double(predicted) }
    /// Correct of those there are, from 0 to 1; 0 where there is none.
    public var recall: Double { gold == 0 ? 0 : Double(correct) / Double(gold) }
    /// 2 P R ∕ (P + R); 0 where both are.
    public var f1: Double {
      let (precision, recall) = (precision, recall)
      return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }

    /// No entity.
    public init() {}
  }

  /// By the entities' types.
  public private(set) var types: [String: Counts] = [:]
  /// Tokens of all sentences.
  public private(set) var tokens = 0
  /// Tokens whose tag is the same.
  public private(set) var correctTokens = 0

  /// Of no sentence.
  public init() {}

  /// Of sentences; both sides may be of any scheme, but ``accuracy`` compares tags, which must then be of one.
  ///
  /// - Precondition: as many sentences and tags on both sides.
  public init(gold: [[EntityTag]], predicted: [[EntityTag]]) {
    precondition(
      gold.count == predicted.count, "EntityScore: \(predicted.count) sentences for \(gold.count)")
    for (gold, predicted) in zip(gold, predicted) { add(gold: gold, predicted: predicted) }
  }

  /// Counts one more sentence.
  ///
  /// - Precondition: as many tags on both sides.
  public mutating func add(gold: [EntityTag], predicted: [EntityTag]) {
    precondition(
      gold.count == predicted.count, "EntityScore: \(predicted.count) tags for \(gold.count) tokens")
    tokens += gold.count
    correctTokens += zip(gold, predicted).count { $0 == $1 }
    let (entities, found) = (Entity.entities(in: gold), Entity.entities(in: predicted))
    for entity in entities { types[entity.type, default: Counts()].gold += 1 }
    for entity in found { types[entity.type, default: Counts()].predicted += 1 }
    for entity in Set(entities).intersection(found) { types[entity.type, default: Counts()].correct += 1 }
  }

  /// Of all types together.
  public var overall: Counts {
    var sum = Counts()
    for counts in types.values {
      sum.gold += counts.gold
      sum.predicted += counts.predicted
      sum.correct += counts.correct
    }
    return sum
  }

  /// Tokens whose tag is right, O among them, from 0 to 1; 0 where there is no token.
  public var accuracy: Double { tokens == 0 ? 0 : Double(correctTokens) / Double(tokens) }
}
