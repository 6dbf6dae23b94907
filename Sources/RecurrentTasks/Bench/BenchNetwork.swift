public import Recurrent

/// The layers of a case: an embedding where there is one, recurrent layers `rnn.0`, `rnn.1`, …, and a head.
public struct BenchNetwork: Sendable {
  /// The case that it is of.
  public let benchCase: BenchCase
  /// All but the head.
  public let body: any SequenceLayer<Float>
  /// `nil` where the body's outputs are the outputs.
  public let head: (any SequenceLayer<Float>)?
  /// Slots `embedding.weight`, `rnn.0.forward.weightInput` …, `head.weight`, `head.bias`.
  public let layout: ParameterLayout

  /// Builds the layers; their parameters are made apart from them.
  public init(_ benchCase: BenchCase) {
    var layout = ParameterLayout()
    var layers: [any SequenceLayer<Float>] = []
    var width: Int
    switch benchCase.input {
    case .vectors(let features): width = features
    case .symbols(let vocabulary): width = vocabulary
    case .embedded(let vocabulary, let features):
      layers.append(Embedding(vocabulary: vocabulary, size: features, named: "embedding", in: &layout))
      width = features
    }
    for (index, layer) in benchCase.layers.enumerated() {
      layers.append(Self.make(layer, inputSize: width, named: "rnn.\(index)", in: &layout))
      width = layers[layers.count - 1].outputSize
    }
    self.benchCase = benchCase
    body = layers.count == 1 ? layers[0] : Stack(layers)
    head = benchCase.outputs.map {
      Self.make(.linear(outputs: $0, bias: benchCase.headBias), inputSize: width, named: "head", in: &layout)
    }
    self.layout = layout
  }

  /// With outputs where the case has them.
  public var model: SequenceModel<Float> {
    SequenceModel(
      body: body, positions: benchCase.positions, head: head,
      loss: benchCase.training?.loss ?? .meanSquaredError, layout: layout)
  }

  private static func make(
    _ layer: LayerConfiguration, inputSize: Int, named name: String, in layout: inout ParameterLayout
  ) -> any SequenceLayer<Float> {
    do {
      return try layer.makeLayer(inputSize: inputSize, named: name, in: &layout)
    } catch {
      preconditionFailure("a named case's own network: \(error)")
    }
  }
}

// MARK: - Operations

extension BenchNetwork {
  /// Nominal floating-point operations of one call: matrix products alone, two for a multiply-add.
  ///
  ///     forward  = 2 · tokens · (weights of the recurrent layers)  +  2 · outputs · (weights of the head)
  ///     training = 3 · forward − 2 · tokens · (weights that read data)
  ///
  /// A training step makes the outputs, the gradients of the weights and the gradients of what they read; nobody asks for
  /// the gradient of data. One-hot vectors count as the dense product, embeddings as nothing.
  ///
  /// - Parameter tokens: steps of input that exist, of all sequences; of a stream, 1.
  public func operations(tokens: Int) -> Int {
    let weights = layout.slots.filter { !$0.blocks.isEmpty }
    func count(_ isCounted: (ParameterSlot) -> Bool) -> Int {
      weights.filter(isCounted).reduce(0) { $0 + $1.count }
    }
    let rows = benchCase.positions == .last ? benchCase.batch : tokens
    let forward =
      2 * tokens * count { $0.name.hasPrefix("rnn.") } + 2 * rows * count { $0.name.hasPrefix("head.") }
    guard benchCase.training != nil else { return forward }
    if case .embedded = benchCase.input { return 3 * forward }
    return 3 * forward
      - 2 * tokens * count { $0.name.hasPrefix("rnn.0.") && $0.name.hasSuffix(".weightInput") }
  }
}
