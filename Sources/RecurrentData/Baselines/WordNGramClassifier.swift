internal import Foundation
internal import RecurrentCore

/// Multinomial naive Bayes on words and runs of words: the usual baseline of sentiment and topics.
///
/// Words are cut at white space, in lower case, marks of punctuation by themselves; the features of a text are its n-grams of
/// words, n = 1 … longest. For a class k and a feature f of the V that training texts have,
///
///     log P(k | text) = log P(k) + Σ_f log P(f | k) + constant
///     P(k) = texts of k / texts,   P(f | k) = (count of f in k + α) / (features in k + α V)
///
/// with one term for every occurrence of f in the text; features that no training text has are left out.
public struct WordNGramClassifier: Sendable {
  /// The most words of an n-gram.
  public static let longestRun = 6

  /// In the order of their scalars.
  public let classes: [String]
  /// n of the longest n-grams.
  public let longest: Int
  /// α.
  public let smoothing: Double
  /// V.
  public var featureCount: Int { features.count }

  private let features: ByteStrings
  /// log P(f | k) at f · classes + k.
  private let weights: [Double]
  private let priors: [Double]
  private static let tokenizer = Tokenizer(.words, folding: .lowercase, separatesPunctuation: true)

  /// Counts the features of each class.
  ///
  /// - Parameters:
  ///   - texts: one at least.
  ///   - labels: the class of each text.
  ///   - longest: 1 to ``longestRun``; default 2.
  ///   - smoothing: α, above 0; default 1.
  /// - Precondition: as many labels as texts.
  public init(fitting texts: [String], labels: [String], longest: Int = 2, smoothing: Double = 1) {
    precondition(
      !texts.isEmpty && texts.count == labels.count,
      "WordNGramClassifier: \(labels.count) labels for \(texts.count) texts")
    precondition(1...Self.longestRun ~= longest, "WordNGramClassifier: n-grams of \(longest)")
    precondition(smoothing > 0 && smoothing.isFinite, "WordNGramClassifier: smoothing \(smoothing)")
    let (classes, targets) = ClassNumbers.numbers(labels)
    var features = ByteStrings()
    var counts: [Double] = []
    var totals = [Double](repeating: 0, count: classes.count)
    var textsByClass = totals
    for (text, target) in zip(texts, targets) {
      textsByClass[target] += 1
      for feature in Self.features(of: text, longest) {
        let number = features.insert(feature)
        if number * classes.count == counts.count {
          counts.append(contentsOf: repeatElement(0, count: classes.count))
        }
        counts[number * classes.count + target] += 1
        totals[target] += 1
      }
    }
    let all = Double(features.count)
    weights = counts.indices.map { index in
      PortableMath.log((counts[index] + smoothing) / (totals[index % classes.count] + smoothing * all))
    }
    priors = textsByClass.map { PortableMath.log($0 / Double(texts.count)) }
    (self.classes, self.longest, self.smoothing, self.features) = (classes, longest, smoothing, features)
  }

  /// log P(k) + Σ log P(f | k) of each class, in nats; the greatest is the prediction.
  public func scores(of text: String) -> [Double] {
    var scores = priors
    for feature in Self.features(of: text, longest) {
      guard let number = features.number(of: feature) else { continue }
      for index in scores.indices { scores[index] += weights[number * classes.count + index] }
    }
    return scores
  }

  /// The most probable class; of equally probable ones the first.
  public func prediction(for text: String) -> String {
    let scores = scores(of: text)
    return classes[scores.firstIndex(of: scores.max()!)!]
  }

  /// Words have no white space, so a space between them makes n-grams that differ.
  private static func features(of text: String, _ longest: Int) -> [String] {
    let words = tokenizer.tokens(of: text)
    var features: [String] = []
    for first in words.indices {
      var feature = words[first]
      features.append(feature)
      for next in words[(first + 1)...].prefix(longest - 1) {
        feature += " " + next
        features.append(feature)
      }
    }
    return features
  }
}
