package import Recurrent
package import RecurrentReports

/// What a network is made of: parameters, operations, drawing, graph. Built from a configuration, so that a network can
/// be looked at before it is trained.
package struct NetworkDescription: Sendable {
  package let layout: ParameterLayout
  package let inputs: Int
  package let outputs: Int
  /// The recurrent layers from below.
  package let layers: [LayerConfiguration]
  /// Where the head reads.
  package let positions: LayerDrawing.Positions
  /// Name of what stands on top.
  package let headName: String
  /// What parameters start from where that is not their initializer, by slot.
  private var starts: [String: String] = [:]
  /// What stands between the input and the layers, from below: "embedding" and its size.
  private var below: [(kind: String, size: Int)] = []
  /// Of the names of weights that every step is multiplied by.
  private var stepPrefix = "recurrent."
  /// Of the names of weights that belong to neither a step nor an output, as those that read a word's characters.
  private var asidePrefix: String?

  /// Layers with a linear head at every step, or at the last one.
  ///
  /// - Throws: `ModelConfigurationError` where sizes do not fit.
  package init(
    layers: [LayerConfiguration], inputs: Int, outputs: Int, headBias: Bool = true, isLastOnly: Bool = false
  ) throws(ModelConfigurationError) {
    var layout = ParameterLayout()
    let body: any SequenceLayer<Float> = try LayerConfiguration.stack(layers).makeLayer(
      inputSize: inputs, named: "recurrent", in: &layout)
    let _: any SequenceLayer<Float> = try LayerConfiguration.linear(outputs: outputs, bias: headBias)
      .makeLayer(inputSize: body.outputSize, named: "head", in: &layout)
    self.init(
      layout: layout, inputs: inputs, outputs: outputs, layers: layers,
      positions: isLastOnly ? .last : .all, headName: "linear")
  }

  /// Of a trained forecaster.
  package init(_ model: ForecastModel) {
    let hasLine = model.network.linear != nil
    self.init(
      layout: model.network.layout, inputs: model.preparation.encoder.columnNames.count,
      outputs: model.preparation.plan.horizons.count, layers: model.configuration.layers, positions: .last,
      headName: hasLine ? "linear + linear path from the window" : "linear")
    if let linear = model.network.linear, let ridge = model.configuration.ridge {
      let words = "ridge regression, strength \(NumberFormat.shortest.text(ridge))"
      let rest = model.preparation.aheadSize > 0 ? "; zeros for what is known ahead" : ""
      starts[linear.weight.name] = words + rest
      if let bias = linear.bias { starts[bias.name] = words }
    }
  }

  /// Of another trained model.
  ///
  /// - Parameters:
  ///   - layers: the recurrent layers from below; none where they are no stack.
  ///   - below: what stands under them.
  ///   - stepPrefix: of the names of their weights.
  ///   - asidePrefix: of weights that belong to neither a step nor an output.
  init(
    layout: ParameterLayout, inputs: Int, outputs: Int, layers: [LayerConfiguration],
    positions: LayerDrawing.Positions, headName: String, below: [(kind: String, size: Int)],
    stepPrefix: String = "recurrent.", asidePrefix: String? = nil
  ) {
    self.init(
      layout: layout, inputs: inputs, outputs: outputs, layers: layers, positions: positions,
      headName: headName)
    (self.below, self.stepPrefix, self.asidePrefix) = (below, stepPrefix, asidePrefix)
  }

  private init(
    layout: ParameterLayout, inputs: Int, outputs: Int, layers: [LayerConfiguration],
    positions: LayerDrawing.Positions, headName: String
  ) {
    self.layout = layout
    self.inputs = inputs
    self.outputs = outputs
    self.layers = layers
    self.positions = positions
    self.headName = headName
  }

  /// What a slot's parameters are before the first update.
  package func start(of slot: ParameterSlot) -> String { starts[slot.name] ?? slot.initializer.words }

  /// Slots by name, with shapes as stored, [outputs, inputs].
  package var parameterTable: ReportTable {
    var table = ReportTable([.text("parameter"), .text("shape"), .number("count"), .text("initialised")])
    for slot in layout.slots {
      table.append([
        slot.name, "[\(slot.rows), \(slot.columns)]", NumberFormat.fixed(0).grouped.text(count: slot.count),
        start(of: slot),
      ])
    }
    table.append(
      ["total", "", NumberFormat.fixed(0).grouped.text(count: layout.count), ""], emphasized: true)
    return table
  }

  /// 2 for each weight that a time step of one sequence is multiplied by: products alone, as benchmarks count them.
  package var operationsPerStep: Int {
    2 * multiplied.filter { $0.name.hasPrefix(stepPrefix) }.reduce(0) { $0 + $1.count }
  }

  /// The same of what stands on the layers, once for each output.
  package var operationsPerOutput: Int {
    2 * multiplied.filter { !$0.name.hasPrefix(stepPrefix) }.reduce(0) { $0 + $1.count }
  }

  /// Weights: neither biases nor tables whose rows are read as they stand.
  private var multiplied: [ParameterSlot] {
    layout.slots.filter { slot in
      !slot.blocks.isEmpty && !(asidePrefix.map(slot.name.hasPrefix) ?? false)
    }
  }

  package func drawing(_ view: LayerDrawing.View) -> LayerDrawing {
    var rows: [LayerDrawing.Row] = [.init("input", .input(size: inputs))]
    for part in below { rows.append(.init(part.kind, .pointwise(kind: part.kind, size: part.size))) }
    for (index, layer) in layers.enumerated() { rows.append(Self.row(layer, index: index)) }
    rows.append(.init("head", .pointwise(kind: headName, size: outputs), positions: positions))
    return LayerDrawing(title: "Network", rows: rows, view: view)
  }

  private static func row(_ layer: LayerConfiguration, index: Int) -> LayerDrawing.Row {
    func chain(_ direction: LayerDrawing.Direction, _ cell: CellConfiguration) -> LayerDrawing.Chain {
      .init(direction, kind: cell.kind.words, size: cell.size)
    }
    let name = "layer \(index)"
    switch layer {
    case .recurrent(let cell, let direction):
      return .init(
        name,
        .recurrent([chain(direction == .forward ? .forward : .reverse, cell)], merge: nil, size: cell.size))
    case .bidirectional(let forward, let reverse, let merge):
      let size = merge == .concatenate || merge == .none ? forward.size + reverse.size : forward.size
      return .init(
        name,
        .recurrent(
          [chain(.forward, forward), chain(.reverse, reverse)], merge: merge.rawValue, size: size))
    case .dropout(let rate, _): return .init(name, .pointwise(kind: "dropout \(rate)", size: 0))
    case .linear(let outputs, _, _): return .init(name, .pointwise(kind: "linear", size: outputs))
    case .stack, .parallel: return .init(name, .pointwise(kind: "layers", size: 0))
    }
  }
}

extension NetworkDescription {
  /// What a drawing has no room for: the noise of each cell, and what dropout zeroes together.
  package var noise: [(String, String)] {
    layers.enumerated().flatMap { index, layer -> [(String, String)] in
      switch layer {
      case .recurrent(let cell, _): return [("layer \(index)", cell.noiseWords)]
      case .bidirectional(let forward, let reverse, _):
        return [
          ("layer \(index), forward", forward.noiseWords), ("layer \(index), reverse", reverse.noiseWords),
        ]
      case .dropout(_, let unit):
        return [("layer \(index)", unit == .element ? "" : "zeroes whole \(unit.rawValue)s")]
      case .linear, .stack, .parallel: return []
      }
    }.filter { !$0.1.isEmpty }
  }
}

extension CellConfiguration {
  /// "recurrent dropout 0.2, zoneout 0.1"; empty: none.
  fileprivate var noiseWords: String {
    [
      ("recurrent dropout", recurrentDropout), ("zoneout", zoneout), ("zoneout of the memory", zoneoutMemory),
    ]
    .filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
}

extension CellConfiguration.Kind {
  /// "GRU, reset after".
  package var words: String {
    switch self {
    case .simple(let activation): "RNN \(activation.rawValue)"
    case .gru(.resetAfter): "GRU, reset after"
    case .gru(.resetBefore): "GRU, reset before"
    case .lstm: "LSTM"
    case .layerNormLSTM: "LSTM, layer norm"
    }
  }
}

extension Initializer {
  var words: String {
    switch self {
    case .zeros: "zeros"
    case .constant(let value): "\(NumberFormat.significant(3).text(value))"
    case .uniform(let bound): "uniform ±\(NumberFormat.significant(3).text(bound))"
    case .glorotUniform: "Glorot uniform"
    case .orthogonal: "orthogonal"
    case .normal(let deviation): "normal, sd \(NumberFormat.significant(3).text(deviation))"
    case .gates(let parts):
      Set(parts).count == 1 ? "\(parts[0].words), each gate" : parts.map(\.words).joined(separator: " | ")
    }
  }
}
