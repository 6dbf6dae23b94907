internal import Foundation

/// How well a model names the tokens of a text, each given what it sees around it.
public struct FillFigures: Codable, Equatable, Sendable {
  /// What it is called in tables.
  public let name: String
  /// Tokens that were asked for.
  public internal(set) var tokens = 0
  /// Σ −log p of them, in nats.
  public internal(set) var sum = 0.0
  /// How often the token was the most probable one; a token that is not in the vocabulary never is.
  public internal(set) var first = 0
  /// How often it was among the five most probable ones.
  public internal(set) var amongFive = 0

  package init(name: String) { self.name = name }

  /// Mean −log p of a token, in nats.
  public var nats: Double { tokens == 0 ? 0 : sum / Double(tokens) }
  /// e^nats.
  public var perplexity: Double { exp(nats) }
  /// The share of tokens that are the most probable one.
  public var accuracy: Double { tokens == 0 ? 0 : Double(first) / Double(tokens) }
  /// The share of tokens that are among the five most probable ones.
  public var accuracyOfFive: Double { tokens == 0 ? 0 : Double(amongFive) / Double(tokens) }

  /// One token, by logits.
  ///
  /// - Parameter unknown: the number that stands for tokens without one, which is no answer.
  package mutating func take(logits: UnsafeBufferPointer<Float>, target: Int, unknown: Int?) {
    let top = Double(logits.max() ?? 0)
    let sum = logits.reduce(0.0) { $0 + exp(Double($1) - top) }
    take(nats: log(sum) + top - Double(logits[target]), logits, target: target, unknown: unknown)
  }

  /// One token, by weights that need not sum to 1.
  package mutating func take(weights: [Double], target: Int, unknown: Int?) {
    let total = weights.reduce(0, +)
    take(nats: log(total) - log(weights[target]), weights, target: target, unknown: unknown)
  }

  private mutating func take<Value: Comparable>(
    nats: Double, _ scores: some Collection<Value>, target: Int, unknown: Int?
  ) {
    tokens += 1
    sum += nats
    if target == unknown { return }
    let own = scores[scores.index(scores.startIndex, offsetBy: target)]
    // Of equal ones the first in the vocabulary's order.
    var better = 0
    for (token, score) in scores.enumerated() where token != unknown {
      if score > own || score == own && token < target { better += 1 }
    }
    if better == 0 { first += 1 }
    if better < 5 { amongFive += 1 }
  }
}
