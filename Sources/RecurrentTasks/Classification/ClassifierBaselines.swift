internal import Recurrent

/// Classifiers that need no network, fitted on the examples that a network learned from.
public struct ClassifierBaselines: Sendable {
  private enum Model: Sendable {
    case characters(CharacterNGramClassifier)
    case words(WordNGramClassifier)
    case means(SeriesMeans)
  }

  private let models: [(name: String, model: Model)]

  /// Fits them: of texts, naive Bayes on runs of up to 4 characters (smoothing 0.1) and on words and pairs of words (1); of
  /// series, the class whose examples have the nearest mean.
  public init(fitting data: ClassifierData) {
    switch data.examples {
    case .texts(let texts):
      let labels = texts.labels.map { texts.labelNames[$0] }
      models = [
        (
          "runs of characters, naive Bayes",
          .characters(
            CharacterNGramClassifier(fitting: texts.texts, labels: labels, longest: 4, smoothing: 0.1))
        ),
        (
          "words and pairs, naive Bayes",
          .words(WordNGramClassifier(fitting: texts.texts, labels: labels))
        ),
      ]
    case .series(let series):
      models = [("nearest mean of a class", .means(SeriesMeans(series)))]
    }
  }

  /// The figures of each on examples of the same kind.
  ///
  /// - Parameter targets: numbers of `labels`.
  func lines(_ data: ClassifierData, targets: [Int], labels: [String]) -> [ClassifierEvaluation.Line] {
    let numbers = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    return models.compactMap { name, model in
      let predictions: [String]
      switch (model, data.examples) {
      case (.characters(let model), .texts(let texts)):
        predictions = texts.texts.map { model.prediction(for: $0) }
      case (.words(let model), .texts(let texts)):
        predictions = texts.texts.map { model.prediction(for: $0) }
      case (.means(let means), .series(let series)):
        predictions = series.values.map { means.prediction(for: $0) }
      default: return nil
      }
      return .init(
        name: name,
        score: ClassificationScore(
          predictions: predictions.map { numbers[$0] ?? 0 }, targets: targets, classes: labels))
    }
  }
}

/// The class whose series have the nearest mean, over all their steps, each channel in units of its standard deviation.
private struct SeriesMeans {
  private let names: [String]
  private let normalisers: [Normaliser]
  private var centres: [(label: Int, mean: [Double])] = []

  init(_ series: LabelledSeries) {
    names = series.labelNames
    let channels = series.channelCount
    normalisers = (0..<channels).map { channel in
      Normaliser(
        .standard,
        fitting: series.values.flatMap { values in
          stride(from: channel, to: values.count, by: channels).map { values[$0] }
        })
    }
    for label in names.indices {
      let own = series.values.indices.filter { series.labels[$0] == label }.map { mean(series.values[$0]) }
      guard !own.isEmpty else { continue }
      let centre = (0..<channels).map { channel in
        own.reduce(0) { $0 + $1[channel] } / Double(own.count)
      }
      centres.append((label, centre))
    }
  }

  private func mean(_ values: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: normalisers.count)
    for (index, value) in values.enumerated() { sums[index % sums.count] += value }
    let steps = Double(values.count / sums.count)
    return zip(sums, normalisers).map { ($0 / steps - $1.shift) / $1.scale }
  }

  func prediction(for values: [Double]) -> String {
    let own = mean(values)
    func distance(_ centre: [Double]) -> Double {
      zip(own, centre).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let nearest = centres.min { (distance($0.mean), $0.label) < (distance($1.mean), $1.label) }
    return names[nearest?.label ?? 0]
  }
}
