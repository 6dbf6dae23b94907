internal import Recurrent

/// Builds the network of a model of music: for every frame, a logit for each note of the next one.
///
///     frames [T, B, 88], a frame late → dropout → recurrent layers → dropout → h Vᵀ + c = z [T, B, 88]
///     P(frame t | frames before t) = Πₙ σ(zₙ)^yₙ (1 − σ(zₙ))^(1 − yₙ)
///
/// Notes of one frame are independent given the past.
enum MusicNetwork {
  /// The keys of a piano.
  static let notes = PianoRoll.piano.count

  /// - Throws: `ModelConfigurationError` where sizes do not fit.
  static func make(_ configuration: MusicConfiguration) throws(ModelConfigurationError) -> SequenceModel<
    Float
  > {
    var layout = ParameterLayout()
    var layers: [any SequenceLayer<Float>] = []
    // Far from the numbers that the layers' own dropout has.
    let stream = 1 << 8
    if configuration.dropout > 0 {
      layers.append(
        Dropout(
          size: notes, rate: configuration.dropout, stream: stream,
          unit: configuration.dropoutUnit ?? .element))
    }
    let recurrent = try LayerConfiguration.stack(configuration.layers).makeLayer(
      inputSize: notes, named: "recurrent", in: &layout, of: Float.self)
    layers.append(recurrent)
    if configuration.dropout > 0 {
      layers.append(
        Dropout(
          size: recurrent.outputSize, rate: configuration.dropout, stream: stream + 1,
          unit: configuration.dropoutUnit ?? .element))
    }
    let output = Linear<Float>(
      inputSize: recurrent.outputSize, outputSize: notes, named: "output", in: &layout)
    return SequenceModel(
      body: Stack(layers), positions: .all, head: output, loss: .binaryCrossEntropy, layout: layout)
  }
}
