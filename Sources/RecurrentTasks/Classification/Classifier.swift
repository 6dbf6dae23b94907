internal import Foundation
public import Recurrent

/// A trained classifier: its classes, how it reads an example, its network, its parameters.
public struct Classifier: Sendable {
  /// The settings that it was trained with.
  public let configuration: ClassifierConfiguration
  /// The names of its classes, by number.
  public let labels: [String]
  /// From an example to the logits of the classes.
  public let network: SequenceModel<Float>
  /// Of the network, by slot.
  public let parameters: ParameterStore<Float>
  /// Share of each class among the examples that it learned from.
  public let shares: [Double]
  /// What distinguishes all examples that it was made from: those that it learned from and those that were held out.
  let checksum: String
  let encoder: ClassifierEncoder

  init(
    configuration: ClassifierConfiguration, labels: [String], shares: [Double], checksum: String,
    encoder: ClassifierEncoder, network: SequenceModel<Float>, parameters: ParameterStore<Float>
  ) {
    (self.configuration, self.labels, self.shares) = (configuration, labels, shares)
    (self.checksum, self.encoder, self.network, self.parameters) = (checksum, encoder, network, parameters)
  }

  /// The same with other parameters of the network.
  package func with(_ parameters: ParameterStore<Float>) -> Classifier {
    Classifier(
      configuration: configuration, labels: labels, shares: shares, checksum: checksum, encoder: encoder,
      network: network, parameters: parameters)
  }

  /// Whether it reads texts; otherwise series.
  public var readsTexts: Bool { if case .texts = encoder { true } else { false } }

  /// Whether it was made from these examples: from all of them, learned from and held out.
  package func isMade(from data: ClassifierData) -> Bool {
    checksum == data.checksum || checksum.hasPrefix(data.checksum + "+")
  }

  /// Room and threads to classify one text or series after another.
  ///
  /// - Parameter threads: how many may compute; they cannot change a bit.
  public func runner(threads: Int = 1) -> ClassifierRunner { ClassifierRunner(self, threads: threads) }
}

/// A ``Classifier`` at work. One caller at a time.
public final class ClassifierRunner {
  /// What is run.
  public let classifier: Classifier
  private let runner: InferenceRunner<Float>
  private var outputs: [Float] = []

  /// Examples that are taken at once; it decides about memory and time, never about a bit.
  private static let group = 64

  init(_ classifier: Classifier, threads: Int) {
    self.classifier = classifier
    runner = InferenceModel(classifier.network, parameters: classifier.parameters).runner(threads: threads)
  }

  /// P(class | text) of each text, by number of the class; each sums to 1. A text without a token counts as one unknown
  /// token.
  ///
  /// - Parameter source: what errors call the texts.
  /// - Throws: ``TaskError/data(_:)`` for a token that the vocabulary does not have, where nothing stands for unknown ones;
  ///   ``TaskError/text(_:)`` for a text of more than ``mostTokens``.
  /// - Precondition: the classifier reads texts.
  public func probabilities(
    of texts: [String], source: String = "text"
  ) throws(TaskError) -> [[Double]] {
    let classifier = classifier
    let sequences = try taskErrors(DataError.self) { () throws(DataError) in
      try classifier.encoder.encode(texts: texts, classifier.configuration, source: source)
    }
    if let long = (0..<sequences.count).first(where: { sequences.steps($0) > Self.mostTokens }) {
      throw .text(.tooLong(source: source, tokens: sequences.steps(long), most: Self.mostTokens))
    }
    return probabilities(of: sequences)
  }

  /// The longest text: gates and states of all its steps are in memory at once, in a network of the default size some
  /// 1.3 KB a token.
  public static let mostTokens = 1 << 20

  /// P(class | series) of each series.
  ///
  /// - Parameter series: of as many channels as the classifier was trained on; their labels are not looked at.
  /// - Throws: ``TaskError/text(_:)`` where it reads texts, or series of other channels.
  public func probabilities(of series: LabelledSeries) throws(TaskError) -> [[Double]] {
    let data = ClassifierData(.series(series), source: series.source)
    return probabilities(of: try classifier.encoder.encode(data, classifier.configuration))
  }

  func probabilities(of sequences: ClassifierSequences) -> [[Double]] {
    let logits = ClassifierLogits(sequences, group: Self.group) { input in
      switch input {
      case .symbols(let symbols): runner.run(symbols, into: &outputs)
      case .values(let values): runner.run(values, into: &outputs)
      }
      return outputs
    }
    return logits.values.map(softmax)
  }
}

/// The outputs of sequences that each have one, in the order of the sequences.
package struct ClassifierLogits {
  /// `[classes]` of each sequence.
  package let values: [[Float]]

  /// - Parameters:
  ///   - group: sequences that are run at once.
  ///   - run: the outputs at the last steps of a batch, by step and then by sequence.
  package init(_ sequences: ClassifierSequences, group: Int, run: (SequenceInput<Float>) -> [Float]) {
    var values = [[Float]](repeating: [], count: sequences.count)
    // Neighbours in length share a batch, so that little of it is padding.
    let order = (0..<sequences.count).sorted { (sequences.steps($0), $0) < (sequences.steps($1), $1) }
    for first in stride(from: 0, to: order.count, by: group) {
      let indices = Array(order[first..<min(first + group, order.count)])
      let outputs = run(sequences.input(indices))
      let classes = outputs.count / indices.count
      // Shorter ones come first, and equal ones in order: the rows are in the order of the batch.
      for (row, index) in indices.enumerated() {
        values[index] = Array(outputs[row * classes..<(row + 1) * classes])
      }
    }
    self.values = values
  }
}

/// exp zₖ / Σ exp z, in double.
func softmax(_ logits: [Float]) -> [Double] {
  let greatest = Double(logits.max() ?? 0)
  let weights = logits.map { exp(Double($0) - greatest) }
  let sum = weights.reduce(0, +)
  return weights.map { $0 / sum }
}
