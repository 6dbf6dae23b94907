public import Recurrent
internal import RecurrentNN

/// A trained language model: its vocabulary, its network, its parameters.
public struct LanguageModel: Sendable {
  /// The settings that it was trained with.
  public let configuration: LanguageModelConfiguration
  /// Its tokens.
  public let vocabulary: Vocabulary
  /// From tokens to logits of the next one.
  public let network: SequenceModel<Float>
  /// Of the network, by slot.
  public let parameters: ParameterStore<Float>

  init(
    configuration: LanguageModelConfiguration, vocabulary: Vocabulary, network: SequenceModel<Float>,
    parameters: ParameterStore<Float>
  ) {
    self.configuration = configuration
    self.vocabulary = vocabulary
    self.network = network
    self.parameters = parameters
  }

  /// Whether the network sees the token that it is asked for, since one of its layers reads from the end. Its perplexity is
  /// then no measure of anything, and it cannot continue a text.
  public var seesItsTarget: Bool { network.body.readsAhead }
}

extension LanguageModel {
  /// The classes that texts can be generated from; none of a model of one text.
  public var classes: [String] { ClassTokens.labels(in: vocabulary) }

  /// −Σ log p of the tokens of a text, each given those before it, in nats; the first token is not asked for.
  ///
  /// The text is read in up to 16 stretches side by side, each behind the ``warmUp`` tokens before it. Of a network that
  /// ``seesItsTarget`` it is read in windows as in training, and the figure is a leak.
  public func score(_ corpus: TokenCorpus, threads: Int = 1) -> LossSum {
    let execution = ModelExecution(network, pool: WorkerPool(threads: threads))
    let packed = PackedParameters(parameters)
    guard !seesItsTarget else {
      let source = TextStretches(corpus: corpus, steps: configuration.steps)
      return Self.groups(of: source.count, size: 32).reduce(LossSum()) {
        $0 + execution.loss(of: source.batch(Array($1)), parameters: packed)
      }
    }
    let asked = corpus.count - 1
    guard asked > 0 else { return LossSum() }
    let rows = min(16, max(1, asked / Self.leastStretch))
    let bounds = (0...rows).map { asked * $0 / rows }
    var total = LossSum()
    var state = warmState(bounds.dropLast().map { max(0, $0 - Self.warmUp)..<$0 }, corpus, execution, packed)
    let longest = (0..<rows).map { bounds[$0 + 1] - bounds[$0] }.max() ?? 0
    for first in stride(from: 0, to: longest, by: Self.chunk) {
      let tokens = (0..<rows).map { row in
        let start = min(bounds[row] + first, bounds[row + 1])
        return corpus.ids(in: start..<min(start + Self.chunk, bounds[row + 1]) + 1)
      }
      let batch = LanguageModelBatch.make(tokens, vocabulary: vocabulary.count, from: state)
      total = total + execution.loss(of: batch, parameters: packed)
      state = execution.finalState
    }
    return total
  }

  /// The state behind some ranges of tokens.
  private func warmState(
    _ ranges: [Range<Int>], _ corpus: TokenCorpus, _ execution: ModelExecution<Float>,
    _ packed: PackedParameters<Float>
  ) -> LayerState<Float>? {
    if ranges.allSatisfy(\.isEmpty) { return nil }
    // The loss of the warm-up is not asked for; the last token of each is a target only.
    let tokens = ranges.map { corpus.ids(in: $0.lowerBound..<$0.upperBound + 1) }
    _ = execution.loss(
      of: LanguageModelBatch.make(tokens, vocabulary: vocabulary.count), parameters: packed)
    return execution.finalState
  }

  /// The same figure of a network that ``seesItsTarget``, if the future is hidden from it: at every step it is run on the
  /// window's tokens up to this one alone. Cost: T times that of ``score(_:threads:)``.
  public func scoreWithoutFuture(_ corpus: TokenCorpus, threads: Int = 1) -> LossSum {
    let execution = ModelExecution(network, pool: WorkerPool(threads: threads))
    let packed = PackedParameters(parameters)
    let steps = configuration.steps
    return stride(from: 0, to: corpus.count - 1, by: steps).reduce(LossSum()) { total, first in
      let tokens = corpus.ids(in: first..<min(first + steps, corpus.count - 1) + 1)
      let count = tokens.count - 1
      // Sequence b is the first b + 1 tokens, so the outputs at the last steps come in the order of the sequences.
      var symbols = [Int32](repeating: 0, count: count * count)
      for t in 0..<count { for b in t..<count { symbols[t * count + b] = tokens[t] } }
      let batch = SequenceModel<Float>.Batch(
        symbols: SymbolBatch(
          steps: count, batchSize: count, vocabulary: vocabulary.count, symbols: symbols,
          lengths: Array(1...count)),
        targets: .classes(tokens.dropFirst().map(Int.init)), positions: .last)
      return total + execution.loss(of: batch, parameters: packed)
    }
  }

  private static func groups(of count: Int, size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  /// Tokens that a stretch has at least, where there are several.
  private static let leastStretch = 2048
  /// Tokens read before a stretch, so that its first ones have a past.
  public static let warmUp = 256
  /// Steps taken at once.
  private static let chunk = 128
}
