internal import Foundation
internal import RecurrentCore
public import Recurrent
public import RecurrentReports

/// A fill model's figures beside those of counting, on the same tokens.
public struct FillEvaluation: Codable, Equatable, Sendable {
  /// Sentences that were read.
  public let sentences: Int
  /// What a token is, in the plural.
  public let unit: String
  /// Which sides of a token the network sees.
  public let directions: FillDirections
  /// Whether the tokens are those that the model learned from, or were held out; `nil`: it is not known of a text that came later.
  public let isTrainingText: Bool?
  /// The network's own.
  public let model: FillFigures
  /// Of counting; none where nothing was counted.
  public let baselines: [FillFigures]

  /// Whether the model names more tokens than every baseline does, and its pseudo-perplexity is below theirs.
  public var beatsEveryBaseline: Bool {
    baselines.allSatisfy { model.accuracy > $0.accuracy && model.nats < $0.nats }
  }

  /// The figures, the model's first.
  public func table() -> ReportTable {
    var table = ReportTable(
      [
        .text("model"), .number("right"), .number("among five"), .number("nats a token"),
        .number("pseudo-perplexity"),
      ],
      caption:
        "\(model.tokens) \(unit) in \(counted(sentences, "sentence")) of \(textName), each given \(directions.sides)"
    )
    for figures in [model] + baselines {
      table.append(
        [
          figures.name, NumberFormat.fixed(4).text(figures.accuracy),
          NumberFormat.fixed(4).text(figures.accuracyOfFive), NumberFormat.fixed(3).text(figures.nats),
          NumberFormat.significant(4).text(figures.perplexity),
        ],
        emphasized: figures == model)
    }
    return table
  }

  private var textName: String {
    switch isTrainingText {
    case true?: "the training text"
    case false?: "held-out text"
    case nil: "the text"
    }
  }

  /// One sentence; empty where there is nothing to compare with.
  public var verdict: String {
    guard let best = baselines.max(by: { $0.accuracy < $1.accuracy }) else { return "" }
    func percent(_ share: Double) -> String { NumberFormat.fixed(1).text(100 * share) + " %" }
    let shares = "\(percent(model.accuracy)) of the \(unit) right, \(best.name) \(percent(best.accuracy))"
    return beatsEveryBaseline
      ? "The network has \(shares)." : "The network does not beat every baseline: it has \(shares)."
  }

  /// The figures for a program.
  package var json: JSONValue {
    func value(_ figures: FillFigures) -> JSONValue {
      [
        "name": .string(figures.name), "accuracy": .number(figures.accuracy),
        "accuracy_of_five": .number(figures.accuracyOfFive), "nats": .number(figures.nats),
        "pseudo_perplexity": .number(figures.perplexity),
      ]
    }
    return [
      "sentences": .integer(sentences), "tokens": .integer(model.tokens), "unit": .string(unit),
      "directions": .string(directions.rawValue),
      "training_text": isTrainingText.map { .boolean($0) } ?? .null,
      "model": value(model), "baselines": .array(baselines.map(value)),
    ]
  }
}

extension FillDirections {
  /// As a sentence says it.
  var sides: String {
    switch self {
    case .both: "what stands on both sides"
    case .forward: "what stands before it"
    case .reverse: "what stands behind it"
    }
  }
}

extension FillModel {
  /// Scores the model, and counting, on a text.
  ///
  /// - Parameters:
  ///   - baselines: `nil`: the network alone.
  ///   - isTrainingText: whether the model learned from it, or it was held out; `nil`: nobody says.
  /// - Throws: ``TaskError/text(_:)`` where no sentence has a token, and ``TaskError/data(_:)`` where one is not known.
  public func evaluate(
    _ text: TextSentences, baselines: FillBaselines?, isTrainingText: Bool? = nil, threads: Int = 1
  ) throws(TaskError) -> FillEvaluation {
    let sentences = try taskErrors(DataError.self) { () throws(DataError) in try tokens(of: text) }
    if sentences.isEmpty { throw .text(.noToken(source: text.source)) }
    return evaluate(
      sentences, baselines: baselines, isTrainingText: isTrainingText, threads: threads)
  }

  package func evaluate(
    _ sentences: [[Int32]], baselines: FillBaselines?, isTrainingText: Bool?, threads: Int
  ) -> FillEvaluation {
    FillEvaluation(
      sentences: sentences.count, unit: configuration.tokenizer.unit.rawValue,
      directions: configuration.directions, isTrainingText: isTrainingText,
      model: score(sentences, threads: threads), baselines: baselines?.score(sentences) ?? [])
  }
}
