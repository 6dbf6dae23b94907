internal import Foundation
public import Recurrent

/// A classifier's figures beside those of classifiers that need no network, on the same examples.
public struct ClassifierEvaluation: Codable, Equatable, Sendable {
  /// Which examples were judged.
  public enum Part: String, Codable, Sendable {
    /// Of no part in training.
    case heldOut = "held-out"
    /// Those that chose the epoch.
    case validation
    /// Those that were learned from.
    case training
    /// A file that was named.
    case file
  }

  /// One classifier's figures.
  public struct Line: Codable, Equatable, Sendable {
    /// What it is called in tables.
    public let name: String
    /// Accuracy, F1 and the confusion matrix.
    public let score: ClassificationScore
  }

  /// How probable the model says its answers are, and how often they are right, in one of ten equal ranges of probability.
  public struct Range: Codable, Equatable, Sendable {
    /// Examples whose answer's probability lies in it.
    public let count: Int
    /// Their mean probability.
    public let confidence: Double
    /// Share of them that is right.
    public let accuracy: Double
  }

  /// Which examples.
  public let part: Part
  /// "texts" or "series".
  public let noun: String
  /// The network's own.
  public let model: Line
  /// Mean −log p of the true class, in nats.
  public let nats: Double
  /// The ranges of probability that have an example, from below.
  public let calibration: [Range]
  /// The class that is most frequent in training, and more where there are examples to fit them on.
  public let baselines: [Line]

  /// Expected calibration error: Σ (examples of a range / all) |accuracy − confidence|. 0: probabilities mean what they say.
  /// Source: Guo et al., ICML 2017.
  public var calibrationError: Double {
    calibration.reduce(0) { $0 + Double($1.count) * abs($1.accuracy - $1.confidence) }
      / Double(model.score.count)
  }

  /// Whether the model is right more often than every baseline.
  public var beatsEveryBaseline: Bool {
    baselines.allSatisfy { model.score.accuracy > $0.score.accuracy }
  }

  /// - Parameters:
  ///   - probabilities: of each example, by class.
  ///   - targets: the true classes.
  package init(
    _ probabilities: [[Double]], targets: [Int], labels: [String], part: Part, noun: String,
    baselines: [Line]
  ) {
    let answers = probabilities.map { $0.firstIndex(of: $0.max() ?? 0) ?? 0 }
    (self.part, self.noun, self.baselines) = (part, noun, baselines)
    model = Line(
      name: "network", score: ClassificationScore(predictions: answers, targets: targets, classes: labels))
    nats =
      zip(probabilities, targets).reduce(0) { $0 - log(max($1.0[$1.1], 1e-300)) }
      / Double(targets.count)
    var sums = [(count: Int, confidence: Double, right: Int)](repeating: (0, 0, 0), count: Self.ranges)
    for (index, answer) in answers.enumerated() {
      let probability = probabilities[index][answer]
      let range = min(Int(probability * Double(Self.ranges)), Self.ranges - 1)
      sums[range].count += 1
      sums[range].confidence += probability
      if answer == targets[index] { sums[range].right += 1 }
    }
    calibration = sums.filter { $0.count > 0 }.map {
      Range(
        count: $0.count, confidence: $0.confidence / Double($0.count),
        accuracy: Double($0.right) / Double($0.count))
    }
  }

  private static let ranges = 10
}

extension Classifier {
  /// Scores the model and its baselines on labelled examples.
  ///
  /// - Parameters:
  ///   - data: at least one example.
  ///   - part: which examples these are.
  ///   - baselines: fitted on the examples that the model learned from; `nil`: the most frequent class alone.
  /// - Throws: ``TaskError/text(_:)`` where the examples are of another kind, or have a label that the model has never seen.
  public func evaluate(
    _ data: ClassifierData, part: ClassifierEvaluation.Part = .file, baselines: ClassifierBaselines? = nil,
    threads: Int = 1
  ) throws(TaskError) -> ClassifierEvaluation {
    let sequences = try encoder.encode(data, configuration)
    let targets = try data.targets(among: labels)
    let majority = shares.firstIndex(of: shares.max() ?? 0) ?? 0
    let first = ClassifierEvaluation.Line(
      name: "most frequent class",
      score: ClassificationScore(
        predictions: [Int](repeating: majority, count: targets.count), targets: targets, classes: labels))
    return ClassifierEvaluation(
      runner(threads: threads).probabilities(of: sequences), targets: targets, labels: labels, part: part,
      noun: data.noun,
      baselines: [first] + (baselines?.lines(data, targets: targets, labels: labels) ?? []))
  }
}
