internal import Foundation
internal import RecurrentCore

/// Multinomial naive Bayes on runs of characters.
///
/// The features of a text are its n-grams of Unicode scalars, n = 1 … longest, with a mark before its first and one behind its
/// last scalar (a mark alone is none). For a class k and a feature f of the V that training texts have,
///
///     log P(k | text) = log P(k) + Σ_f log P(f | k) + constant
///     P(k) = texts of k / texts,   P(f | k) = (count of f in k + α) / (features in k + α V)
///
/// with one term for every occurrence of f in the text; features that no training text has are left out.
public struct CharacterNGramClassifier: Sendable {
  /// The most scalars of an n-gram.
  public static let longestRun = 6

  /// In the order of their scalars.
  public let classes: [String]
  /// n of the longest n-grams.
  public let longest: Int
  /// α.
  public let smoothing: Double
  /// V.
  public var featureCount: Int { numbers.count }

  private let numbers: [UInt128: Int32]
  /// log P(f | k) at f · classes + k.
  private let weights: [Double]
  private let priors: [Double]

  /// Counts the features of each class.
  ///
  /// - Parameters:
  ///   - texts: one at least; an empty one has a feature too, both marks.
  ///   - labels: the class of each text.
  ///   - longest: 1 to ``longestRun``; default 3.
  ///   - smoothing: α, above 0; default 1.
  /// - Precondition: as many labels as texts.
  public init(fitting texts: [String], labels: [String], longest: Int = 3, smoothing: Double = 1) {
    precondition(
      !texts.isEmpty && texts.count == labels.count,
      "CharacterNGramClassifier: \(labels.count) labels for \(texts.count) texts")
    precondition(1...Self.longestRun ~= longest, "CharacterNGramClassifier: n-grams of \(longest)")
    precondition(smoothing > 0 && smoothing.isFinite, "CharacterNGramClassifier: smoothing \(smoothing)")
    let (classes, targets) = ClassNumbers.numbers(labels)
    var numbers: [UInt128: Int32] = [:]
    var counts: [Double] = []
    var totals = [Double](repeating: 0, count: classes.count)
    var textsByClass = totals
    for (text, target) in zip(texts, targets) {
      textsByClass[target] += 1
      Self.forEachFeature(of: text, longest) { feature in
        let number = Int(numbers[feature] ?? Int32(numbers.count))
        if number == numbers.count {
          numbers[feature] = Int32(number)
          counts.append(contentsOf: repeatElement(0, count: classes.count))
        }
        counts[number * classes.count + target] += 1
        totals[target] += 1
      }
    }
    let all = Double(numbers.count)
    weights = counts.indices.map { index in
      PortableMath.log((counts[index] + smoothing) / (totals[index % classes.count] + smoothing * all))
    }
    priors = textsByClass.map { PortableMath.log($0 / Double(texts.count)) }
    (self.classes, self.longest, self.smoothing, self.numbers) = (classes, longest, smoothing, numbers)
  }

  /// log P(k) + Σ log P(f | k) of each class, in nats; the greatest is the prediction.
  public func scores(of text: String) -> [Double] {
    var scores = priors
    Self.forEachFeature(of: text, longest) { feature in
      guard let number = numbers[feature] else { return }
      for index in scores.indices { scores[index] += weights[Int(number) * classes.count + index] }
    }
    return scores
  }

  /// P(k | text) of each class; they sum to 1.
  public func probabilities(of text: String) -> [Double] {
    let scores = scores(of: text)
    let greatest = scores.max()!
    let weights = scores.map { exp($0 - greatest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// The most probable class; of equally probable ones the first.
  public func prediction(for text: String) -> String {
    let scores = scores(of: text)
    return classes[scores.firstIndex(of: scores.max()!)!]
  }

  /// An n-gram in one number: 21 bits a scalar, each by one larger, so that n-grams of different lengths differ.
  private static func forEachFeature(of text: String, _ longest: Int, _ body: (UInt128) -> Void) {
    let (start, end): (UInt32, UInt32) = (0x110000, 0x110001)
    let scalars = [start] + text.unicodeScalars.map(\.value) + [end]
    for first in scalars.indices {
      var feature: UInt128 = 0
      for length in 1...min(longest, scalars.count - first) {
        let scalar = scalars[first + length - 1]
        feature = feature << 21 | UInt128(scalar + 1)
        if length > 1 || scalar < start { body(feature) }
      }
    }
  }
}

/// Classes by name in one order.
enum ClassNumbers {
  /// Different labels in the order of their scalars, and the number of each label.
  static func numbers(_ labels: [String]) -> (classes: [String], numbers: [Int]) {
    var strings = ByteStrings()
    let found = labels.map { strings.insert($0) }
    let order = (0..<strings.count).sorted {
      strings[$0].utf8.lexicographicallyPrecedes(strings[$1].utf8)
    }
    var places = [Int](repeating: 0, count: order.count)
    for (place, number) in order.enumerated() { places[number] = place }
    return (order.map { strings[$0] }, found.map { places[$0] })
  }
}
