internal import RecurrentCore

/// Pooling at work. Each sequence is pooled by the thread that has it.
final class PoolingExecution<Scalar: TensorScalar>: LayerExecution<Scalar> {
  private let layer: Pooling<Scalar>
  private let y = Scratch<Scalar>()
  private let dx = Scratch<Scalar>()
  /// Of `.maximum`, the step that each feature of a sequence was taken from, `[B, F]`.
  private let places = Scratch<Int32>()
  /// Whether the way forward was another's, as by values: then the maxima are looked for again.
  private let isOnlyBack: Bool

  init(_ layer: Pooling<Scalar>, isOnlyBack: Bool = false) {
    self.layer = layer
    self.isOnlyBack = isOnlyBack
    super.init(inputSize: layer.inputSize, outputSize: layer.inputSize, work: LayerWork())
  }

  override var output: UnsafePointer<Scalar> { UnsafePointer(y.base) }
  override var inputGradient: UnsafePointer<Scalar> { UnsafePointer(dx.base) }

  override func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    precondition(input.symbols == nil, "pooling of symbols: put it behind an embedding")
    super.connect(plan, input)
    y.reserve(plan.steps * plan.batchSize * inputSize)
    places.reserve(plan.batchSize * inputSize)
  }

  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    for b in plan.sequences(of: thread) where plan.lengths[b] > 0 { pool(b) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func pool(_ b: Int) {
    let (length, size) = (plan.lengths[b], inputSize)
    for t in 0..<length - 1 { row(y, t, b).update(repeating: 0, count: size) }
    let target = row(y, length - 1, b)
    switch layer.kind {
    case .mean:
      target.update(repeating: 0, count: size)
      for t in 0..<length {
        let x = input.values + (t * plan.batchSize + b) * size
        for f in 0..<size { target[f] += x[f] }
      }
      let count = Scalar(length)
      for f in 0..<size { target[f] /= count }
    case .maximum:
      findMaxima(b)
      for f in 0..<size {
        target[f] = input.values[(Int(places.base[b * size + f]) * plan.batchSize + b) * size + f]
      }
    case .ends(let forward):
      let (last, first) = (input.values + ((length - 1) * plan.batchSize + b) * size, input.values + b * size)
      for f in 0..<size { target[f] = f < forward ? last[f] : first[f] }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func findMaxima(_ b: Int) {
    let size = inputSize
    for f in 0..<size {
      var best = 0
      for t in 1..<max(plan.lengths[b], 1)
      where input.values[(t * plan.batchSize + b) * size + f]
        > input.values[(best * plan.batchSize + b) * size + f]
      {
        best = t
      }
      places.base[b * size + f] = Int32(best)
    }
  }

  private func row(_ room: Scratch<Scalar>, _ t: Int, _ b: Int) -> UnsafeMutablePointer<Scalar> {
    room.base + (t * plan.batchSize + b) * inputSize
  }

  override func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    super.connectBack(outputGradient, needsInputGradient: needsInputGradient)
    if needsInputGradient { dx.reserve(plan.steps * plan.batchSize * inputSize) }
  }

  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    guard needsInputGradient else { return }
    for b in plan.sequences(of: thread) where plan.lengths[b] > 0 { scatter(b) }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func scatter(_ b: Int) {
    let (length, size) = (plan.lengths[b], inputSize)
    let dy = outputGradient + ((length - 1) * plan.batchSize + b) * size
    if layer.kind == .mean {
      let count = Scalar(length)
      for t in 0..<length {
        let target = row(dx, t, b)
        for f in 0..<size { target[f] = dy[f] / count }
      }
      return
    }
    for t in 0..<length { row(dx, t, b).update(repeating: 0, count: size) }
    if layer.kind == .maximum && isOnlyBack { findMaxima(b) }
    for f in 0..<size {
      let step =
        switch layer.kind {
        case .ends(let forward): f < forward ? length - 1 : 0
        default: Int(places.base[b * size + f])
        }
      row(dx, step, b)[f] = dy[f]
    }
  }
}

extension Pooling: ExecutableLayer {
  func makeExecution() -> LayerExecution<Scalar> { PoolingExecution(self) }
}
