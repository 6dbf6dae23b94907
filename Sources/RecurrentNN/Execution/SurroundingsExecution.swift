internal import RecurrentCore

/// The neighbours of each step at work. A sequence's steps lie with one thread.
final class SurroundingsExecution<Scalar: TensorScalar>: LayerExecution<Scalar> {
  private let layer: Surroundings<Scalar>
  private let y = Scratch<Scalar>()
  private let dx = Scratch<Scalar>()

  init(_ layer: Surroundings<Scalar>) {
    self.layer = layer
    super.init(inputSize: layer.inputSize, outputSize: layer.inputSize, work: LayerWork())
  }

  override var output: UnsafePointer<Scalar> { UnsafePointer(y.base) }
  override var inputGradient: UnsafePointer<Scalar> { UnsafePointer(dx.base) }

  override func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    precondition(input.symbols == nil, "surroundings of symbols: put recurrent layers below")
    super.connect(plan, input)
    y.reserve(plan.steps * plan.batchSize * inputSize)
  }

  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    for b in plan.sequences(of: thread) { shift(b, from: input.values, to: y.base, by: 1) }
  }

  override func connectBack(_ outputGradient: UnsafePointer<Scalar>, needsInputGradient: Bool) {
    super.connectBack(outputGradient, needsInputGradient: needsInputGradient)
    if needsInputGradient { dx.reserve(plan.steps * plan.batchSize * inputSize) }
  }

  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    guard needsInputGradient else { return }
    for b in plan.sequences(of: thread) { shift(b, from: outputGradient, to: dx.base, by: -1) }
  }

  /// The forward features from `steps` before, the others from as many behind.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func shift(
    _ b: Int, from source: UnsafePointer<Scalar>, to target: UnsafeMutablePointer<Scalar>, by steps: Int
  ) {
    let (size, length, batchSize) = (inputSize, plan.lengths[b], plan.batchSize)
    let parts = [(0, layer.forward, -steps), (layer.forward, size - layer.forward, steps)]
    for t in 0..<length {
      let row = target + (t * batchSize + b) * size
      for (first, count, offset) in parts {
        if 0..<length ~= t + offset {
          (row + first).update(
            from: source + ((t + offset) * batchSize + b) * size + first, count: count)
        } else {
          (row + first).update(repeating: 0, count: count)
        }
      }
    }
  }
}

extension Surroundings: ExecutableLayer {
  func makeExecution() -> LayerExecution<Scalar> { SurroundingsExecution(self) }
}
