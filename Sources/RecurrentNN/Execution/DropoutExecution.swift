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

  override func elementsPerRow(needsInputGradient: Bool) -> Int { 3 * inputSize }

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
    drawMask(mode, thread)
    plan.forEachRow(
      of: thread, weights: inputSize, MaskWork(layer: self, source: input.values, target: y.base))
  }

  override func backpropagate(_ parameters: PackedParameters<Scalar>.Pointers, thread: Int) {
    plan.forEachRow(
      of: thread, weights: inputSize, MaskWork(layer: self, source: outputGradient, target: dx.base))
  }

  /// On all threads where one has all sequences, each for some of them. A number drawn is counted as this, which only
  /// decides from what size on threads are woken.
  private func drawMask(_ mode: RunMode, _ thread: Int) {
    let multiplications = 32
    if let pool = plan.idlePool, pool.sharers(of: plan.rowCount * inputSize * multiplications) > 1,
      pool.runTogether(DrawWork(layer: self, mode: mode))
    {
      return
    }
    drawMask(mode, sequences: plan.sequences(of: thread))
  }

  fileprivate func drawMask(_ mode: RunMode, sequences: Range<Int>) {
    layer.fillMask(
      mask.base, mode, sequences: sequences, batchSize: plan.batchSize, lengths: plan.lengths,
      identifiers: plan.identifiers, firstStep: plan.firstStep)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  fileprivate func multiply(
    _ source: UnsafePointer<Scalar>, to target: UnsafeMutablePointer<Scalar>, _ rows: SequencePlan.Rows
  ) {
    let size = inputSize
    rows.forEach { row in
      Scalar._hadamard(size, source + row * size, mask.base + row * size, target + row * size)
    }
  }
}

/// The mask of some sequences.
private struct DrawWork<Scalar: TensorScalar>: SharedWork {
  let layer: DropoutExecution<Scalar>
  let mode: RunMode

  func share(of worker: Int, among workers: Int) {
    layer.drawMask(mode, sequences: layer.plan.sequences(ofGroup: worker, among: workers))
  }
}

/// Rows times their masks.
private struct MaskWork<Scalar: TensorScalar>: RowWork {
  let layer: DropoutExecution<Scalar>
  let source: UnsafePointer<Scalar>
  let target: UnsafeMutablePointer<Scalar>

  func work(on rows: SequencePlan.Rows, worker: Int) { layer.multiply(source, to: target, rows) }
}

extension Dropout: ExecutableLayer {
  func makeExecution() -> LayerExecution<Scalar> { DropoutExecution(self) }
}
