internal import Recurrent

/// The network of a case with the parameters of its file.
struct CaseModel {
  let body: any SequenceLayer<Float>
  let head: (any SequenceLayer<Float>)?
  let layout: ParameterLayout
  let parameters: ParameterStore<Float>

  init(_ named: NamedCase) throws {
    var layout = ParameterLayout()
    body = try Self.body(named, in: &layout)
    let outputs = try named.size("head")
    head =
      outputs == 0
      ? nil
      : Linear<Float>(
        inputSize: body.outputSize, outputSize: outputs, bias: try named.holds("head_bias"), named: "head",
        in: &layout)
    self.layout = layout
    parameters = try Self.parameters(named, layout)
  }

  /// The model with outputs where the case has them.
  func sequenceModel(_ named: NamedCase) throws -> SequenceModel<Float> {
    SequenceModel(
      body: body, positions: try named.holds("last") ? .last : .all, head: head,
      loss: try named.text("loss") == "softmax" ? .softmaxCrossEntropy() : .meanSquaredError, layout: layout)
  }

  /// Recurrent layers "rnn.0", "rnn.1", …, on an embedding where there is one.
  private static func body(
    _ named: NamedCase, in layout: inout ParameterLayout
  ) throws -> any SequenceLayer<Float> {
    var layers: [any SequenceLayer<Float>] = []
    let symbols = try named.size("symbols")
    let embedding = try named.size("embedding")
    if embedding > 0 {
      layers.append(Embedding<Float>(vocabulary: symbols, size: embedding, named: "embedding", in: &layout))
    }
    let cell = CellConfiguration(
      try kind(named), size: try named.size("hidden"), bias: try named.holds("bias"))
    let layer: LayerConfiguration =
      try named.holds("bidirectional") ? .bidirectional(forward: cell, reverse: cell) : .recurrent(cell)
    for index in 0..<(try named.size("layers")) {
      let inputs = try layers.last?.outputSize ?? (symbols > 0 ? symbols : named.size("features"))
      layers.append(try layer.makeLayer(inputSize: inputs, named: "rnn.\(index)", in: &layout))
    }
    return layers.count == 1 ? layers[0] : Stack(layers)
  }

  private static func kind(_ named: NamedCase) throws -> CellConfiguration.Kind {
    switch try named.text("cell") {
    case "lstm": .lstm
    case "gru": .gru(.resetAfter)
    case "rnn": .simple(.tanh)
    case let other: throw CaseError("\(named.name): cell '\(other)', expected lstm, gru or rnn")
    }
  }

  /// PyTorch's parameters under this package's names. Its two biases are added: one is trained here.
  private static func parameters(
    _ named: NamedCase, _ layout: ParameterLayout
  ) throws -> ParameterStore<Float> {
    let given = try named.file.names.filter { $0.hasPrefix("param.") }.map { name in
      try NamedTensor(
        name: name, shape: named.file.entry(named: name).shape, values: named.file.floats(named: name))
    }
    let shape = try PyTorchNames.stackShape(of: given, prefix: "param.rnn")
    var values = try PyTorchNames.imported(given, stack: shape, prefix: "param.rnn", as: "rnn").value
    for (theirs, ours) in [
      ("emb.weight", "embedding.weight"), ("fc.weight", "head.weight"), ("fc.bias", "head.bias"),
    ] {
      for tensor in given where tensor.name == "param." + theirs {
        values.append(NamedTensor(name: ours, shape: tensor.shape, values: tensor.values))
      }
    }
    var store = ParameterStore<Float>(zeros: layout)
    let table = Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.values) })
    for slot in layout.slots {
      guard let found = table[slot.name], found.count == slot.count else {
        throw CaseError("\(named.name): no parameter '\(slot.name)' of \(slot.count) numbers")
      }
      store.values.replaceSubrange(slot.range, with: found)
    }
    guard table.count == layout.slots.count else {
      throw CaseError(
        "\(named.name): parameters \(table.keys.sorted()), expected \(layout.slots.map(\.name))")
    }
    return store
  }
}
