package import Recurrent

/// Builds the network that fills gaps: at every token, a distribution of what stands there, from its surroundings alone.
///
///     begin x₁ … x_T end → E → (forward layers → f | reverse layers → r) → (f_{t−1}, r_{t+1}) V ᵀ + c → softmax
///
/// The directions never mix below the step, so no path leads from a token to its own output, however many layers there are.
package enum FillNetwork {
  static let embeddingName = "embedding"
  static let directionsName = "directions"

  /// - Parameter vocabulary: tokens that may be asked for; the network reads three marks besides.
  /// - Throws: `ModelConfigurationError` where sizes do not fit.
  package static func make(
    _ configuration: FillConfiguration, vocabulary: Int
  ) throws(ModelConfigurationError) -> SequenceModel<Float> {
    var layout = ParameterLayout()
    let symbols = FillSymbols(tokens: vocabulary)
    let width = configuration.embeddingSize
    guard width > 0 else { throw .size(layer: embeddingName, found: width) }
    guard width <= ModelConfigurationError.mostParameters / symbols.count else {
      throw .tooLarge(layer: embeddingName)
    }
    var layers: [any SequenceLayer<Float>] = [
      Embedding<Float>(
        vocabulary: symbols.count, size: width, initializer: .uniform(bound: 0.1), named: embeddingName,
        in: &layout)
    ]
    // Far from the numbers that the layers' own dropout has.
    var stream = 1 << 8
    func addDropout(_ size: Int) {
      guard configuration.dropout > 0 else { return }
      layers.append(
        Dropout(
          size: size, rate: configuration.dropout, stream: stream, unit: configuration.dropoutUnit ?? .element
        ))
      stream += 1
    }
    addDropout(width)
    let branches = [configuration.forwardLayers, configuration.reverseLayers].filter { !$0.isEmpty }
    guard !branches.isEmpty else { throw .empty(layer: directionsName) }
    // Built as one, so that no two layers of dropout draw the same masks.
    let directions = try LayerConfiguration.parallel(branches.map { .stack($0) }, merge: .concatenate)
      .makeLayer(inputSize: width, named: directionsName, in: &layout, of: Float.self)
    layers.append(directions)
    layers.append(
      Surroundings(
        forward: configuration.forwardLayers.isEmpty
          ? 0 : outputSize(of: configuration.forwardLayers, inputSize: width),
        size: directions.outputSize))
    addDropout(directions.outputSize)
    let output = Linear<Float>(
      inputSize: directions.outputSize, outputSize: vocabulary, named: "output", in: &layout)
    return SequenceModel(
      body: Stack(layers), positions: .all, head: output, loss: .softmaxCrossEntropy(), layout: layout)
  }

  static func outputSize(of layers: [LayerConfiguration], inputSize: Int) -> Int {
    layers.reduce(inputSize) { size, layer in
      switch layer {
      case .recurrent(let cell, _): cell.size
      case .linear(let outputs, _, _): outputs
      case .dropout, .bidirectional, .stack, .parallel: size
      }
    }
  }

  /// Whether each branch is made of layers of its own direction alone: a layer of the other would let a token see itself.
  static func keepsDirections(_ configuration: FillConfiguration) -> Bool {
    func fits(_ layer: LayerConfiguration, _ own: Direction) -> Bool {
      switch layer {
      case .recurrent(_, let direction): direction == own
      case .linear, .dropout: true
      case .bidirectional, .stack, .parallel: false
      }
    }
    return configuration.forwardLayers.allSatisfy { fits($0, .forward) }
      && configuration.reverseLayers.allSatisfy { fits($0, .reverse) }
  }
}
