internal import Recurrent
internal import RecurrentNN

/// What a layer reads: the tokens themselves, or what the layer below gives.
enum EncoderInput {
  case symbols(SymbolBatch)
  case values(SequenceBatch<Float>)

  /// All steps of a layer.
  func run(_ model: InferenceModel<Float>) -> SequenceBatch<Float> {
    let runner = model.runner()
    var outputs: [Float] = []
    let steps: Int
    switch self {
    case .symbols(let batch):
      steps = batch.steps
      runner.run(batch, into: &outputs)
    case .values(let batch):
      steps = batch.steps
      runner.run(batch, into: &outputs)
    }
    return SequenceBatch(steps: steps, batchSize: 1, features: model.outputSize, values: outputs)
  }
}

/// One layer of a trained network, with its own weights alone, run so that the states of both of its directions can be seen: a
/// bidirectional layer that merges them is run unmerged, and merged afterwards.
struct EncoderLayer: Sendable {
  /// The names and shapes of its weights.
  let layout: ParameterLayout
  /// h of its directions, 0 where it has none; `nil`: the layer is not recurrent.
  let states: (forward: Int, reverse: Int)?
  /// Features for the layer above.
  let outputSize: Int
  private let inference: InferenceModel<Float>
  private let merge: Merge

  /// - Throws: ``TaskError/configuration(_:)`` where sizes do not fit.
  init(
    _ configuration: LayerConfiguration, inputSize: Int, name: String, of parameters: ParameterStore<Float>
  ) throws(TaskError) {
    var unmerged = configuration
    var merge = Merge.concatenate
    switch configuration {
    case .recurrent(let cell, let direction):
      states = direction == .forward ? (cell.size, 0) : (0, cell.size)
    case .bidirectional(let forward, let reverse, let own):
      unmerged = .bidirectional(forward: forward, reverse: reverse, merge: .concatenate)
      merge = own
      states = (forward.size, reverse.size)
    case .linear, .dropout, .stack, .parallel: states = nil
    }
    self.merge = merge
    var layout = ParameterLayout()
    do {
      let layer = try unmerged.makeLayer(
        inputSize: inputSize, named: name, in: &layout, of: Float.self)
      inference = InferenceModel(layer: layer, parameters: parameters.part(layout))
    } catch {
      throw .configuration(error)
    }
    self.layout = layout
    let isSplit = merge != .concatenate && merge != .none
    outputSize = isSplit ? inference.outputSize / 2 : inference.outputSize
  }

  /// What the layer above reads, and the states of the directions, all `[T, 1, ·]`.
  func run(_ input: EncoderInput) -> (
    output: SequenceBatch<Float>, forward: SequenceBatch<Float>?, reverse: SequenceBatch<Float>?
  ) {
    let whole = input.run(inference)
    guard let states else { return (whole, nil, nil) }
    if states.reverse == 0 { return (whole, whole, nil) }
    if states.forward == 0 { return (whole, nil, whole) }
    let forward = whole.columns(0..<states.forward)
    let reverse = whole.columns(states.forward..<states.forward + states.reverse)
    return (merged(whole, forward, reverse), forward, reverse)
  }

  /// In the order of ``Merge``'s own operations, so that the bits are those of the trained network.
  private func merged(
    _ whole: SequenceBatch<Float>, _ forward: SequenceBatch<Float>, _ reverse: SequenceBatch<Float>
  ) -> SequenceBatch<Float> {
    func combined(_ operation: (Float, Float) -> Float) -> SequenceBatch<Float> {
      var result = forward
      for index in result.values.indices {
        result.values[index] = operation(result.values[index], reverse.values[index])
      }
      return result
    }
    return switch merge {
    case .concatenate, .none: whole
    case .sum: combined { $0 + $1 }
    case .mean: combined { ($0 + $1) * 0.5 }
    case .product: combined { $0 * $1 }
    }
  }
}

extension ParameterStore<Float> {
  /// The same weights, by name, in the order of a part of their layout.
  ///
  /// - Precondition: all of the part's slots are there, of the same shapes.
  func part(_ part: ParameterLayout) -> ParameterStore<Float> {
    var store = ParameterStore<Float>(zeros: part)
    for slot in part.slots {
      guard let own = layout[slot.name], own.rows == slot.rows, own.columns == slot.columns else {
        preconditionFailure("'\(slot.name)' [\(slot.rows), \(slot.columns)] is not among the parameters")
      }
      store.values.replaceSubrange(slot.range, with: values[own.range])
    }
    return store
  }
}

extension SequenceBatch<Float> {
  /// Some features of a batch of one full sequence.
  fileprivate func columns(_ range: Range<Int>) -> SequenceBatch<Float> {
    SequenceBatch(
      steps: steps, batchSize: 1, features: range.count,
      values: (0..<steps).flatMap {
        values[$0 * features + range.lowerBound..<$0 * features + range.upperBound]
      })
  }

  /// Some steps of a batch of one full sequence, a row each.
  func rows(_ range: Range<Int>) -> Matrix<Float> {
    Matrix(
      rows: range.count, columns: features,
      elements: Array(values[range.lowerBound * features..<range.upperBound * features]))
  }
}
