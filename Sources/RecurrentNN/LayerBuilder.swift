public import RecurrentCore

extension LayerConfiguration {
  /// Builds the layer, adding its parameters to `layout` under `name`.
  ///
  /// Names: layers of a stack and branches of a parallel layer are numbered, `name.0`, `name.1`, …; a recurrent layer's
  /// slots are `name.forward.weightInput` and so on, `name.reverse.…` in the reverse direction.
  ///
  /// - Throws: ``ModelConfigurationError`` that names the layer, where sizes do not fit.
  public func makeLayer<Scalar: TensorScalar>(
    inputSize: Int, named name: String, in layout: inout ParameterLayout, of scalar: Scalar.Type = Scalar.self
  ) throws(ModelConfigurationError) -> any SequenceLayer<Scalar> {
    try makeLayer(inputSize: inputSize, named: name, in: &layout) { $0 }
  }

  /// Builds the layer with every cell replaced by `decorate` of it: for checks that look into cells.
  package func makeLayer<Scalar: TensorScalar>(
    inputSize: Int, named name: String, in layout: inout ParameterLayout,
    decorating decorate: @escaping CellDecorator<Scalar>
  ) throws(ModelConfigurationError) -> any SequenceLayer<Scalar> {
    var builder = LayerBuilder<Scalar>(layout: layout, decorate: decorate)
    let layer = try builder.make(self, inputSize: inputSize, name: name, isLast: true)
    layout = builder.layout
    return layer
  }
}

package typealias CellDecorator<Scalar: TensorScalar> =
  (any RecurrentCell<Scalar>) -> any RecurrentCell<Scalar>

private struct LayerBuilder<Scalar: TensorScalar> {
  var layout: ParameterLayout
  let decorate: CellDecorator<Scalar>
  var dropouts = 0

  mutating func make(
    _ configuration: LayerConfiguration, inputSize: Int, name: String, isLast: Bool
  ) throws(ModelConfigurationError) -> any SequenceLayer<Scalar> {
    switch configuration {
    case .recurrent(let cell, let direction):
      let noise = try noise(of: cell, layer: name)
      return makeRecurrent(
        try makeCell(cell, inputSize: inputSize, name: "\(name).\(direction.rawValue)", layer: name),
        direction, noise)
    case .bidirectional(let forward, let reverse, let merge):
      try check(merge, sizes: [forward.size, reverse.size], layer: name, isLast: isLast)
      let forwardNoise = try noise(of: forward, layer: name)
      let forwardCell = try makeCell(forward, inputSize: inputSize, name: "\(name).forward", layer: name)
      let reverseNoise = try noise(of: reverse, layer: name)
      let reverseCell = try makeCell(reverse, inputSize: inputSize, name: "\(name).reverse", layer: name)
      return makeBidirectional(forwardCell, forwardNoise, reverseCell, reverseNoise, merge)
    case .linear(let outputs, let bias, let initializer):
      guard outputs > 0 else { throw .size(layer: name, found: outputs) }
      try checkSize(outputs, inputSize, layer: name)
      return Linear(
        inputSize: inputSize, outputSize: outputs, bias: bias, initializer: initializer, named: name,
        in: &layout)
    case .dropout(let rate, let unit):
      guard rate >= 0 && rate < 1 else { throw .dropoutRate(layer: name, found: rate) }
      defer { dropouts += 1 }
      return Dropout(size: inputSize, rate: rate, stream: dropouts, unit: unit)
    case .stack(let layers):
      return try makeStack(layers, inputSize: inputSize, name: name, isLast: isLast)
    case .parallel(let branches, let merge):
      guard !branches.isEmpty else { throw .empty(layer: name) }
      var built: [any SequenceLayer<Scalar>] = []
      for (index, branch) in branches.enumerated() {
        built.append(try make(branch, inputSize: inputSize, name: "\(name).\(index)", isLast: isLast))
      }
      try check(merge, sizes: built.map(\.outputSize), layer: name, isLast: isLast)
      return Parallel(built, merge: merge)
    }
  }

  private mutating func makeStack(
    _ layers: [LayerConfiguration], inputSize: Int, name: String, isLast: Bool
  ) throws(ModelConfigurationError) -> any SequenceLayer<Scalar> {
    guard !layers.isEmpty else { throw .empty(layer: name) }
    var built: [any SequenceLayer<Scalar>] = []
    var size = inputSize
    for (index, layer) in layers.enumerated() {
      let made = try make(
        layer, inputSize: size, name: "\(name).\(index)", isLast: isLast && index == layers.count - 1)
      size = made.outputSize
      built.append(made)
    }
    return Stack(built)
  }

  /// The noise of the cell that is added next; `nil`: none.
  private func noise(
    of cell: CellConfiguration, layer: String
  ) throws(ModelConfigurationError) -> RecurrentNoise? {
    for rate in [cell.recurrentDropout, cell.zoneout, cell.zoneoutMemory] where !(rate >= 0 && rate < 1) {
      throw .dropoutRate(layer: layer, found: rate)
    }
    if cell.zoneoutMemory > 0 && !cell.kind.hasMemory { throw .noMemory(layer: layer) }
    if cell.recurrentDropout == 0 && cell.zoneout == 0 && cell.zoneoutMemory == 0 { return nil }
    // Where a cell's parameters begin is its own in the whole model, whoever builds which layers by themselves.
    return RecurrentNoise(
      dropout: cell.recurrentDropout, zoneout: cell.zoneout, zoneoutMemory: cell.zoneoutMemory,
      stream: layout.count)
  }

  private mutating func makeCell(
    _ cell: CellConfiguration, inputSize: Int, name: String, layer: String
  ) throws(ModelConfigurationError) -> any RecurrentCell<Scalar> {
    guard cell.size > 0 else { throw .size(layer: layer, found: cell.size) }
    if cell.kind == .layerNormLSTM && cell.size < ModelConfigurationError.leastNormalised {
      throw .normalisedSize(layer: layer, found: cell.size)
    }
    // Four gates are the most that a cell has.
    for inputs in [inputSize, cell.size] { try checkSize(cell.size, inputs, factor: 4, layer: layer) }
    switch cell.kind {
    case .simple(let activation):
      return decorate(
        SimpleRNNCell(
          inputSize: inputSize, hiddenSize: cell.size, activation: activation, bias: cell.bias,
          initialization: cell.initialization, named: name, in: &layout))
    case .gru(let form):
      return decorate(
        GRUCell(
          inputSize: inputSize, hiddenSize: cell.size, form: form, bias: cell.bias,
          initialization: cell.initialization, named: name, in: &layout))
    case .lstm:
      return decorate(
        LSTMCell(
          inputSize: inputSize, hiddenSize: cell.size, bias: cell.bias, initialization: cell.initialization,
          forgetBias: cell.forgetBias, named: name, in: &layout))
    case .layerNormLSTM:
      return decorate(
        LayerNormLSTMCell(
          inputSize: inputSize, hiddenSize: cell.size, bias: cell.bias, initialization: cell.initialization,
          forgetBias: cell.forgetBias, named: name, in: &layout))
    }
  }

  private func checkSize(
    _ rows: Int, _ columns: Int, factor: Int = 1, layer: String
  ) throws(ModelConfigurationError) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    if overflow || count > ModelConfigurationError.mostParameters / factor { throw .tooLarge(layer: layer) }
  }

  private func check(
    _ merge: Merge, sizes: [Int], layer: String, isLast: Bool
  ) throws(ModelConfigurationError) {
    switch merge {
    case .concatenate: break
    case .none: if !isLast { throw .unmergedBelowAnother(layer: layer) }
    case .sum, .mean, .product:
      if Set(sizes).count != 1 { throw .unequalBranches(layer: layer, merge: merge, sizes: sizes) }
    }
  }

  private func makeRecurrent<Cell: RecurrentCell<Scalar>>(
    _ cell: Cell, _ direction: Direction, _ noise: RecurrentNoise?
  ) -> any SequenceLayer<Scalar> {
    RecurrentLayer(cell, direction: direction, noise: noise)
  }

  private func makeBidirectional<Forward: RecurrentCell<Scalar>, Reverse: RecurrentCell<Scalar>>(
    _ forward: Forward, _ forwardNoise: RecurrentNoise?, _ reverse: Reverse, _ reverseNoise: RecurrentNoise?,
    _ merge: Merge
  ) -> any SequenceLayer<Scalar> {
    Bidirectional(
      forward: RecurrentLayer(forward, noise: forwardNoise),
      reverse: RecurrentLayer(reverse, direction: .reverse, noise: reverseNoise), merge: merge)
  }
}
