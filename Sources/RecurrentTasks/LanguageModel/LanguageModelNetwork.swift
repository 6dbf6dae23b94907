internal import Recurrent

/// Builds the network of a language model: for every token, a distribution of the next one.
///
///     tokens [T, B] → E, or one-hot → recurrent layers → y Vᵀ + c → softmax over the vocabulary
///
/// Tied weights are V = E, behind a projection where the top layer has another size.
enum LanguageModelNetwork {
  /// - Throws: `ModelConfigurationError` where sizes do not fit.
  static func make(
    _ configuration: LanguageModelConfiguration, vocabulary: Int
  ) throws(ModelConfigurationError) -> SequenceModel<Float> {
    var layout = ParameterLayout()
    var layers: [any SequenceLayer<Float>] = []
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
    var size = vocabulary
    var table: ParameterSlot?
    if let width = configuration.embeddingSize {
      guard width > 0 else { throw .size(layer: "embedding", found: width) }
      let bound = ModelConfigurationError.mostParameters / max(vocabulary, 1)
      guard width <= bound else { throw .tooLarge(layer: "embedding") }
      let embedding = Embedding<Float>(
        vocabulary: vocabulary, size: width, initializer: .uniform(bound: 0.1),
        isShared: configuration.tiesWeights, named: "embedding", in: &layout)
      layers.append(embedding)
      (size, table) = (width, embedding.weight)
      if let rate = configuration.wordDropout, rate > 0 {
        layers.append(Dropout(size: size, rate: rate, stream: 1 << 9, unit: .step))
      }
      addDropout(size)
    }
    let recurrent = try LayerConfiguration.stack(configuration.layers).makeLayer(
      inputSize: size, named: "recurrent", in: &layout, of: Float.self)
    layers.append(recurrent)
    size = recurrent.outputSize
    addDropout(size)
    let output: Linear<Float>
    if configuration.tiesWeights, let table {
      if size != table.columns {
        layers.append(
          Linear<Float>(
            inputSize: size, outputSize: table.columns, bias: false, named: "projection", in: &layout))
      }
      output = Linear(sharing: table, named: "output", in: &layout)
    } else {
      output = Linear(inputSize: size, outputSize: vocabulary, named: "output", in: &layout)
    }
    return SequenceModel(
      body: Stack(layers), positions: .all, head: output, loss: .softmaxCrossEntropy(), layout: layout)
  }
}
