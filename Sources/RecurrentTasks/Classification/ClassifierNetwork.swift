internal import Recurrent

/// Builds the network of a classifier: from a sequence to the logits of the classes.
///
///     tokens [T, B] → E, or one-hot; or vectors [T, B, F] → recurrent layers → one vector → y Vᵀ + c → softmax
///
/// The one vector is that of the ends, the mean or the maximum: never the last output of a reverse direction, which has read
/// one step there.
enum ClassifierNetwork {
  /// - Parameters:
  ///   - inputSize: tokens of the vocabulary, or channels.
  ///   - readsTokens: whether the configuration's embedding applies.
  ///   - counts: examples to learn from of each class.
  /// - Throws: ``TaskError/configuration(_:)`` where sizes do not fit, ``TaskError/text(_:)`` where there are no ends.
  static func make(
    _ configuration: ClassifierConfiguration, inputSize: Int, readsTokens: Bool, counts: [Int]
  ) throws(TaskError) -> SequenceModel<Float> {
    let summary = try summary(configuration)
    return try taskErrors(ModelConfigurationError.self) { () throws(ModelConfigurationError) in
      try make(
        configuration, inputSize: inputSize, readsTokens: readsTokens, counts: counts, summary: summary)
    }
  }

  private static func make(
    _ configuration: ClassifierConfiguration, inputSize: Int, readsTokens: Bool, counts: [Int], summary: Ends
  ) throws(ModelConfigurationError) -> SequenceModel<Float> {
    var layout = ParameterLayout()
    var layers: [any SequenceLayer<Float>] = []
    // Far from the numbers that the layers' own dropout has.
    let (wordStream, inputStream, outputStream) = (1 << 8, 1 << 8 + 1, 1 << 8 + 2)
    var size = inputSize
    if readsTokens, let width = configuration.embeddingSize {
      guard width > 0 else { throw .size(layer: "embedding", found: width) }
      guard width <= ModelConfigurationError.mostParameters / max(size, 1) else {
        throw .tooLarge(layer: "embedding")
      }
      layers.append(
        Embedding<Float>(
          vocabulary: size, size: width, initializer: .normal(standardDeviation: 0.3), named: "embedding",
          in: &layout))
      size = width
      if configuration.wordDropout > 0 {
        layers.append(
          Dropout(size: size, rate: configuration.wordDropout, stream: wordStream, unit: .step))
      }
      if configuration.dropout > 0 {
        layers.append(
          Dropout(
            size: size, rate: configuration.dropout, stream: inputStream,
            unit: configuration.dropoutUnit ?? .element))
      }
    }
    let recurrent = try LayerConfiguration.stack(configuration.layers).makeLayer(
      inputSize: size, named: "recurrent", in: &layout, of: Float.self)
    layers.append(recurrent)
    size = recurrent.outputSize
    switch summary {
    case .lastStep: break
    case .pooling(let kind): layers.append(Pooling(kind, size: size))
    }
    var head: [any SequenceLayer<Float>] = []
    if configuration.dropout > 0 {
      head.append(
        Dropout(
          size: size, rate: configuration.dropout, stream: outputStream,
          unit: configuration.dropoutUnit ?? .element))
    }
    head.append(Linear<Float>(inputSize: size, outputSize: counts.count, named: "output", in: &layout))
    let balance = configuration.classBalance
    let loss = Loss.softmaxCrossEntropy(
      labelSmoothing: configuration.labelSmoothing,
      classWeights: balance > 0 ? Loss.balancedWeights(counts: counts, exponent: balance) : nil)
    return SequenceModel(
      body: Stack(layers), positions: .last, head: Stack(head), loss: loss, layout: layout)
  }

  /// Where a sequence's one vector is found.
  enum Ends: Equatable {
    case lastStep
    case pooling(Pooling<Float>.Kind)
  }

  /// - Throws: where directions were merged, so that no end is that of one of them alone.
  static func summary(_ configuration: ClassifierConfiguration) throws(TaskError) -> Ends {
    switch configuration.pooling {
    case .mean: return .pooling(.mean)
    case .maximum: return .pooling(.maximum)
    case .ends:
      switch configuration.layers.last {
      case .recurrent(_, .forward): return .lastStep
      case .recurrent(_, .reverse): return .pooling(.ends(forward: 0))
      case .bidirectional(let forward, _, .concatenate): return .pooling(.ends(forward: forward.size))
      default: throw .text(.noEnds)
      }
    }
  }
}
