internal import RecurrentCore

/// Dropout at work. The mask is drawn once a batch, on the way forward.
final class DropoutExecution<Scalar: TensorScalar>: LayerExecution<Scalar> {
  private let layer: Dropout<Scalar>
  private let mask = Scratch<Scalar>()
  private let y = Scratch<Scalar>()
  private let dx = Scratch<Scalar>()

  init(_ layer: Dropout<Scalar>) {
    self.layer = layer
    super.init(inputSize: layer.inputSize, outputSize: layer.inputSize, work: LayerWork(), drawsMasks: true)
  }

  override var output: UnsafePointer<Scalar> { UnsafePointer(y.base) }
  override var inputGradient: UnsafePointer<Scalar> { UnsafePointer(dx.base) }

  override func connect(_ plan: SequencePlan, _ input: SequenceView<Scalar>) {
    precondition(input.symbols == nil, "dropout of symbols: put it behind an embedding")
    super.connect(plan, input)
    let count = plan.steps * plan.batchSize * inputSize
    mask.reserve(count)
    y.reserve(count)
    dx.reserve(count)
  }

  override func forward(_ parameters: PackedParameters<Scalar>.Pointers, _ mode: RunMode, thread: Int) {
    layer.fillMask(
      mask.base, mode, sequences: plan.sequences(of: thread), batchSize: plan.batchSize,
      lengths: plan.lengths,
      identifiers: plan.identifiers)
    multiply(input.values, to: y.base, thread)
  }

  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    multiply(outputGradient, to: dx.base, thread)
  }

  private func multiply(
    _ source: UnsafePointer<Scalar>, to target: UnsafeMutablePointer<Scalar>, _ thread: Int
  ) {
    let size = inputSize
    plan.forEachRow(of: thread) { row in
      Scalar._hadamard(size, source + row * size, mask.base + row * size, target + row * size)
    }
  }
}

extension Dropout: ExecutableLayer {
  func makeExecution() -> LayerExecution<Scalar> { DropoutExecution(self) }
}
