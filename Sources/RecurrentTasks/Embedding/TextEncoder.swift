public import Recurrent
internal import RecurrentNN

/// Reads sentences by a trained model's recurrent layers: T tokens become T × (h_f + h_r) hidden states at every level.
///
///     let encoder = try TextEncoder(model)
///     let vectors = try encoder.vectors(of: "She sat on the bank of the river.")
///     vectors.levels.last?.states
///
/// Every sentence is run alone, from states of zero, so its vectors are what they are whatever stands beside it.
public struct TextEncoder: Sendable {
  /// How a sentence becomes tokens.
  public let tokenizer: Tokenizer
  /// The tokens' numbers.
  public let vocabulary: Vocabulary
  /// Marks before and behind a sentence; `nil`: the model has none.
  private let marks: (begin: Int32, end: Int32)?
  /// What the first layer reads.
  private let inputSize: Int
  /// `[V, d]`: every token's static vector.
  private let table: Matrix<Float>
  private let embedding: InferenceModel<Float>?
  /// Layers that stand one upon another, each chain over the same input.
  private let chains: [[EncoderLayer]]

  /// h_f and h_r of the levels, from below; 0 where there is no such direction.
  public let sizes: [(forward: Int, reverse: Int)]
  /// d, numbers of a static vector.
  public var staticSize: Int { table.columns }

  /// Of a language model.
  ///
  /// - Throws: ``TaskError/encoder(_:)`` where no layer is recurrent.
  public init(_ model: LanguageModel) throws(TaskError) {
    let configuration = model.configuration
    try self.init(
      model.parameters, tokenizer: configuration.tokenizer, vocabulary: model.vocabulary, marks: nil,
      embeddingSize: configuration.embeddingSize, chains: [("recurrent", configuration.layers)])
  }

  /// Of a model that fills gaps: its states at a token have read the token, too.
  ///
  /// - Throws: ``TaskError/encoder(_:)`` where no layer is recurrent.
  public init(_ model: FillModel) throws(TaskError) {
    let configuration = model.configuration
    let branches = [configuration.forwardLayers, configuration.reverseLayers].filter { !$0.isEmpty }
    try self.init(
      model.parameters, tokenizer: configuration.tokenizer, vocabulary: model.vocabulary,
      marks: (model.symbols.begin, model.symbols.end), embeddingSize: configuration.embeddingSize,
      chains: branches.enumerated().map { ("\(FillNetwork.directionsName).\($0)", $1) })
  }

  private init(
    _ parameters: ParameterStore<Float>, tokenizer: Tokenizer, vocabulary: Vocabulary,
    marks: (begin: Int32, end: Int32)?, embeddingSize: Int?,
    chains configurations: [(name: String, layers: [LayerConfiguration])]
  ) throws(TaskError) {
    (self.tokenizer, self.vocabulary, self.marks) = (tokenizer, vocabulary, marks)
    inputSize = vocabulary.count + (marks == nil ? 0 : 3)
    var chains: [[EncoderLayer]] = []
    for (name, layers) in configurations {
      var size = embeddingSize ?? inputSize
      var chain: [EncoderLayer] = []
      for (number, layer) in layers.enumerated() {
        let made = try EncoderLayer(layer, inputSize: size, name: "\(name).\(number)", of: parameters)
        size = made.outputSize
        chain.append(made)
      }
      chains.append(chain)
    }
    self.chains = chains
    if let embeddingSize {
      var layout = ParameterLayout()
      let layer = Embedding<Float>(
        vocabulary: inputSize, size: embeddingSize, named: FillNetwork.embeddingName, in: &layout)
      let store = parameters.part(layout)
      embedding = InferenceModel(layer: layer, parameters: store)
      table = store[layer.weight]
    } else {
      embedding = nil
      table = Self.inputColumns(chains[0].first, parameters, size: inputSize)
    }
    sizes = Self.levels(chains.map { chain in chain.compactMap(\.states) })
    if sizes.isEmpty || staticSize == 0 { throw .encoder("no layer is recurrent, so there are no states") }
  }

  /// The weights by which the first layer reads each symbol, `[V, rows of all of them]`.
  private static func inputColumns(
    _ layer: EncoderLayer?, _ parameters: ParameterStore<Float>, size: Int
  ) -> Matrix<Float> {
    let slots = (layer?.layout.slots ?? []).filter { $0.columns == size && $0.name.hasSuffix("weightInput") }
    let weights = slots.compactMap { parameters.layout[$0.name] }.map { parameters[$0] }
    let columns = weights.reduce(0) { $0 + $1.rows }
    guard columns > 0 else { return Matrix(zeros: size, 0) }
    return Matrix(
      rows: size, columns: columns,
      elements: (0..<size).flatMap { symbol in
        weights.flatMap { weight in (0..<weight.rows).map { weight[$0, symbol] } }
      })
  }

  /// Sizes level by level. Chains of different height have their tops side by side.
  private static func levels(
    _ chains: [[(forward: Int, reverse: Int)]]
  ) -> [(forward: Int, reverse: Int)] {
    let height = chains.map(\.count).max() ?? 0
    return (0..<height).map { level in
      chains.reduce((forward: 0, reverse: 0)) { sum, chain in
        let own = level - (height - chain.count)
        return own < 0 ? sum : (sum.forward + chain[own].forward, sum.reverse + chain[own].reverse)
      }
    }
  }

  /// The vectors of one sentence; `nil` where it has no token.
  ///
  /// - Throws: `DataError` for a token that the vocabulary does not have, if none stands for unknown ones.
  public func vectors(of sentence: String) throws(DataError) -> SentenceVectors? {
    let tokens = tokenizer.tokens(of: sentence)
    if tokens.isEmpty { return nil }
    let ids = try vocabulary.encode(tokens)
    let symbols = (marks.map { [$0.begin] } ?? []) + ids + (marks.map { [$0.end] } ?? [])
    var input = EncoderInput.symbols(
      SymbolBatch(steps: symbols.count, batchSize: 1, vocabulary: inputSize, symbols: symbols))
    if let embedding { input = .values(input.run(embedding)) }
    let own = marks == nil ? 0..<ids.count : 1..<ids.count + 1
    var levels = sizes.map { _ in (forward: Matrix<Float>?.none, reverse: Matrix<Float>?.none) }
    for chain in chains {
      var level = levels.count - chain.count { $0.states != nil }
      var next = input
      for layer in chain {
        let made = layer.run(next)
        next = .values(made.output)
        if layer.states == nil { continue }
        levels[level].forward = made.forward?.rows(own) ?? levels[level].forward
        levels[level].reverse = made.reverse?.rows(own) ?? levels[level].reverse
        level += 1
      }
    }
    return SentenceVectors(
      tokens: tokens, ids: ids, staticVectors: table.gatheringRows(ids.map(Int.init)),
      levels: levels.map { .init(forward: $0.forward, reverse: $0.reverse) })
  }
}
