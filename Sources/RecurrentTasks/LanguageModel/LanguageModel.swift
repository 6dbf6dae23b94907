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
  /// One text is read in up to 16 stretches side by side, each behind the ``warmUp`` tokens before it; of several documents each
  /// is read from the state zero, and its first token is not asked for. For a network that ``seesItsTarget`` it is read in
  /// windows as in training, and the figure is a leak.
  public func score(_ corpus: TokenCorpus, threads: Int = 1) -> LossSum {
    let execution = ModelExecution(network, pool: WorkerPool(threads: threads))
    let packed = PackedParameters(parameters)
    guard !seesItsTarget else {
      let source = TextStretches(corpus: corpus, steps: configuration.steps)
      return Self.groups(of: source.count, size: 32).reduce(LossSum()) {
        $0 + execution.loss(of: source.batch(Array($1)), parameters: packed)
      }
    }
    let documents = corpus.documents
    if documents.count > 1 {
      // Neighbours in length share a batch, so that few rows wait for longer ones.
      let order = documents.indices.sorted { (documents[$0].count, $0) < (documents[$1].count, $1) }
      return Self.groups(of: order.count, size: Self.mostRows).reduce(LossSum()) { total, group in
        let rows = group.map { documents[order[$0]] }.map { $0.lowerBound..<$0.upperBound - 1 }
        return total + score(rows, of: corpus, from: nil, execution, packed)
      }
    }
    let asked = corpus.count - 1
    guard asked > 0 else { return LossSum() }
    let count = min(Self.mostRows, max(1, asked / Self.leastStretch))
    let bounds = (0...count).map { asked * $0 / count }
    let state = warmState(bounds.dropLast().map { max(0, $0 - Self.warmUp)..<$0 }, corpus, execution, packed)
    return score(
      (0..<count).map { bounds[$0]..<bounds[$0 + 1] }, of: corpus, from: state, execution, packed)
  }

  /// −Σ log p of the tokens behind each of the rows', which are read side by side.
  private func score(
    _ rows: [Range<Int>], of corpus: TokenCorpus, from state: LayerState<Float>?,
    _ execution: ModelExecution<Float>, _ packed: PackedParameters<Float>
  ) -> LossSum {
    var (total, state) = (LossSum(), state)
    for first in stride(from: 0, to: rows.map(\.count).max() ?? 0, by: Self.chunk) {
      let tokens = rows.map { row in
        let start = min(row.lowerBound + first, row.upperBound)
        return corpus.ids(in: start..<min(start + Self.chunk, row.upperBound) + 1)
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
    let pieces = DocumentPieces(corpus, steps: steps)
    return (0..<pieces.count).reduce(LossSum()) { total, piece in
      let tokens = pieces.ids(piece)
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

  /// Stretches, or documents, side by side.
  private static let mostRows = 16
  /// Tokens that a stretch has at least, where there are several.
  private static let leastStretch = 2048
  /// Tokens read before a stretch, so that its first ones have a past.
  public static let warmUp = 256
  /// Steps taken at once.
  private static let chunk = 128
}
