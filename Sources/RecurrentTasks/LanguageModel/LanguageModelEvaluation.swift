internal import Foundation
public import Recurrent

/// A language model's figures beside those of models that need no network, on the same tokens.
public struct LanguageModelEvaluation: Codable, Equatable, Sendable {
  /// One model's figure.
  public struct Line: Codable, Equatable, Sendable {
    /// What it is called in tables.
    public let name: String
    /// Mean −log p of a token, in nats.
    public let nats: Double

    /// e^nats: as many equally probable tokens would be as hard to guess.
    public var perplexity: Double { exp(nats) }
    /// nats / log 2.
    public var bits: Double { nats / log(2) }
  }

  /// What a token is.
  public let unit: TokenUnit
  /// Tokens that were asked for.
  public let tokens: Int
  /// Whether they are those that the model learned from; `nil`: that is not known of another text.
  public let isTrainingText: Bool?
  /// Whether the model sees the token that it is asked for, so that its figure measures nothing.
  public let isLeak: Bool
  /// The network's own.
  public let model: Line
  /// Where the model ``isLeak``, its figure if the future is hidden from it; `nil`: it was not asked for.
  public let withoutFuture: Line?
  /// Uniform, unigram, bigram and Kneser–Ney, fitted on the tokens that the network learned from.
  public let baselines: [Line]

  /// Whether the model's figure is below every baseline's. Never of a leak.
  public var beatsEveryBaseline: Bool { !isLeak && baselines.allSatisfy { model.nats < $0.nats } }
}
