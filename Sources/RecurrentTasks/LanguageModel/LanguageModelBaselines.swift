internal import Foundation
public import Recurrent

/// Models of a text that need no network, fitted on the tokens that a network learned from.
public struct LanguageModelBaselines: Sendable {
  let models: [(name: String, model: NGramModel)]

  /// Fits them: unigram, bigram, and Kneser–Ney of order 5, of order 3 for words.
  ///
  /// - Parameter text: of a longer one, the last ``mostTokens`` tokens.
  public init(_ text: TokenCorpus) {
    let part = text.part(max(0, text.count - Self.mostTokens)..<text.count)
    let longest = text.vocabulary.count > 1000 ? 3 : 5
    models = [(1, "unigram"), (2, "bigram"), (longest, "Kneser–Ney, order \(longest)")].map { order, name in
      (name, NGramModel(part, order: order))
    }
  }

  /// Tokens that are counted at most.
  public static let mostTokens = 20_000_000
}

extension LanguageModel {
  /// Scores the model and its baselines on a text.
  ///
  /// - Parameters:
  ///   - text: cut by the model's tokenizer, with its vocabulary.
  ///   - isTrainingText: whether the model learned from it; `nil`: not known.
  ///   - masksFuture: whether a model that ``seesItsTarget`` is scored once more with the future hidden.
  public func evaluate(
    _ text: TokenCorpus, baselines: LanguageModelBaselines?, isTrainingText: Bool? = nil,
    masksFuture: Bool = false, threads: Int = 1
  ) -> LanguageModelEvaluation {
    let own = score(text, threads: threads)
    let uniform = LanguageModelEvaluation.Line(name: "uniform", nats: log(Double(vocabulary.count)))
    let lines = (baselines?.models ?? []).map { name, model in
      LanguageModelEvaluation.Line(name: name, nats: model.meanNats(of: text, asksFirst: false))
    }
    return LanguageModelEvaluation(
      unit: configuration.tokenizer.unit, tokens: own.count, isTrainingText: isTrainingText,
      isLeak: seesItsTarget, model: .init(name: "network", nats: own.mean),
      withoutFuture: masksFuture && seesItsTarget
        ? .init(name: "network without the future", nats: scoreWithoutFuture(text, threads: threads).mean)
        : nil,
      baselines: [uniform] + lines)
  }
}
